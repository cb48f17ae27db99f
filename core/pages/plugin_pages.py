"""Page types that plugins bring, and the way to read pages without those of a plugin that is off."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from wagtail.models import Page, PageViewRestriction, get_page_models
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult

from core.kernel import state
from core.pages.audiences import NOBODY, Keys, Reserved, condition, may_read, readable

if TYPE_CHECKING:
    from wagtail.models import PageBase

P = TypeVar("P", bound=Page)


class PluginPage(Page):
    """Base of the page types of a plugin. While it is off, such a page cannot be created and answers 404, and so does
    everything below it; `live_pages` leaves it out of what is listed. The page itself and its drafts stay.
    """

    class Meta:
        abstract = True

    @classmethod
    def is_on(cls) -> bool:
        return cls._meta.app_label in state.enabled_slugs()

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        return cls.is_on() and super().can_create_at(parent)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if not self.is_on():
            raise Http404
        return super().route(request, path_components)

    def get_view_restrictions(self) -> "QuerySet[PageViewRestriction]":
        """Those of the page, of what stands above it, and of the pages that these are aliases of; as Wagtail's own, in
        one statement instead of two."""
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        found: QuerySet[PageViewRestriction] = PageViewRestriction.objects.filter(
            Q(page__path__in=paths) | Q(page__aliases__path__in=paths)
        )
        return found.distinct()


class ReservedPage(Reserved, PluginPage):  # type: ignore[django-manager-missing]
    """A page that may be for some families only: to anybody else its address answers as one that never existed."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read(request, self):
            raise Http404
        response: HttpResponse = super().serve(request, *args, **kwargs)
        if self.readers:
            patch_cache_control(response, private=True, no_store=True)
        return response


def types_that_are_off() -> "list[type[PageBase]]":
    """Page types of the plugins that are installed but off."""
    return [model for model in get_page_models() if issubclass(model, PluginPage) and not model.is_on()]


def without_plugins_off(pages: "PageQuerySet[P]") -> "PageQuerySet[P]":
    off = types_that_are_off()
    return pages.not_exact_type(*off) if off else pages


def is_of_a_plugin_that_is_off(ids: Iterable[int]) -> bool:
    """Is one of these pages of a type that is off? No statement while every plugin with page types is on."""
    off = types_that_are_off()
    return bool(off) and Page.objects.filter(pk__in=ids).exact_type(*off).exists()


def for_readers(pages: "PageQuerySet[P]", keys: Keys = NOBODY) -> "PageQuerySet[P]":
    """Without the pages that are for others; a visitor has no key. Adds no statement, whatever the types mixed in."""
    if issubclass(pages.model, Reserved):
        return readable(pages, keys)
    for model in get_page_models():
        if issubclass(model, Reserved):
            others = model._default_manager.exclude(condition(keys))
            pages = pages.exclude(pk__in=others.values("pk"))
    return pages


def readable_pages(pages: "PageQuerySet[P]", keys: Keys = NOBODY) -> "PageQuerySet[P]":
    """The published pages that somebody with these keys may read, neither restricted by Wagtail nor for others; those
    of plugins that are off included. Adds no statement."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restricted = PageViewRestriction.objects.alias(reader=path).filter(reader__startswith=F("page__path"))
    return for_readers(pages.live(), keys).exclude(Exists(restricted))


def live_pages(pages: "PageQuerySet[P]", keys: Keys = NOBODY) -> "PageQuerySet[P]":
    """The published pages that somebody with these keys may read: neither restricted by Wagtail, nor for others, nor of
    a plugin that is off. Without keys, those that anybody may read. Adds no statement."""
    return readable_pages(without_plugins_off(pages), keys)
