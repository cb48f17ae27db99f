"""Words that a tariff file may use without declaring them: units, kinds of component, roundings, facts."""

import decimal
from decimal import Decimal
from typing import Final

from core.contracts.pricing import Fact, Unit

QF: Final = "qf"
QUANTITY: Final = "quantity"

UNITS: Final = {
    unit.code: unit
    for unit in (
        Unit("meal", "repas", "repas"),
        Unit("snack", "goûter", "goûters"),
        Unit("quarter_hour", "quart d’heure", "quarts d’heure"),
        Unit("half_hour", "demi-heure", "demi-heures"),
        Unit("hour", "heure", "heures"),
        Unit("session", "séance", "séances"),
        Unit("half_day", "demi-journée", "demi-journées"),
        Unit("day", "journée", "journées"),
        Unit("week", "semaine", "semaines"),
        Unit("month", "mois", "mois"),
        Unit("term", "trimestre", "trimestres"),
        Unit("year", "année", "années"),
        Unit("trip", "trajet", "trajets"),
        Unit("period", "période", "périodes"),
        Unit("child", "enfant", "enfants"),
        Unit("family", "famille", "familles"),
        Unit("delay", "retard", "retards"),
    )
}

# Certificates, CESU and exports tell these apart: neither food nor a penalty is ever childcare.
COMPONENT_KINDS: Final = {
    "care": "accueil",
    "meal": "repas",
    "snack": "goûter",
    "transport": "transport",
    "activity": "activité",
    "penalty": "majoration",
}

ROUNDINGS: Final = {
    "half_up": (decimal.ROUND_HALF_UP, "au cent le plus proche, le demi-cent vers le haut"),
    "half_down": (decimal.ROUND_HALF_DOWN, "au cent le plus proche, le demi-cent vers le bas"),
    "half_even": (decimal.ROUND_HALF_EVEN, "au cent le plus proche, le demi-cent vers le cent pair"),
    "up": (decimal.ROUND_UP, "au cent supérieur"),
    "down": (decimal.ROUND_DOWN, "au cent inférieur"),
}
ROUNDING_WORDS: Final = dict(ROUNDINGS.values())


def _yes_or_no(name: str, label: str, yes: str, no: str, *, default: bool) -> Fact:
    return Fact(name, "boolean", label, ((True, yes), (False, no)), default)


COMMON_FACTS: Final = {
    fact.name: fact
    for fact in (
        Fact(QF, "quotient", "quotient familial", required=True),
        Fact(QUANTITY, "decimal", "quantité", default=Decimal(1)),
        _yes_or_no("resident", "commune", "habitant de la commune", "hors commune", default=True),
        _yes_or_no("booked", "réservation", "avec réservation", "sans réservation", default=True),
        _yes_or_no(
            "pai_meal_brought", "repas", "repas apporté par la famille (PAI)", "repas fourni", default=False
        ),
        Fact("child_rank", "integer", "rang de l’enfant", default=1),
    )
}
