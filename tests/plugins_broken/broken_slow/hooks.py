from time import sleep

from core.contracts.markers import hookimpl
from core.contracts.pages import Panel


@hookimpl
def home_panels() -> list[Panel]:
    sleep(0.6)
    return [Panel(title="Un panneau qui s’est fait attendre", template="ui/panels.html")]
