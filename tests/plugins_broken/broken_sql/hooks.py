from django.db import connection

from core.contracts.markers import hookimpl
from core.contracts.pages import Panel


@hookimpl
def home_panels() -> list[Panel]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM no_such_table")
        return [Panel(title=name, template="ui/panels.html") for (name,) in cursor.fetchall()]
