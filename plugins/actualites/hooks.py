"""What this plugin contributes."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.contracts.demo import Demo
from core.contracts.family import FamilyContext
from core.contracts.markers import hookimpl
from core.contracts.navigation import MenuItem
from core.contracts.pages import Panel

FIRST = 20
"""News stand first on the home page; what is urgent for a family stands before them in its own space."""


@hookimpl
def site_menu_items(request: HttpRequest) -> list[MenuItem]:
    from plugins.actualites.models import DocumentsPage, NewsIndexPage
    from plugins.actualites.selectors import index_url

    entries = [
        MenuItem(
            label=_("Actualités"),
            description=_("Ce qui se passe dans la commune et dans les écoles."),
            url=index_url(request, NewsIndexPage),
            icon="newspaper",
            weight=10,
        ),
        MenuItem(
            label=_("Documents"),
            description=_("Règlements, menus et formulaires à télécharger."),
            url=index_url(request, DocumentsPage),
            icon="file-earmark-arrow-down",
            weight=20,
        ),
    ]
    return [entry for entry in entries if entry.url]


@hookimpl
def home_panels(request: HttpRequest) -> list[Panel]:
    from plugins.actualites.models import DocumentsPage, NewsIndexPage
    from plugins.actualites.selectors import downloads, index_url, latest_news, public_entries

    return [
        Panel(
            title=_("Actualités"),
            template="actualites/panels/news.html",
            context={"news": list(latest_news()[:3])},
            more_label=_("Toutes les actualités"),
            more_url=index_url(request, NewsIndexPage),
            weight=FIRST,
        ),
        Panel(
            title=_("Documents à télécharger"),
            template="actualites/panels/documents.html",
            context={"files": downloads(public_entries()[:4])},
            more_label=_("Tous les documents"),
            more_url=index_url(request, DocumentsPage),
            weight=FIRST + 10,
        ),
    ]


@hookimpl
def family_panels(context: FamilyContext) -> list[Panel]:
    from plugins.actualites.selectors import downloads, latest_news, public_entries

    return [
        Panel(
            title=_("Lire les actualités"),
            template="actualites/panels/titles.html",
            context={"news": list(latest_news()[:3])},
            weight=FIRST + 60,
        ),
        Panel(
            title=_("Retrouver des documents"),
            template="actualites/panels/documents.html",
            context={"files": downloads(public_entries()[:4])},
            weight=FIRST + 70,
        ),
    ]


@hookimpl
def load_demo(demo: Demo) -> list[str]:
    from plugins.actualites.demo import load

    return load(demo)
