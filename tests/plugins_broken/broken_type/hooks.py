from core.contracts.billing import BillableLine
from core.contracts.markers import hookimpl
from core.contracts.pages import Panel


@hookimpl
def home_panels() -> list[Panel]:
    return ["<p>no panel</p>"]  # type: ignore[list-item]


@hookimpl
def billable_lines() -> list[BillableLine]:
    return [{"amount": 240}]  # type: ignore[list-item]
