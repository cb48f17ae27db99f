"""Forms of the household's pages."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.contracts.family import Act, FamilyContext
from core.families.common import FACTS
from core.families.models import Mandate


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ExceptionForm(forms.Form):
    """Days that go, once, to a home instead of the other."""

    first_day = forms.DateField(label=_("Du"), widget=Day)
    last_day = forms.DateField(label=_("Au (compris)"), widget=Day)
    where = forms.ChoiceField(
        label=_("L’enfant sera"),
        choices=[("ici", _("chez moi")), ("autre", _("chez l’autre parent"))],
        widget=forms.RadioSelect,
        initial="ici",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first: date | None = cleaned.get("first_day")
        last: date | None = cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Le dernier jour vient avant le premier."))
        return cleaned


class FactForm(forms.Form):
    """Another value of something common to both homes."""

    fact = forms.ChoiceField(
        label=_("Ce qui doit changer"), choices=[(key, fact.label) for key, fact in FACTS.items()]
    )
    value = forms.CharField(
        label=_("Nouvelle valeur"),
        max_length=100,
        help_text=_("Une date s’écrit « 2019-05-04 »."),
    )


ACTS = (
    (Act.BOOK, _("Réserver et annuler des jours")),
    (Act.CONTACTS, _("Lire les personnes à prévenir")),
    (Act.MONEY, _("Lire les prix et les factures, payer")),
    (Act.HEALTH, _("Lire les autorisations et la santé des enfants")),
)


class MandateForm(forms.Form):
    """Whom a guardian lets act, for which children, for what, until when."""

    name = forms.CharField(
        label=_("Nom et prénom de la personne"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.ChoiceField(label=_("Qui est cette personne ?"), choices=Mandate.Relation.choices)
    children = forms.MultipleChoiceField(label=_("Pour quels enfants ?"), widget=forms.CheckboxSelectMultiple)
    given = forms.MultipleChoiceField(
        label=_("Ce qu’elle pourra faire"),
        choices=ACTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Elle verra toujours les jours réservés de ces enfants. Rien d’autre si vous ne cochez rien."
        ),
    )
    valid_to = forms.DateField(label=_("Jusqu’au (compris)"), widget=Day, help_text=_("Un an au plus."))

    def __init__(self, *args: Any, family: FamilyContext, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = [(str(child.id), child.first_name) for child in family.children]  # type: ignore[attr-defined]

    @property
    def children_ids(self) -> list[UUID]:
        return [UUID(key) for key in self.cleaned_data["children"]]

    @property
    def acts(self) -> list[Act]:
        return [Act(key) for key in self.cleaned_data["given"]]
