"""The demo's news: written once, as if on their days; one more waits for whoever validates."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.timezone import make_aware
from wagtail.models import Page

from core.contracts.audiences import FAMILIES, of_site
from core.contracts.demo import Demo
from core.pages.audiences import joined
from core.pages.demo import scene
from core.pages.library import LibraryDocument
from core.pages.plugin_pages import PluginPage
from core.town.models import Service, Site
from plugins.actualites.demo_stories import QUARTERS, SERVICES, Story, stories, waiting
from plugins.actualites.models import Category, Keyword, NewsDocument, NewsIndexPage, NewsPage, Quarter


def load(index: NewsIndexPage, demo: Demo, documents: Mapping[str, LibraryDocument]) -> str:
    """Write what is missing; what editors changed is kept. Returns a French line."""
    for code, name in SERVICES.items():
        Service.objects.get_or_create(code=code, defaults={"name": name})
    for quarter in QUARTERS:
        Quarter.objects.get_or_create(name=quarter)
    known = set(NewsPage.objects.child_of(index).values_list("slug", flat=True))
    sites = Site.objects.in_bulk(field_name="code")
    for story in sorted(stories(demo), key=lambda story: story.date):
        if story.slug not in known:
            publish(index, _page(story, sites, documents), story.date)
    if (draft := waiting()).slug not in known:
        _submit(index, _page(draft, sites, documents))
    return f"Actualités : {len(NewsPage.objects.live())} articles, {len(documents)} documents."


def _page(story: Story, sites: Mapping[str, Site], documents: Mapping[str, LibraryDocument]) -> NewsPage:
    page = NewsPage(
        title=story.title,
        slug=story.slug,
        lead=story.lead,
        date=None if story.date == date.min else story.date,
        author_service=story.service,
        picture=scene(story.scene) if story.scene else None,
        body=list(story.body),
        category=_named(Category, story.category) if story.category else None,
        pinned=story.pinned,
        readers=_readers(story.reserved, sites),
    )
    page.keywords = [_named(Keyword, word) for word in story.keywords]
    page.sites = [sites[code] for code in story.sites if code in sites]
    page.quarters = list(Quarter.objects.filter(name__in=story.quarters)) if story.quarters else []
    page.documents = [  # type: ignore[misc]
        NewsDocument(document=documents[key], sort_order=order) for order, key in enumerate(story.documents)
    ]
    return page


def _named(model: type[Any], name: str) -> Any:
    return model.objects.get_or_create(name=name)[0]


def _readers(reserved: str, sites: Mapping[str, Site]) -> str:
    if not reserved:
        return ""
    return joined([FAMILIES if reserved == "*" else of_site(sites[reserved].pk)])


def _submit(index: Page, page: NewsPage) -> None:
    """Leave a draft where `validation` finds it: in the relecture that `redaction` began."""
    page.live = False
    index.add_child(instance=page)
    author = get_user_model().objects.filter(username="redaction").first()
    page.save_revision(user=author)
    workflow = page.get_workflow()
    if author and workflow:
        workflow.start(page, author)


def publish(parent: Page, page: PluginPage, day: date) -> PluginPage:
    """Put on line as if it had been done on that day. The first change by an editor makes the first revision."""
    moment = make_aware(datetime.combine(day, time(9)))
    page.first_published_at = page.last_published_at = page.latest_revision_created_at = moment
    parent.add_child(instance=page)
    return page
