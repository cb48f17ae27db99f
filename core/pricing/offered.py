"""What the town sells at a tariff: the services that plugins declare, each with the version in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.contracts import priced
from core.contracts.family import FamilyContext
from core.contracts.priced import PricedService
from core.contracts.pricing import FactValue, Price, PricingError, Situation, Tariff
from core.kernel import state
from core.kernel.calls import collect, implementers
from core.pricing.engine import price
from core.pricing.explain import day
from core.pricing.selectors import versions_for


@dataclass(frozen=True, slots=True)
class Offered:
    """A service and its tariff of the day; None where none is published yet."""

    service: PricedService
    tariff: Tariff | None
    on: date

    @property
    def code(self) -> str:
        return self.service.code

    @property
    def label(self) -> str:
        return self.service.label

    @property
    def since(self) -> str:
        """« 1er septembre 2026 »."""
        return day(self.tariff.valid_from) if self.tariff else ""

    @property
    def until(self) -> str:
        return day(self.tariff.valid_to) if self.tariff and self.tariff.valid_to else ""

    @property
    def decided_on(self) -> str:
        return day(self.tariff.decision.date) if self.tariff and self.tariff.decision else ""

    def quote(self, facts: Mapping[str, FactValue]) -> Price | str:
        """The price of one unit, or the French sentence in which the tariff gives none."""
        if self.tariff is None:
            return "Le tarif de cette activité n’est pas encore publié."
        try:
            return price(self.tariff, Situation(self.on, {**facts, **self.service.states}))
        except PricingError as refusal:
            return refusal.reason


def is_open() -> bool:
    """Does any plugin that is on sell something at a tariff? No statement beyond the switches."""
    on = state.enabled_slugs()
    return any(slug in on for slug in implementers(priced.priced_services))


def services(today: date, family: FamilyContext | None = None) -> list[Offered]:
    """Everything that is sold, in order. One statement more than those of the plugins."""
    found = collect(priced.priced_services, today=today, family=family)
    versions = versions_for({service.tariff for service in found}, {today})
    return [
        Offered(
            service, version.tariff if (version := versions.get((service.tariff, today))) else None, today
        )
        for service in found
    ]
