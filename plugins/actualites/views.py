"""The feeds of news: all of them, or one category, in the two forms that readers know."""

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import register_converter
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from core.kernel.access import public
from core.pages.selectors import address
from core.ui import appearance
from plugins.actualites.models import Category, NewsIndexPage, NewsPage
from plugins.actualites.selectors import index_urls
from plugins.actualites.selectors_news import by_date, feed_url, service_names

FEED_LENGTH = 20

FORMS = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


class FeedForm:
    """The end of a feed's address: « flux.rss », « flux.atom »."""

    regex = "|".join(FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FeedForm, "feed_form")


class NewsFeed(Feed):
    """What anybody may read, latest first: a feed reader signs in nowhere."""

    language = "fr"

    def __init__(self, request: HttpRequest, kind: str, category: Category | None) -> None:
        self.request = request
        self.kind = kind
        self.category = category
        self.feed_type = FORMS[kind]
        self.services = service_names()

    def title(self) -> str:
        town = appearance.commune().name
        if self.category:
            return _("%(category)s – actualités de %(town)s") % {"category": self.category, "town": town}
        return _("Actualités de %(town)s") % {"town": town}

    def description(self) -> str:
        return _("Les nouvelles de la commune.")

    subtitle = description

    def link(self) -> str:
        index = index_urls().get(NewsIndexPage, "/")
        return f"{index}?categorie={self.category.slug}" if self.category else index

    def feed_url(self) -> str:
        return feed_url(self.kind, self.category.slug if self.category else "")

    def author_name(self) -> str:
        return appearance.commune().name

    def items(self) -> list[NewsPage]:
        news = by_date()
        return list((news.filter(category=self.category) if self.category else news)[:FEED_LENGTH])

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.lead

    def item_link(self, item: NewsPage) -> str:
        return address(item)

    def item_author_name(self, item: NewsPage) -> str:
        return self.services.get(item.author_service, item.author_service) or self.author_name()

    def item_categories(self, item: NewsPage) -> list[str]:
        return [item.category.name] if item.category else []

    def item_pubdate(self, item: NewsPage) -> datetime | None:
        return make_aware(datetime.combine(item.date, time(9))) if item.date else None

    def item_updateddate(self, item: NewsPage) -> datetime | None:
        return item.last_published_at or self.item_pubdate(item)


@public
@cache_control(public=True, no_cache=True)
@conditional_page
def feed(request: HttpRequest, kind: str, category: str = "") -> HttpResponse:
    """The last articles, in one of the two forms; a category that does not exist has no feed."""
    found = get_object_or_404(Category, slug=category) if category else None
    return NewsFeed(request, kind, found)(request)
