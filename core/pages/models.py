"""Pages of the town's site that belong to no plugin."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageViewRestriction
from wagtail.search import index
from wagtail.url_routing import RouteResult

from core.kernel import state
from core.pages.blocks import ADDRESS, BodyBlock
from core.pages.library import DocumentTheme, DocumentVersion, LibraryDocument, Picture, PictureRendition
from core.pages.plugin_pages import PluginPage

__all__ = [
    "ContentPage",
    "DocumentTheme",
    "DocumentVersion",
    "FooterEntry",
    "HomePage",
    "LibraryDocument",
    "MenuEntry",
    "Picture",
    "PictureRendition",
    "SpacePage",
]

LEAFLET = "depliant"
"""What is added to the address of the presentation for its leaflet."""


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

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("picture"),
        MultiFieldPanel(
            [
                InlinePanel("menu_entries", label=_("lien du menu")),
                InlinePanel("footer_entries", label=_("lien du pied de page")),
            ],
            heading=_("Menu et pied de page"),
            help_text=_(
                "Les modules y mettent déjà leurs liens, et les pages que la loi demande y sont toujours."
            ),
        ),
    ]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("page d’accueil")
        verbose_name_plural = _("pages d’accueil")

    private_page_options: list[str] = []

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """None, as its options say: nobody asks the database on the page that everybody opens."""
        return PageViewRestriction.objects.none()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from core.pages.selectors import home

        return {**super().get_context(request, *args, **kwargs), **home(request)}


class Entry(Orderable):
    """One entry of a menu: a page of the site, or an address."""

    label = models.CharField(
        _("texte"), max_length=40, blank=True, help_text=_("Vide : le titre de la page choisie.")
    )
    target = models.ForeignKey(
        Page,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page du site"),
    )
    address = models.CharField(
        _("ou adresse"),
        max_length=300,
        blank=True,
        validators=[ADDRESS],
        help_text=_("Par exemple /contacts/ ou https://www.service-public.fr/"),
    )

    panels = [FieldPanel("target"), FieldPanel("address"), FieldPanel("label")]

    class Meta(Orderable.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_leads",
                condition=Q(target__isnull=False, address="") | (Q(target__isnull=True) & ~Q(address="")),
                violation_error_message=_("Choisissez une page ou donnez une adresse, pas les deux."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_label",
                condition=Q(target__isnull=False) | ~Q(label=""),
                violation_error_message=_("Donnez un texte à ce lien."),
            ),
        ]


class MenuEntry(Entry):
    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="menu_entries")


class FooterEntry(Entry):
    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="footer_entries")


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


class SpacePage(PluginPage):
    """« L’Espace Famille : à quoi ça sert, comment ça marche, pour qui ». The reception of the Espace Famille shows the
    same text to a visitor, and its leaflet is printed from it. It exists while some plugin speaks to families."""

    lead = models.TextField(
        _("introduction"), blank=True, max_length=400, help_text=_("Deux phrases : ce que c’est, pour qui.")
    )
    picture = models.ForeignKey(
        "pages.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
    )
    body = StreamField(
        BodyBlock(),
        verbose_name=_("contenu"),
        blank=True,
        help_text=_("Lu ici, à l’entrée de l’Espace Famille, et imprimé sur le dépliant."),
    )

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("picture"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("présentation de l’Espace Famille")
        verbose_name_plural = _("présentations de l’Espace Famille")

    @classmethod
    def is_on(cls) -> bool:
        return state.serves("families")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components == [LEAFLET] and self.is_on() and self.live:
            return RouteResult(self, kwargs={"leaflet": True})
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from core.pages.selectors import contacts, trail

        more = {"trail": trail(self, request), "help_contacts": contacts(request)}
        return {**super().get_context(request, *args, **kwargs), **more}

    def serve(self, request: HttpRequest, *args: Any, leaflet: bool = False, **kwargs: Any) -> HttpResponse:
        if leaflet:
            from core.pages.leaflet import answer

            return answer(self)
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response
