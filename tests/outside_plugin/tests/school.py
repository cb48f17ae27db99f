"""A term that begins on 4 January 2027, and its piano; the tests' day is 23 November 2026."""

import json
from datetime import date, time
from importlib.resources import files

from core.contracts.family import FamilyContext
from core.families.selectors import context_of
from core.families.services import record_quotient
from core.pricing.services import import_tariff, publish
from core.testing.factories import ChildFactory, GuardianFactory
from plugins.musique.models import Course, Term

TODAY = date(2026, 11, 23)
BEGINS = date(2027, 1, 4)


def publish_tariff() -> None:
    document = files("plugins.musique").joinpath("tariffs", "ecole-de-musique.json").read_text("utf-8")
    publish(version=import_tariff(document=json.loads(document)))


def piano(*, capacity: int = 2, starts_on: date = BEGINS, code: str = "piano") -> Course:
    term, _made = Term.objects.get_or_create(
        starts_on=starts_on,
        defaults={
            "name": "Trimestre d’hiver",
            "ends_on": date(2027, 3, 31),
            "enrolment_from": date(2026, 11, 1),
            "enrolment_until": date(2027, 1, 20),
        },
    )
    return Course.objects.create(
        term=term,
        code=code,
        name="Piano",
        weekday=Course.Day.MONDAY,
        starts_at=time(17),
        ends_at=time(18),
        capacity=capacity,
    )


def household(*, quotient_cents: int | None = 95000, today: date = TODAY) -> FamilyContext:
    """A guardian with an account and one child."""
    guardian = GuardianFactory()
    ChildFactory(families=[guardian.family])
    if quotient_cents is not None:
        record_quotient(
            family=guardian.family,
            value_cents=quotient_cents,
            kind="caf",
            month=date(2026, 9, 1),
            valid_from=date(2026, 9, 1),
        )
    context = context_of(guardian.person.user, today)
    assert context
    return context
