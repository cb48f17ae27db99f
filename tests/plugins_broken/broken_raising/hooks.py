from core.contracts.billing import BillableLine
from core.contracts.markers import hookimpl
from core.contracts.navigation import MenuItem
from core.contracts.pages import Panel


@hookimpl
def site_menu_items() -> list[MenuItem]:
    raise RuntimeError("no menu today")


@hookimpl
def home_panels() -> list[Panel]:
    raise RuntimeError("no panel today")


@hookimpl
def billable_lines() -> list[BillableLine]:
    raise RuntimeError("no line today")
