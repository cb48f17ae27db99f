from core.contracts.markers import hookimpl
from core.contracts.pages import Panel
from plugins.broken_migration.models import Note


@hookimpl
def home_panels() -> list[Panel]:
    return [Panel(title=note.text, template="ui/panels.html") for note in Note.objects.all()]
