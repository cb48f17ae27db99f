from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("actualites", "0005_shelves")]

    operations = [migrations.DeleteModel(name="DocumentEntry")]
