"""News: what editors write."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from core.kernel import clock
from core.pages.blocks import BodyBlock
from core.pages.plugin_pages import PluginPage


class NewsIndexPage(PluginPage):
    """The list of news, latest first."""

    lead = models.TextField(_("introduction"), blank=True, max_length=300)

    content_panels = [*PluginPage.content_panels, FieldPanel("lead")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["actualites.NewsPage"]
    max_count = 1

    class Meta:
        verbose_name = _("page des actualités")
        verbose_name_plural = _("pages des actualités")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.actualites.selectors import index_context

        return {**super().get_context(request, *args, **kwargs), **index_context(self, request)}


class NewsPage(PluginPage):
    """One piece of news."""

    date = models.DateField(_("date de publication"), default=clock.today)
    lead = models.TextField(
        _("chapô"),
        max_length=300,
        help_text=_("L’essentiel en deux phrases : c’est ce que montrent les listes."),
    )
    picture = models.ForeignKey(
        "pages.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("Sa description dit ce qu’elle montre aux personnes qui ne la voient pas."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("texte"), blank=True)
    author_service = models.CharField(
        _("service auteur"), blank=True, max_length=120, help_text=_("Par exemple « Service Enfance ».")
    )

    content_panels = [
        *PluginPage.content_panels,
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
        InlinePanel("documents", heading=_("Documents à télécharger"), label=_("Document")),
        MultiFieldPanel([FieldPanel("date"), FieldPanel("author_service")], heading=_("Publication")),
    ]
    search_fields = [
        *PluginPage.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    parent_page_types = ["actualites.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("actualité")
        verbose_name_plural = _("actualités")
        indexes = [models.Index(fields=["-date"], name="actualites_news_date")]

    def clean(self) -> None:
        """A picture says what it shows: the library asks for the description, the news insists."""
        super().clean()
        if self.picture and not self.picture.description:
            raise ValidationError(
                {"picture": _("Cette image n’a pas de description : ajoutez-la dans la médiathèque.")}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.actualites.selectors import news_context

        return {**super().get_context(request, *args, **kwargs), **news_context(self, request)}


class NewsDocument(Orderable):
    """A document joined to a piece of news."""

    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        "pages.LibraryDocument", on_delete=models.CASCADE, related_name="+", verbose_name=_("document")
    )

    panels = [FieldPanel("document")]

    class Meta(Orderable.Meta):
        verbose_name = _("document d’une actualité")
        verbose_name_plural = _("documents d’une actualité")
        constraints = [
            models.UniqueConstraint(fields=["page", "document"], name="actualites_newsdocument_once")
        ]

    def __str__(self) -> str:
        return str(self.document)
