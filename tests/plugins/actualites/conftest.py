from collections.abc import Callable
from datetime import date, timedelta

import pytest

from core.pages.demo import scene
from core.pages.library import DocumentTheme, LibraryDocument
from core.pages.models import HomePage
from core.pages.services import ensure_communication_rights, ensure_home
from plugins.actualites.models import DocumentsPage, NewsIndexPage, NewsPage

TODAY = date(2026, 11, 23)

Publish = Callable[..., NewsPage]


@pytest.fixture
def home(db: None) -> HomePage:
    home = ensure_home()
    ensure_communication_rights(home)
    return home


@pytest.fixture
def news_index(home: HomePage) -> NewsIndexPage:
    page = NewsIndexPage(title="Actualités", slug="actualites", lead="Ce qui se passe ici.")
    home.add_child(instance=page)
    return page


@pytest.fixture
def documents_page(home: HomePage) -> DocumentsPage:
    page = DocumentsPage(title="Documents", slug="documents")
    home.add_child(instance=page)
    return page


@pytest.fixture
def theme(db: None) -> DocumentTheme:
    return DocumentTheme.objects.create(name="Menus de la cantine", slug="menus")


@pytest.fixture
def document(theme: DocumentTheme) -> LibraryDocument:
    """A document of the library that anybody may read."""
    return LibraryDocument.objects.create(
        title="Menus de décembre", file="documents/menus.pdf", file_size=45_000, theme=theme
    )


@pytest.fixture
def publish(news_index: NewsIndexPage) -> Publish:
    """`publish("Titre", days_ago=3, with_picture=True)`: an article that anybody may read."""

    def make(title: str, *, days_ago: int = 0, with_picture: bool = False, live: bool = True) -> NewsPage:
        page = NewsPage(
            title=title,
            lead=f"En bref : {title}.",
            date=TODAY - timedelta(days=days_ago),
            picture=scene("river") if with_picture else None,
            author_service="Service Enfance",
            body=[("text", "<p>Le corps de l’article.</p>")],
            live=live,
        )
        news_index.add_child(instance=page)
        return page

    return make
