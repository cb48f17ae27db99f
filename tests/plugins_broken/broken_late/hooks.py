from collections.abc import Iterator

from core.contracts.billing import BillableLine
from core.contracts.markers import hookimpl
from core.contracts.pages import Panel


@hookimpl
def home_panels() -> Iterator[Panel]:
    yield Panel(title="Panneau promis trop tôt", template="ui/panels.html")
    raise RuntimeError("the second panel failed")


@hookimpl
def billable_lines() -> Iterator[BillableLine]:
    yield from ()
    raise RuntimeError("the next line failed")
