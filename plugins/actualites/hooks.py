"""What this plugin contributes."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.contracts.demo import Demo
from core.contracts.family import FamilyContext
from core.contracts.markers import hookimpl
from core.contracts.navigation import MenuItem
from core.contracts.pages import Panel

FIRST, LAST = 20, 80
"""News stand first on the home page; in a family's space, what is to be done stands before them."""


@hookimpl
def site_menu_items(request: HttpRequest) -> list[MenuItem]:
    from plugins.actualites.models import DocumentsPage, NewsIndexPage
    from plugins.actualites.selectors import index_urls

    urls = index_urls(request)
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
    return [entry for entry in entries if entry.url]


def _panels(
    titles: tuple[str, str], template: str, urls: dict[type, str] | None, weight: int, news: int = 3
) -> list[Panel]:
    """The latest news, then the four latest documents, each with the way to the rest (`urls`, or read from them)."""
    from plugins.actualites.models import DocumentsPage, NewsIndexPage
    from plugins.actualites.selectors import downloads, index_urls_of, latest_news, public_entries

    latest, entries = list(latest_news()[:news]), list(public_entries()[:4])
    urls = index_urls_of(latest, entries) if urls is None else urls
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
            context={"files": downloads(entries)},
            more_label=_("Tous les documents"),
            more_url=urls.get(DocumentsPage, ""),
            weight=weight + 10,
        ),
    ]


@hookimpl
def home_panels(request: HttpRequest) -> list[Panel]:
    from core.kernel.settings import values
    from plugins.actualites.selectors import index_urls

    titles = _("Actualités"), _("Documents à télécharger")
    news = values("actualites")["news_on_home"]
    return _panels(titles, "actualites/panels/news.html", index_urls(request), FIRST, news)


@hookimpl
def family_panels(context: FamilyContext) -> list[Panel]:
    titles = _("Lire les actualités"), _("Retrouver des documents")
    return _panels(titles, "actualites/panels/titles.html", None, LAST)


@hookimpl
def load_demo(demo: Demo) -> list[str]:
    from plugins.actualites.demo import load

    return load(demo)
