"""Choosers of core: a window where an agent finds one object among thousands."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.backoffice import selectors
from core.backoffice.search import words
from core.backoffice.viewsets import ScopedChooserViewSet
from core.families.models import Family


class FamilyChooser(ScopedChooserViewSet):
    """A family, by the name of anybody in it. Use `family_chooser.widget_class()` as the widget of a field."""

    model = Family
    icon = "group"
    choose_one_text = _("Choisir une famille")
    choose_another_text = _("Choisir une autre famille")
    register_widget = False

    def scope(self, user: Any) -> QuerySet[Family]:
        return selectors.families_of(user)

    def find(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        return selectors.matching(rows, words(typed))


family_chooser = FamilyChooser(name="choix", url_namespace="backoffice:family_chooser")
