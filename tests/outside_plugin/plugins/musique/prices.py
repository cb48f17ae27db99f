"""The price of a course for a family, asked to the one engine. Nothing here comes from a browser."""

import logging
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from core.contracts.family import FamilyContext
from core.contracts.pricing import Price, PriceRefusedError, PricingError, Quotient, Situation
from core.families.quotients import quotient_on
from core.pricing.engine import price
from core.pricing.models import TariffVersion
from core.pricing.selectors import versions_for
from plugins.musique.models import Course

logger = logging.getLogger(__name__)

Versions = dict[tuple[str, date], TariffVersion]


def billed_on(course: Course, today: date) -> date:
    """The day that chooses the tariff, the quotient and the month of the invoice."""
    return max(course.term.starts_on, today)


def versions(courses: Iterable[Course], today: date) -> Versions:
    """The tariffs of some courses. One statement."""
    found = list(courses)
    return versions_for({course.tariff for course in found}, {billed_on(course, today) for course in found})


def quote(family: FamilyContext, course: Course, known: Versions, *, lent: bool = False) -> Price | str:
    """The price for this family on its day, or the French sentence in which there is none."""
    on = billed_on(course, family.today)
    version = known.get((course.tariff, on))
    if version is None:
        return _("Le tarif de ce cours n’est pas encore publié.")
    quotient = quotient_on(family.quotients, on)
    situation = Situation(
        on,
        {
            "qf": Quotient(quotient.value, quotient.month, quotient.kind) if quotient else None,  # type: ignore[arg-type]
            "resident": family.resident,
            "instrument": "lent" if lent else "own",
        },
    )
    try:
        return price(version.tariff, situation)
    except PriceRefusedError as refusal:
        return refusal.reason
    except PricingError:
        logger.exception("course %s does not state what its tariff needs", course.code)
        return _("Le prix ne peut pas être calculé : appelez l’école.")
