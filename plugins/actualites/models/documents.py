"""The page of the library: what is in it is kept by `core.pages.library`."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel

from core.pages.plugin_pages import PluginPage


class DocumentsPage(PluginPage):
    """The documents that one comes to download."""

    lead = models.TextField(_("introduction"), blank=True, max_length=300)

    content_panels = [
        *PluginPage.content_panels,
        FieldPanel("lead"),
        HelpPanel(
            _(
                "Cette page montre les documents de la médiathèque qui ont un thème. Pour en ajouter un ou "
                "remplacer un fichier, ouvrez « Documents » dans le menu de gauche."
            )
        ),
    ]
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("page des documents")
        verbose_name_plural = _("pages des documents")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.actualites.selectors_documents import documents_context

        return {**super().get_context(request, *args, **kwargs), **documents_context(self, request)}
