from core.contracts.markers import hookimpl
from core.contracts.navigation import MenuItem


@hookimpl
def site_menu_itmes() -> list[MenuItem]:
    return []
