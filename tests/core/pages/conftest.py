import pytest

from core.pages.models import ContentPage, HomePage
from core.pages.services import ensure_communication_rights, ensure_home


@pytest.fixture
def home(db: None) -> HomePage:
    home = ensure_home()
    ensure_communication_rights(home)
    return home


@pytest.fixture
def simple_page(home: HomePage) -> ContentPage:
    """A published page just below the home page."""
    page = ContentPage(title="Se déplacer", slug="se-deplacer", lead="À pied, à vélo, en bus.")
    home.add_child(instance=page)
    return page
