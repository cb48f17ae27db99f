"""The list of documents was written by hand; it becomes a shelf of the library, with what each one is for."""

from typing import Any

from django.db import migrations


def shelve(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("actualites", "DocumentEntry").objects.select_related("document")
    if entries:
        theme, _ = apps.get_model("pages", "DocumentTheme").objects.get_or_create(
            slug="documents", defaults={"name": "Documents de la commune"}
        )
        for entry in entries:
            document = entry.document
            document.theme, document.description = theme, entry.description
            document.save(update_fields=["theme", "description"])


class Migration(migrations.Migration):
    dependencies = [("actualites", "0004_agenda_and_menus"), ("pages", "0004_home_picture")]

    operations = [migrations.RunPython(shelve, migrations.RunPython.noop)]
