"""Pages of the town's site that belong to no plugin."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from core.pages.blocks import BodyBlock
from core.pages.library import DocumentTheme, DocumentVersion, LibraryDocument, Picture, PictureRendition

__all__ = [
    "ContentPage",
    "DocumentTheme",
    "DocumentVersion",
    "HomePage",
    "LibraryDocument",
    "Picture",
    "PictureRendition",
]


class HomePage(Page):
    """The town's home: a picture, a word of welcome; the rest comes from the modules that are on."""

    lead = models.TextField(_("mot d’accueil"), blank=True, max_length=400)
    picture = models.ForeignKey(
        "pages.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("Large, sans texte dedans. Sa description est lue à voix haute aux personnes aveugles."),
    )

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("picture")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("page d’accueil")
        verbose_name_plural = _("pages d’accueil")

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """Its own alone: only the root stands above. One statement less on the page that everybody opens."""
        return PageViewRestriction.objects.filter(page=self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from core.pages.selectors import home

        return {**super().get_context(request, *args, **kwargs), **home(request)}


class ContentPage(Page):
    """A simple page: an introduction and a body."""

    lead = models.TextField(
        _("introduction"),
        blank=True,
        max_length=400,
        help_text=_("Deux phrases : à qui la page s’adresse, et pourquoi."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("contenu"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["pages.HomePage", "pages.ContentPage"]
    subpage_types = ["pages.ContentPage"]

    class Meta:
        verbose_name = _("page simple")
        verbose_name_plural = _("pages simples")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from core.pages.selectors import below, trail

        return {
            **super().get_context(request, *args, **kwargs),
            "trail": trail(self, request),
            "subpages": below(self),
        }
