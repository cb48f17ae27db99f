"""How the published cases (`cases/tariffs.json`) are said in the tariffs of `core/pricing/tariffs`: one mapping a rule.

The published file is not ours: its names of inputs differ from a rule to the next. Here each of them is renamed,
once. In ``facts``, a text is the fact that takes the value as it is, and a dictionary gives the facts of each value.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.contracts.pricing import FactValue, Quotient, Situation, Tariff
from core.pricing.reading import Reader

Facts = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """``tariff`` names the file, or ``by`` an input and the file for each of its values (``None``: it is absent).

    ``each`` names a list: one situation for each of its entries, in order. ``times`` names an input that counts
    equal situations. ``day`` names the date of consumption.
    """

    tariff: str = ""
    by: tuple[str, dict[Any, str]] = ("", {})
    facts: dict[str, str | dict[Any, Facts]] = field(default_factory=dict)
    each: str = ""
    times: str = ""
    day: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        return (self.tariff,) if self.tariff else tuple(dict.fromkeys(self.by[1].values()))

    def file(self, inputs: Facts) -> str:
        return self.tariff or self.by[1][key(inputs.get(self.by[0]))]

    def situations(self, tariff: Tariff, inputs: Facts) -> tuple[Situation, ...]:
        left = dict(inputs)
        on = date.fromisoformat(left.pop(self.day)) if self.day else tariff.valid_from
        entries = left.pop(self.each, [{}]) if self.each else [{}]
        count = left.get(self.times, 1) if self.times and "per" not in left else 1
        cases = []
        for rank, entry in enumerate(entries, start=1):
            mine = entry if isinstance(entry, dict) else {"child_rank": entry}
            told = {"child_rank": rank} | mine if self.each else mine
            cases += [Situation(on, self._facts(tariff, {**left, **told}))] * count
        return tuple(cases)

    def _facts(self, tariff: Tariff, inputs: Facts) -> dict[str, FactValue]:
        ours: Facts = {}
        for name, value in inputs.items():
            spoken = self.facts.get(name, name)
            ours |= {spoken: value} if isinstance(spoken, str) else spoken[key(value)]
        return {name: typed(tariff, name, value) for name, value in ours.items()}


def key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def typed(tariff: Tariff, name: str, value: Any) -> FactValue:
    """A JSON value as the fact of that name has it."""
    match tariff.facts[name].type:
        case "quotient":
            return None if value is None else Quotient(Decimal(str(value)))
        case "decimal" | "number":
            return None if value is None else Decimal(str(value))
        case "time":
            return Reader().clock(value, name)
        case _:
            return value


RULES = {
    "T01": Rule("cantine-fay-aux-loges"),
    "T02": Rule("periscolaire-mouais", facts={"half_hours": "quantity", "snack": {True: {"snacks": 1}}}),
    "T04": Rule("alsh-houssay"),
    "T06": Rule("cantine-bubry"),
    "T07": Rule("alsh-wavrin", facts={"days": "quantity"}, each="children_ranks"),
    "T10": Rule(
        by=("item", {"meal": "cantine-roncq", "half_hour": "periscolaire-roncq"}),
        facts={"item": {"meal": {}, "half_hour": {}}, "units": "quantity"},
    ),
    "T11": Rule("cantine-saint-caprais-de-bordeaux"),
    "T12": Rule(
        by=(
            "item",
            {
                "meal": "cantine-le-sourn",
                "aps_morning": "periscolaire-le-sourn",
                "aps_evening": "periscolaire-le-sourn",
                "alsh_day": "alsh-le-sourn",
            },
        ),
        facts={
            "item": {
                "meal": {},
                "aps_morning": {"slot": "morning"},
                "aps_evening": {"slot": "evening"},
                "alsh_day": {},
            }
        },
    ),
    "T13": Rule("cantine-vailhauques"),
    # A meal before the proof came, billed before it came too: one fact says both.
    "T15": Rule(
        "cantine-trois-bassins",
        facts={
            "proof_received": {"after billing": {"late_proof": True}},
            "meal_date": {"before receipt": {}},
        },
    ),
    "T18": Rule("alsh-pays-de-l-aigle"),
    "T20": Rule(
        "alsh-fleury",
        facts={
            "regime": {"CAF": {"regime": "caf"}, None: {"regime": "other"}},
            "days": "quantity",
            "half_days": "quantity",
            "what": {"deposit": {"what": "deposit"}},
        },
    ),
    "T21": Rule(
        by=(
            "alsh",
            {
                None: "periscolaire-lieuvin-pays-d-auge",
                "day": "alsh-lieuvin-pays-d-auge",
                "half_day": "alsh-lieuvin-pays-d-auge",
            },
        ),
        facts={
            "alsh": "format",
            "aps_hours": "quantity",
            "in_area": "resident",
            "lunch": {True: {"lunches": 1}},
            "snack": {True: {"snacks": 1}},
        },
    ),
    "T24": Rule(
        by=("item", {None: "periscolaire-medoc-estuaire", "alsh_half_day": "alsh-medoc-estuaire"}),
        facts={"item": {"alsh_half_day": {}}},
    ),
    "T25": Rule(
        by=("item", {None: "periscolaire-plivot", "meal": "cantine-plivot"}),
        facts={
            "item": {"meal": {}},
            "items": {("morning_month", "evening_month"): {"morning": True, "evening": True}},
            "count": "quantity",
        },
    ),
    "T28": Rule("cantine-la-tessoualle"),
    "T29": Rule("cantine-la-selle-craonnaise", each="children"),
    "T31": Rule("alsh-grille-parisienne"),
    "T32": Rule("transport-audenge"),
    "T34": Rule("retard-massy"),
    "T35": Rule(
        by=(
            "date",
            {
                "2024-07-05": "periscolaire-chemaudin-2023",
                "2024-09-03": "periscolaire-chemaudin-2024",
            },
        ),
        facts={
            "item": {"meal": {"meals": 1}, "hour": {"hours": 1}},
            "items": {("meal", "hour"): {"meals": 1, "hours": 1}},
        },
        day="date",
    ),
    # The price is for one child when the case says so, else for all of those enrolled.
    "T36": Rule(
        by=("item", {None: "alsh-denain", "wednesday": "mercredi-denain"}),
        facts={"item": {"wednesday": {}}, "days": "quantity", "per": {"child": {}}},
        times="children",
    ),
    "T43": Rule("cantine-bordeaux-fratries"),
    "T47": Rule("alsh-saint-medard-en-jalles", facts={"days": "quantity"}),
}
