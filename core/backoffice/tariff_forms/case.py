"""A case that an agent tries on a tariff before families do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.contracts.pricing import Fact, FactValue, Quotient, Tariff
from core.pricing.fields import field_of
from core.pricing.vocabulary import COMMON_FACTS, QF


def asked_of(*tariffs: Tariff) -> list[Fact]:
    """The facts that change a price in one of these tariffs, the common ones first."""
    found: dict[str, Fact] = {}
    for tariff in tariffs:
        for name in tariff.reads:
            if name not in tariff.derived:
                found.setdefault(name, tariff.facts[name])
    order = [*COMMON_FACTS, *found]
    return sorted(found.values(), key=lambda fact: order.index(fact.name))


class CaseForm(forms.Form):
    """A field for each fact; what is left empty is what it usually is, a quotient left empty was not proved."""

    def __init__(self, *args: Any, facts: Sequence[Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        for fact in facts:
            field = self.fields[fact.name] = field_of(fact)
            if fact.name == QF:
                field.help_text = _("Vide : la famille ne l’a pas donné.")

    @property
    def case(self) -> dict[str, FactValue]:
        """The facts, as the engine reads them."""
        found: dict[str, FactValue] = {}
        for fact in self.facts:
            value = self.cleaned_data[fact.name]
            if value not in (None, "") or fact.type in ("quotient", "number"):
                found[fact.name] = value
        return found


def initial_of(case: Mapping[str, FactValue]) -> dict[str, Any]:
    """A case of an example, as its fields show it."""
    return {
        name: value.value if isinstance(value, Quotient) else str(value) if isinstance(value, bool) else value
        for name, value in case.items()
    }
