"""The demo's news and documents: what a town of this size tells its parents, dated from the day of the demo."""

from datetime import timedelta

from django.db import transaction

from core.contracts.demo import Demo
from core.pages.models import HomePage
from plugins.actualites import demo_events, demo_menus, demo_news
from plugins.actualites.demo_library import load_library
from plugins.actualites.demo_news import publish
from plugins.actualites.models import DocumentsPage, NewsIndexPage


@transaction.atomic
def load(demo: Demo) -> list[str]:
    """Write what is missing; twice is once, and what editors changed is kept. Returns French lines."""
    home = HomePage.objects.get()
    documents = load_library(demo)
    index = NewsIndexPage.objects.first() or publish(
        home,
        NewsIndexPage(
            title="Actualités",
            slug="actualites",
            lead="Ce qui se passe dans la commune, dans les écoles et dans les accueils de loisirs.",
            show_in_menus=True,
        ),
        demo.today - timedelta(days=365),
    )
    if not DocumentsPage.objects.exists():
        _documents_page(home, demo)
    told = demo_news.load(index, demo, documents)
    return [told, *demo_events.load(demo), *demo_menus.load(demo)]


def _documents_page(home: HomePage, demo: Demo) -> None:
    page = DocumentsPage(
        title="Documents",
        slug="documents",
        lead="Les règlements, menus, calendriers et modes d’emploi des services, à lire ou à imprimer.",
        show_in_menus=True,
    )
    publish(home, page, demo.today - timedelta(days=365))
