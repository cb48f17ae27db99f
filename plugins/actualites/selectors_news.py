"""What is read of news: neither a draft, nor what is for others, nor anything of a plugin that is off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, ExtractYear
from django.http import HttpRequest
from django.urls import reverse
from wagtail.query import PageQuerySet

from core.backoffice.search import fold, found_by
from core.kernel import clock
from core.pages.audiences import NOBODY, Keys, audiences
from core.pages.documents import up_to_date
from core.pages.library import LibraryDocument
from core.pages.plugin_pages import live_pages
from core.pages.selectors import Download, download, trail
from core.town.models import Service, Site
from plugins.actualites.models import Category, Keyword, NewsIndexPage, NewsPage, Quarter
from plugins.actualites.selectors import index_urls
from plugins.actualites.sharing import sharing

PER_PAGE = 6
RELATED = 3


def by_date(keys: Keys = NOBODY) -> "PageQuerySet[NewsPage]":
    """The published news that somebody with these keys may read, latest first. One statement."""
    return (
        live_pages(NewsPage.objects.all(), keys)
        .select_related("picture", "category")
        .order_by("-date", "-first_published_at", "-pk")
    )


def latest_news(keys: Keys = NOBODY) -> "PageQuerySet[NewsPage]":
    """The same, those that are pinned first: as pages list them."""
    return by_date(keys).order_by("-pinned", "-date", "-first_published_at", "-pk")


# Filters --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What somebody looks for, as the address says it. What means nothing is left out.

    `site` is the code of a site of the town, or the address of a quarter.
    """

    category: str = ""
    site: str = ""
    year: int | None = None
    keyword: str = ""
    words: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filters":
        year = asked.get("annee", "").strip()
        return cls(
            category=asked.get("categorie", "").strip(),
            site=asked.get("lieu", "").strip(),
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
            keyword=asked.get("mot", "").strip(),
            words=asked.get("recherche", "").strip(),
        )

    def __bool__(self) -> bool:
        return any((self.category, self.site, self.year, self.keyword, self.words))

    def among(self, news: "PageQuerySet[NewsPage]") -> "PageQuerySet[NewsPage]":
        """The news that answer. No statement more."""
        if self.category:
            news = news.filter(category__slug=self.category)
        if self.year:
            news = news.filter(date__year=self.year)
        if self.keyword:
            news = news.filter(keywords__slug=self.keyword)  # unique: no article twice
        if self.site:
            sites = NewsPage.sites.through.objects.filter(site__code=self.site)
            quarters = NewsPage.quarters.through.objects.filter(quarter__slug=self.site)
            news = news.filter(Q(pk__in=sites.values("newspage")) | Q(pk__in=quarters.values("newspage")))
        return found_by(news, self.words, ("title", "lead")) if self.words else news


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list may be filtered by: only what some article has; and how many articles answer to what is asked."""

    categories: tuple[Choice, ...]
    sites: tuple[Choice, ...]
    quarters: tuple[Choice, ...]
    keywords: tuple[Choice, ...]
    years: tuple[Choice, ...]
    total: int

    def __bool__(self) -> bool:
        """Whether a filter would tell articles apart."""
        several = (self.categories, self.keywords, self.years)
        return any(len(group) > 1 for group in several) or bool(self.sites or self.quarters)

    def label(self, value: str, group: tuple[Choice, ...]) -> str:
        return next((choice.label for choice in group if choice.value == value), "")


def choices(news: "PageQuerySet[NewsPage]", asked: "PageQuerySet[NewsPage]") -> Choices:
    """What all the `news` have, and how many are `asked`. One statement."""
    ids = news.order_by().values("pk")

    def of(kind: str, rows: Any, value: str, label: str) -> Any:
        named = Value(kind, output_field=CharField())
        return (
            rows.order_by()
            .annotate(group_of=named, value_of=F(value), label_of=F(label))
            .values_list("group_of", "value_of", "label_of")
        )

    sites = Site.objects.filter(pk__in=NewsPage.sites.through.objects.filter(newspage__in=ids).values("site"))
    years = news.order_by().annotate(of_year=Cast(ExtractYear("date"), CharField())).distinct()
    parts = [
        of("category", Category.objects.filter(news__in=ids).distinct(), "slug", "name"),
        of("keyword", Keyword.objects.filter(news__in=ids).distinct(), "slug", "name"),
        of("quarter", Quarter.objects.filter(news__in=ids).distinct(), "slug", "name"),
        of("site", sites, "code", "name"),
        of("year", years, "of_year", "of_year"),
        asked.order_by()
        .annotate(group_of=Value("total", output_field=CharField()))
        .values("group_of")
        .annotate(value_of=Cast(Count("pk"), CharField()), label_of=Value("", output_field=CharField()))
        .values_list("group_of", "value_of", "label_of"),
    ]
    found: dict[str, list[Choice]] = {}
    for kind, value, label in parts[0].union(*parts[1:], all=True):
        found.setdefault(kind, []).append(Choice(value, label))
    groups = {
        kind: tuple(sorted(group, key=lambda choice: fold(choice.label) or ""))
        for kind, group in found.items()
    }
    total = groups.get("total", (Choice("0", ""),))[0].value
    return Choices(
        categories=groups.get("category", ()),
        sites=groups.get("site", ()),
        quarters=groups.get("quarter", ()),
        keywords=groups.get("keyword", ()),
        years=groups.get("year", ())[::-1],
        total=int(total),
    )


# Pages ----------------------------------------------------------------------------------------------------------------


def feed_url(kind: str = "rss", category: str = "") -> str:
    """The address of a feed, of all the news or of one category."""
    if category:
        return reverse("actualites:category_feed", args=[category, kind])
    return reverse("actualites:feed", args=[kind])


def page_of(queryset: "PageQuerySet[NewsPage]", total: int, number: str | None) -> "PaginatorPage[NewsPage]":
    """A page of the list; a number that means nothing gives the first one, one too high the last. One statement."""
    paginator = Paginator(queryset, PER_PAGE)
    paginator.count = total  # known already
    return paginator.get_page(number)


def index_context(page: NewsIndexPage, request: HttpRequest) -> dict[str, Any]:
    """The list, what it may be filtered by, and what it is filtered by."""
    everything = latest_news(audiences(request)).child_of(page)
    asked = Filters.of(request.GET.dict())
    found = asked.among(everything)
    offered = choices(everything, found)
    category = asked.category if offered.label(asked.category, offered.categories) else ""
    chosen = [
        offered.label(asked.category, offered.categories),
        offered.label(asked.site, (*offered.sites, *offered.quarters)),
        offered.label(asked.keyword, offered.keywords),
        str(asked.year or ""),
    ]
    return {
        "trail": trail(page, request),
        "news": page_of(found, offered.total, request.GET.get("page")),
        "filters": asked,
        "choices": offered,
        "chosen": [words for words in chosen if words],
        "feed_category": category,
        "feed_url": feed_url("rss", category),
        "atom_url": feed_url("atom", category),
    }


def service_names() -> dict[str, str]:
    """Names of the services of the town, by code. One statement."""
    return dict(Service.objects.values_list("code", "name"))


def service_name(code: str) -> str:
    """The name of a service; what was typed before services had codes stays as it is."""
    return service_names().get(code, code) if code else ""


def joined_documents(page: NewsPage, keys: Keys) -> list[Download]:
    """The documents of an article that the reader may open, in the editors' order. One statement."""
    order = [joined.document_id for joined in page.documents.all()]
    rows = LibraryDocument.objects.filter(pk__in=order)
    found = {document.pk: document for document in up_to_date(rows, keys=keys, today=clock.today())}
    return [download(found[key]) for key in order if key in found]


