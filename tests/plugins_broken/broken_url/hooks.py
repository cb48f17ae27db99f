from core.contracts.markers import hookimpl
from core.contracts.navigation import MenuItem


@hookimpl
def site_menu_items() -> list[MenuItem]:
    return [MenuItem(label="Une entrée sans adresse", url="/adresse-cassee/")]
