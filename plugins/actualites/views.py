"""The feed of news."""

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from core.kernel.access import public
from core.ui import appearance
from plugins.actualites.models import NewsIndexPage, NewsPage
from plugins.actualites.selectors import feed_url, index_urls, latest_news

FEED_LENGTH = 20


class NewsFeed(Feed):
    """RSS of the latest news."""

    language = "fr"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def title(self) -> str:
        return _("Actualités de %(town)s") % {"town": appearance.commune().name}

    def description(self) -> str:
        return _("Les nouvelles de la commune.")

    def link(self) -> str:
        return index_urls(self.request).get(NewsIndexPage, "/")

    def feed_url(self) -> str:
        return feed_url()

    def items(self) -> list[NewsPage]:
        return list(latest_news()[:FEED_LENGTH])

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.lead

    def item_link(self, item: NewsPage) -> str:
        return item.get_url(self.request) or "/"

    def item_pubdate(self, item: NewsPage) -> datetime:
        return make_aware(datetime.combine(item.date, time(9)))

    def item_updateddate(self, item: NewsPage) -> datetime | None:
        return item.last_published_at


@public
def feed(request: HttpRequest) -> HttpResponse:
    return NewsFeed(request)(request)