def related(page: NewsPage, keys: Keys) -> "PageQuerySet[NewsPage]":
    """What to read next: the same category first, then the latest. One statement."""
    near = Q(category=page.category_id) if page.category_id else Q(pk__in=())
    nearness = Case(When(near, then=0), default=1, output_field=IntegerField())
    return (
        by_date(keys).exclude(pk=page.pk).order_by(nearness, "-date", "-first_published_at", "-pk")[:RELATED]
    )


def news_context(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    """The article with its documents, and others to read on."""
    keys = audiences(request)
    index_url = index_urls().get(NewsIndexPage, "")
    service = service_name(page.author_service)

    def listed(name: str, value: str) -> str:
        return f"{index_url}?{urlencode({name: value})}"

    return {
        "trail": trail(page, request),
        "files": joined_documents(page, keys),
        "others": related(page, keys),
        "service": service,
        "places": [
            *((site.name, listed("lieu", site.code)) for site in page.sites.all()),
            *((quarter.name, listed("lieu", quarter.slug)) for quarter in page.quarters.all()),
        ],
        "keywords": [(word.name, listed("mot", word.slug)) for word in page.keywords.all()],
        "category_url": listed("categorie", page.category.slug) if page.category else "",
        "shown_date": page.date or clock.today(),
        "index_url": index_url,
        "feed_url": feed_url(),
        "atom_url": feed_url("atom"),
        "shared": sharing(page, service, request),
    }
