"""The documents that one comes to download."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from core.pages.plugin_pages import PluginPage


class DocumentsPage(PluginPage):
    """The documents that one comes to download."""

    lead = models.TextField(_("introduction"), blank=True, max_length=300)

    content_panels = [
        *PluginPage.content_panels,
        FieldPanel("lead"),
        InlinePanel("entries", heading=_("Documents"), label=_("Document")),
    ]
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("page des documents")
        verbose_name_plural = _("pages des documents")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.actualites.selectors import documents_context

        return {**super().get_context(request, *args, **kwargs), **documents_context(self, request)}


class DocumentEntry(Orderable):
    """A document of the list, with what it is for."""

    page = ParentalKey(DocumentsPage, on_delete=models.CASCADE, related_name="entries")
    document = models.ForeignKey(
        "pages.LibraryDocument", on_delete=models.CASCADE, related_name="+", verbose_name=_("document")
    )
    description = models.CharField(
        _("à quoi il sert"), blank=True, max_length=200, help_text=_("Une phrase, lue sous le titre.")
    )

    panels = [FieldPanel("document"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        verbose_name = _("document de la liste")
        verbose_name_plural = _("documents de la liste")
        constraints = [models.UniqueConstraint(fields=["page", "document"], name="actualites_entry_once")]

    def __str__(self) -> str:
        return str(self.document)
