"""The words by which news are sorted, as editors keep them: categories, keywords, quarters."""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from core.backoffice.viewsets import ScopedModelViewSet
from core.contracts.access import Grant, Trade
from core.contracts.backoffice import Menu, Screen
from plugins.actualites.models import Category, Keyword, Quarter


class LabelViewSet(ScopedModelViewSet):
    """Deleting a word takes it off the articles; they stay on line."""

    icon = "tag"
    form_fields = ("name",)
    list_display = ("name", "slug", Column("used", label=_("Articles"), sort_key="used"))
    ordering = ("name",)
    search_fields = ("name",)

    def scope(self, user: Any) -> QuerySet[Any]:
        return self.model._default_manager.annotate(used=Count("news"))


class CategoryViewSet(LabelViewSet):
    model = Category
    name = "actualites/rubriques"
    icon = "folder-open-1"
    empty_message = _("Aucune rubrique. Ajoutez la première : « École », « Travaux », « Fêtes »…")


class KeywordViewSet(LabelViewSet):
    model = Keyword
    name = "actualites/mots-cles"
    empty_message = _("Aucun mot-clé. Il rapproche des articles de rubriques différentes.")


class QuarterViewSet(LabelViewSet):
    model = Quarter
    name = "actualites/quartiers"
    icon = "site"
    empty_message = _("Aucun quartier. Les écoles et les lieux de la commune sont déjà là.")


VIEWSETS = (CategoryViewSet, KeywordViewSet, QuarterViewSet)


def grants() -> list[Grant]:
    """Who writes keeps the words; only who validates takes one away from articles that are on line."""
    names = [viewset.model._meta.model_name for viewset in VIEWSETS]
    kept = tuple(f"actualites.{act}_{name}" for name in names for act in ("view", "add", "change"))
    removed = tuple(f"actualites.delete_{name}" for name in names)
    return [Grant(Trade.WRITER, kept), Grant(Trade.EDITOR, (*kept, *removed))]


def screens() -> list[Screen]:
    return [
        Screen(
            menu=Menu.COMMUNICATION,
            label=str(capfirst(viewset.model._meta.verbose_name_plural)),
            icon=viewset.icon,
            permission=f"actualites.view_{viewset.model._meta.model_name}",
            viewset=viewset,
            weight=weight,
        )
        for weight, viewset in enumerate(VIEWSETS, start=30)
    ]
