from typing import Any

from django.db import migrations


def leave_the_library(apps: Any, schema_editor: Any) -> None:
    """Undone when the plugin leaves: Wagtail's own library, to which 0002 goes back, holds nothing of the town's."""
    apps.get_model("actualites", "NewsPage").objects.update(picture=None)
    apps.get_model("actualites", "NewsDocument").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("actualites", "0006_no_entries")]

    # A migration of its own: PostgreSQL alters no table in the transaction that changed its rows.
    operations = [migrations.RunPython(migrations.RunPython.noop, leave_the_library)]
