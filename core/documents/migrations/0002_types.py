from django.db import migrations

from core.documents import seeds


def fill(apps, schema_editor):
    seeds.fill(apps.get_model("documents", "DocumentType"))


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
