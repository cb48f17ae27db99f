"""Page types that plugins bring, and the way to read pages without those of a plugin that is off."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction, get_page_models
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult

from core.kernel import state

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


def live_pages(pages: "PageQuerySet[P]") -> "PageQuerySet[P]":
    """The published pages that anybody may read: neither restricted, nor of a plugin that is off. Adds no statement."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restricted = PageViewRestriction.objects.alias(reader=path).filter(reader__startswith=F("page__path"))
    return without_plugins_off(pages).live().exclude(Exists(restricted))
