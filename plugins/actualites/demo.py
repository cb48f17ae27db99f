"""The demo's news and documents: what a town of this size tells its parents, dated from the day of the demo."""

from datetime import date, datetime, time, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import make_aware
from wagtail.models import Page

from core.contracts.demo import Demo
from core.pages.demo import scene
from core.pages.library import LibraryDocument
from core.pages.models import HomePage
from core.pages.plugin_pages import PluginPage
from plugins.actualites.demo_papers import Paper, papers
from plugins.actualites.demo_stories import Story, stories
from plugins.actualites.models import DocumentEntry, DocumentsPage, NewsDocument, NewsIndexPage, NewsPage


@transaction.atomic
def load(demo: Demo) -> list[str]:
    """Write what is missing; twice is once, and what editors changed is kept. Returns French lines."""
    home = HomePage.objects.get()
    documents = {paper.key: _document(paper, demo) for paper in papers(demo)}
    index = NewsIndexPage.objects.first() or _publish(
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
        _documents_page(home, demo, documents)
    known = set(NewsPage.objects.child_of(index).values_list("slug", flat=True))
    new = [story for story in stories(demo) if story.slug not in known]
    for story in sorted(new, key=lambda story: story.date):
        _news(index, story, documents)
    return [f"Actualités : {NewsPage.objects.count()} articles, {len(documents)} documents."]


def _document(paper: Paper, demo: Demo) -> LibraryDocument:
    document = LibraryDocument.objects.filter(title=paper.title).first()
    if document is None:
        document = LibraryDocument(title=paper.title)
        document.file = ContentFile(paper.pdf(), name=f"{paper.key}.pdf")
        document.file_size = document.file.size
        document.save()
        added = _morning(demo.today - timedelta(days=paper.days_ago))
        LibraryDocument.objects.filter(pk=document.pk).update(created_at=added)
    return document


def _documents_page(home: HomePage, demo: Demo, documents: dict[str, LibraryDocument]) -> None:
    page = DocumentsPage(
        title="Documents",
        slug="documents",
        lead="Les règlements, menus, calendriers et modes d’emploi des services, à lire ou à imprimer.",
        show_in_menus=True,
    )
    page.entries = [
        DocumentEntry(document=documents[paper.key], description=paper.description, sort_order=order)
        for order, paper in enumerate(papers(demo))
    ]
    _publish(home, page, demo.today - timedelta(days=365))


def _news(index: Page, story: Story, documents: dict[str, LibraryDocument]) -> None:
    page = NewsPage(
        title=story.title,
        slug=story.slug,
        lead=story.lead,
        date=story.date,
        author_service=story.service,
        picture=scene(story.scene) if story.scene else None,
        body=list(story.body),
    )
    page.documents = [
        NewsDocument(document=documents[key], sort_order=order) for order, key in enumerate(story.documents)
    ]
    _publish(index, page, story.date)


def _publish(parent: Page, page: PluginPage, day: date) -> PluginPage:
    """Put on line as if it had been done on that day. The first change by an editor makes the first revision."""
    moment = _morning(day)
    page.first_published_at = page.last_published_at = page.latest_revision_created_at = moment
    parent.add_child(instance=page)
    return page


def _morning(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(9)))
