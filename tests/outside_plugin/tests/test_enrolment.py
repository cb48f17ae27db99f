"""Places, prices that stay, what is billed, what is forgotten."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from school import BEGINS, TODAY, household, piano, publish_tariff

from core.contracts.billing import Period, Scope
from core.families.models import BillingTouch
from core.kernel import configuration
from core.pricing.selectors import explanations
from plugins.musique import selectors
from plugins.musique.models import Course, Enrolment
from plugins.musique.services import Refused, enrol, forget, withdraw

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
JANUARY = Scope(Period.of(BEGINS))


@pytest.fixture(autouse=True)
def tariff() -> None:
    publish_tariff()


def test_what_is_billed_is_what_was_told_and_stays_so() -> None:
    family, course = household(), piano()
    child = family.children[0].id
    held = enrol(course=course, child=child, family=family, instrument_lent=True, actor=None)
    assert BillingTouch.objects.filter(child=child, period=BEGINS.replace(day=1)).exists()
    (line,) = selectors.billable(JANUARY)
    assert line.key == f"{child}:piano:trimestre:2027-01-04"
    assert (line.payer, line.service_date, line.amount.cents) == (family.guardian.id, BEGINS, 8100)
    products = [(part.product, part.amount.cents) for part in line.components]
    assert products == [("musique-cours", 6300), ("musique-instrument", 1800)]
    assert "950" in str(explanations([line.explanation])[line.explanation])
    assert list(selectors.billable(Scope(Period.of(TODAY)))) == []
    withdraw(enrolment=held, now=NOW, today=TODAY, by_family=True)
    withdraw(enrolment=held, now=NOW, today=TODAY, by_family=True)
    assert list(selectors.billable(JANUARY)) == []
    assert Course.objects.get().taken == 0


def test_without_a_quotient_or_a_loan_the_tariff_decides() -> None:
    configuration.record(
        key="musique.settings",
        document={"lends_instruments": False, "withdrawal_days": 7, "phone": ""},
        after=0,
        author="test",
        at=NOW,
    )
    family, course = household(quotient_cents=None), piano()
    held = enrol(course=course, child=family.children[0].id, family=family, instrument_lent=True, actor=None)
    assert (held.price_cents, held.instrument_lent) == (8400, False)


def test_a_late_enrolment_is_billed_in_its_month() -> None:
    course = piano(starts_on=date(2026, 11, 2))
    family = household()
    held = enrol(course=course, child=family.children[0].id, family=family, instrument_lent=False, actor=None)
    assert held.service_date == TODAY


def test_one_place_is_taken_once() -> None:
    course = piano(capacity=1)
    first, second = household(), household()
    wanted = {"course": course, "instrument_lent": False, "actor": None}
    enrol(child=first.children[0].id, family=first, **wanted)
    with pytest.raises(Refused, match="déjà inscrit"):
        enrol(child=first.children[0].id, family=first, **wanted)
    with pytest.raises(Refused, match="complet"):
        enrol(child=second.children[0].id, family=second, **wanted)
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.update(taken=2)


def test_a_family_that_is_late_calls_and_an_agent_does_it() -> None:
    course = piano(starts_on=date(2026, 11, 27))
    family = household()
    held = enrol(course=course, child=family.children[0].id, family=family, instrument_lent=False, actor=None)
    with pytest.raises(Refused, match="Appelez l’école"):
        withdraw(enrolment=held, now=NOW, today=TODAY, by_family=True)
    withdraw(enrolment=held, now=NOW, today=TODAY, by_family=False)
    assert Enrolment.objects.get().cancelled_at == NOW


def test_what_was_taken_back_is_forgotten_a_year_after_its_term() -> None:
    family, course = household(), piano()
    wanted = {"course": course, "family": family, "instrument_lent": False, "actor": None}
    held = enrol(child=family.children[0].id, **wanted)
    withdraw(enrolment=held, now=NOW, today=TODAY, by_family=True)
    enrol(child=family.children[0].id, **wanted)
    assert forget(datetime(2028, 3, 30, tzinfo=UTC)) == 0
    assert forget(datetime(2028, 3, 31, tzinfo=UTC)) == 1
    assert Enrolment.objects.get().cancelled_at is None
