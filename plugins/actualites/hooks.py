"""What this plugin contributes."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.contracts.access import Grant
from core.contracts.backoffice import Screen
from core.contracts.demo import Demo
from core.contracts.family import FamilyContext
from core.contracts.markers import hookimpl
from core.contracts.navigation import MenuItem
from core.contracts.open_data import DataSet
from core.contracts.pages import Panel
from core.contracts.search import SearchResult

FIRST, MEALS, LAST = 20, 70, 80
"""News stand first on the home page; in a family's space, what is to be done stands before them."""


@hookimpl
def site_menu_items(request: HttpRequest) -> list[MenuItem]:
    from plugins.actualites import contributions
    from plugins.actualites.models import DocumentsPage, NewsIndexPage
    from plugins.actualites.selectors import index_urls

    urls = index_urls()
    entries = [
        MenuItem(
            label=_("Actualités"),
            description=_("Ce qui se passe dans la commune et dans les écoles."),
            url=urls.get(NewsIndexPage, ""),
            icon="newspaper",
            weight=10,
        ),
        MenuItem(
            label=_("Documents"),
            description=_("Règlements, menus et formulaires à télécharger."),
            url=urls.get(DocumentsPage, ""),
            icon="file-earmark-arrow-down",
            weight=20,
        ),
    ]
    return [*(entry for entry in entries if entry.url), *contributions.menu_items(request)]


def _panels(
    titles: tuple[str, str],
    template: str,
    keys: frozenset[str],
    urls: dict[type, str] | None,
    weight: int,
    news: int = 3,
) -> list[Panel]:
    """The latest news, then the four latest documents, each with the way to the rest (`urls`, or read from them)."""
    from core.pages.selectors import download
    from plugins.actualites.models import DocumentsPage, NewsIndexPage
    from plugins.actualites.selectors import index_urls_of
    from plugins.actualites.selectors_documents import latest_documents
    from plugins.actualites.selectors_news import latest_news

    latest, documents = list(latest_news(keys)[:news]), list(latest_documents(keys)[:4])
    urls = index_urls_of(latest, documents) if urls is None else urls
    return [
        Panel(
            title=titles[0],
            template=template,
            context={"news": latest},
            more_label=_("Toutes les actualités"),
            more_url=urls.get(NewsIndexPage, ""),
            weight=weight,
        ),
        Panel(
            title=titles[1],
            template="actualites/panels/documents.html",
            context={"files": [download(document) for document in documents]},
            more_label=_("Tous les documents"),
            more_url=urls.get(DocumentsPage, ""),
            weight=weight + 10,
        ),
    ]


@hookimpl
def home_panels(request: HttpRequest) -> list[Panel]:
    from core.kernel.settings import values
    from core.pages.audiences import audiences
    from plugins.actualites import contributions
    from plugins.actualites.selectors import index_urls

    titles = _("Actualités"), _("Documents à télécharger")
    news = values("actualites")["news_on_home"]
    keys = audiences(request)
    panels = _panels(titles, "actualites/panels/news.html", keys, index_urls(), FIRST, news)
    return [*panels, *contributions.home_panels(request)]


@hookimpl
def family_panels(context: FamilyContext) -> list[Panel]:
    from core.pages.audiences import keys_of
    from plugins.actualites import contributions

    titles = _("Lire les actualités"), _("Retrouver des documents")
    panels = _panels(titles, "actualites/panels/titles.html", keys_of(context), None, LAST)
    return [*contributions.family_panels(context, MEALS), *panels]


@hookimpl
def search_results(request: HttpRequest, query: str) -> list[SearchResult]:
    from plugins.actualites import contributions

    return contributions.found(query)


@hookimpl
def open_data(request: HttpRequest) -> list[DataSet]:
    from plugins.actualites import contributions

    return contributions.data_sets()


@hookimpl
def grants() -> list[Grant]:
    from plugins.actualites import backoffice_labels, backoffice_library, backoffice_menus

    return [*backoffice_labels.grants(), *backoffice_menus.grants(), *backoffice_library.grants()]


@hookimpl
def backoffice_screens() -> list[Screen]:
    from plugins.actualites import backoffice_labels, backoffice_library, backoffice_menus

    return [*backoffice_labels.screens(), *backoffice_menus.screens(), *backoffice_library.screens()]


@hookimpl
def load_demo(demo: Demo) -> list[str]:
    from plugins.actualites.demo import load

    return load(demo)
