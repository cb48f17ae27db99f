from django.db import migrations, models


def refuse(apps: object, schema_editor: object) -> None:
    raise RuntimeError("this migration never passes")


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunPython(refuse, migrations.RunPython.noop),
        migrations.CreateModel(
            "Note", [("id", models.BigAutoField(primary_key=True)), ("text", models.CharField(max_length=20))]
        ),
    ]
