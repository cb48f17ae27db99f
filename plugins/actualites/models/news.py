"""News: what editors write."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PublishingPanel
from wagtail.documents import get_document_model_string
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable
from wagtail.search import index

from core.kernel import clock
from core.pages.audiences import AudiencePanel
from core.pages.blocks import BodyBlock
from core.pages.plugin_pages import PluginPage, ReservedPage
from core.town.models import Service, Site
from plugins.actualites.models.labels import Category, Keyword, Quarter


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
        from plugins.actualites.selectors_news import index_context

        return {**super().get_context(request, *args, **kwargs), **index_context(self, request)}


class NewsForm(WagtailAdminPageForm):
    """Offers the services of the town, and only the sites that are open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "author_service" in self.fields:
            known = dict(Service.objects.values_list("code", "name"))
            if (current := self.instance.author_service) and current not in known:
                known[current] = current
            field = self.fields["author_service"]
            self.fields["author_service"] = forms.ChoiceField(
                choices=[("", _("Aucun service en particulier")), *known.items()],
                required=False,
                label=field.label,
                help_text=field.help_text,
            )
        if "sites" in self.fields:
            chosen = [site.pk for site in self.instance.sites.all()] if self.instance.pk else []
            here = Site.objects.open_on(clock.today()).exclude(kind=Site.Kind.TOWN_HALL)
            self.fields["sites"].queryset = here | Site.objects.filter(pk__in=chosen)


class NewsPage(ReservedPage):  # type: ignore[django-manager-missing]
    """One piece of news."""

    date = models.DateField(
        _("date de publication"),
        null=True,
        blank=True,
        help_text=_("Laissez vide : ce sera le jour de la mise en ligne."),
    )
    lead = models.TextField(
        _("chapô"),
        max_length=300,
        help_text=_("L’essentiel en deux phrases : c’est ce que montrent les listes."),
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("Sa description dit ce qu’elle montre aux personnes qui ne la voient pas."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("texte"), blank=True)
    author_service = models.CharField(
        _("service auteur"),
        blank=True,
        max_length=120,
        help_text=_("Le service de la mairie qui répond aux questions sur cette actualité."),
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="news",
        verbose_name=_("rubrique"),
    )
    keywords = ParentalManyToManyField(Keyword, blank=True, related_name="news", verbose_name=_("mots-clés"))
    sites = ParentalManyToManyField(
        "town.Site",
        blank=True,
        related_name="+",
        verbose_name=_("écoles et lieux concernés"),
        help_text=_("Rien de coché : toute la commune. Cela aide à trouver l’actualité, sans la réserver."),
    )
    quarters = ParentalManyToManyField(
        Quarter, blank=True, related_name="news", verbose_name=_("quartiers concernés")
    )
    pinned = models.BooleanField(
        _("épinglée"),
        default=False,
        help_text=_("En tête de l’accueil et de la liste, avant les plus récentes."),
    )

    base_form_class = NewsForm
    content_panels = [
        *PluginPage.content_panels,
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
        InlinePanel("documents", heading=_("Documents à télécharger"), label=_("Document")),
        MultiFieldPanel(
            [
                FieldPanel("category"),
                FieldPanel("keywords", widget=forms.CheckboxSelectMultiple),
                FieldPanel("sites", widget=forms.CheckboxSelectMultiple),
                FieldPanel("quarters", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("Classement"),
        ),
        MultiFieldPanel(
            [FieldPanel("author_service"), FieldPanel("date"), FieldPanel("pinned")], heading=_("Publication")
        ),
        AudiencePanel(),
    ]
    settings_panels = [PublishingPanel()]
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

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """What is on line has a day: the one that the editor wrote, else the first day on line."""
        if self.live and self.date is None:
            self.date = localdate(self.first_published_at) if self.first_published_at else clock.today()
        return super().save(*args, **kwargs)

    @property
    def updated_on(self) -> Any:
        """The day of the last change on line, when it comes after the day shown; None otherwise."""
        changed = localdate(self.last_published_at) if self.last_published_at else None
        return changed if changed and self.date and changed > self.date else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from plugins.actualites.selectors_news import news_context

        return {**super().get_context(request, *args, **kwargs), **news_context(self, request)}


class NewsDocument(Orderable):
    """A document joined to a piece of news."""

    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        get_document_model_string(), on_delete=models.CASCADE, related_name="+", verbose_name=_("document")
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
