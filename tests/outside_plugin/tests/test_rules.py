"""Why something may not be done: no database."""

from datetime import date, timedelta

import pytest

from core.contracts.money import Money
from core.contracts.pricing import Explanation, Price
from plugins.musique.models import Course, Term
from plugins.musique.rules import refusal, withdrawal_refusal

FIRST, LAST = date(2026, 11, 1), date(2027, 1, 20)
TERM = Term(starts_on=date(2027, 1, 4), enrolment_from=FIRST, enrolment_until=LAST)
PRICE = Price((), Money(4200), Explanation(()))


def told(*, taken: int = 0, enrolled: bool = False, quote: Price | str = PRICE, today: date = FIRST) -> str:
    return refusal(Course(term=TERM, capacity=2, taken=taken), enrolled=enrolled, quote=quote, today=today)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({}, ""),
        ({"today": LAST, "taken": 1}, ""),
        ({"today": FIRST - timedelta(days=1)}, "Les inscriptions ouvrent le dimanche 1er\u00a0novembre."),
        ({"today": LAST + timedelta(days=1)}, "Les inscriptions de ce trimestre sont closes."),
        ({"taken": 2}, "Ce cours est complet."),
        ({"enrolled": True, "taken": 2}, "Cet enfant est déjà inscrit à ce cours."),
        ({"quote": "Le tarif n’a pas de prix."}, "Le tarif n’a pas de prix."),
    ],
)
def test_why_a_child_may_not_be_enrolled(case: dict[str, object], said: str) -> None:
    assert told(**case) == said  # type: ignore[arg-type]


def test_a_family_withdraws_until_some_days_before_the_term() -> None:
    assert withdrawal_refusal(TERM, days=7, today=date(2026, 12, 28)) == ""
    late = withdrawal_refusal(TERM, days=7, today=date(2026, 12, 29))
    assert late.endswith("jusqu’au lundi 28\u00a0décembre. Appelez l’école.")
