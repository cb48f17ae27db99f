"""Forms of the tariffs' pages, made from the facts that tariffs declare."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.pricing import FactValue
from core.pricing.fields import QuotientField, field_of, sentence_case
from core.pricing.offered import Offered
from core.pricing.simulator import Change, Household, Question, has_room
from core.pricing.vocabulary import QF, UNITS

PLACES = "fois"
"""Name of the field of how many places a week: « cantine.fois »."""


class SimulatorForm(forms.Form):
    """The facts that the tariffs of some services read, and how many places a week of each."""

    def __init__(
        self, offered: Sequence[Offered], asked: Iterable[Question], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.asked = list(asked)
        for question in self.asked:
            self.fields[question.name] = field_of(question.fact)
        for offer in offered:
            pace = offer.service.pace
            if offer.tariff and pace and pace.most > 1:
                self.fields[f"{offer.code}.{PLACES}"] = places_field(offer, pace.most)

    @property
    def common(self) -> list[forms.BoundField]:
        return [self[question.name] for question in self.asked if question.common]

    @property
    def by_service(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each service that asks something of its own, and its fields."""
        groups = [
            (offer.label, [self[name] for name in self.fields if name.startswith(f"{offer.code}.")])
            for offer in self.offered
        ]
        return [(label, fields) for label, fields in groups if fields]

    def answers(self) -> dict[str, FactValue]:
        """What was answered; an optional fact that was left empty takes its default, a measure is unknown."""
        found: dict[str, FactValue] = {}
        for question in self.asked:
            value = self.cleaned_data[question.name]
            if value not in (None, "") or question.fact.type in ("quotient", "number"):
                found[question.name] = value
        return found

    def places(self, offer: Offered) -> int:
        return int(self.cleaned_data.get(f"{offer.code}.{PLACES}") or 1)


def places_field(offer: Offered, most: int) -> forms.TypedChoiceField:
    unit = UNITS[offer.tariff.unit.code] if offer.tariff else UNITS["day"]
    return forms.TypedChoiceField(
        label=_("%(units)s par semaine") % {"units": sentence_case(unit.plural)},
        choices=[(number, number) for number in range(1, most + 1)],
        coerce=int,
        initial=most,
    )


class ChangeForm(forms.Form):
    """Another life, put beside today's. Nothing of it is kept."""

    qf = QuotientField(
        label=gettext_lazy("Mon quotient familial devient"),
        help_text=gettext_lazy("Laissez vide s’il ne change pas."),
    )
    commune = forms.ChoiceField(
        label=gettext_lazy("Je déménage"),
        choices=[
            ("", gettext_lazy("Non")),
            ("dedans", gettext_lazy("Oui, dans la commune")),
            ("dehors", gettext_lazy("Oui, hors de la commune")),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    enfant = forms.BooleanField(
        label=gettext_lazy("J’ai un enfant de plus, inscrit comme le plus jeune"), required=False
    )
    plus = forms.ChoiceField(label=gettext_lazy("Un jour de plus par semaine pour"), required=False)

    def __init__(self, household: Household, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room = [
            (usage.key, f"{usage.who}, {usage.offer.label}") for usage in household.usages if has_room(usage)
        ]
        if room:
            self.fields["plus"].choices = [("", _("Personne")), *room]  # type: ignore[attr-defined]
        else:
            del self.fields["plus"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self.change.is_nothing:
            raise forms.ValidationError(_("Changez au moins une chose pour comparer."))
        return cleaned

    @property
    def change(self) -> Change:
        data = self.cleaned_data
        where = data.get("commune")
        return Change(
            quotient=data.get(QF),
            resident=(where == "dedans") if where else None,
            one_more_child=_("Un enfant de plus") if data.get("enfant") else "",
            more=data.get("plus") or "",
        )
