"""The number of statements does not depend on the number of families (bench.md)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.contracts.billing import BillableLine, Scope
from core.families.models import Child, ChildInFamily, Family, Guardian, Person
from core.families.services import touch_billing
from core.kernel import state
from plugins.facturation.models import BilledLine, Invoice
from tests.plugins.facturation.town import Billing, fact

SCHOOL_DAYS = [
    day for day in (date(2026, 10, 1) + timedelta(days=n) for n in range(31)) if day.weekday() in (0, 1, 3, 4)
][:16]


def a_town(billing: Billing, families: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """`families` households as in data set M: three in five have two children, each booked on sixteen days."""
    homes = [Family(name=f"F{number}") for number in range(families)]
    adults = [Person(first_name="A", last_name=f"N{number:05d}") for number in range(families)]
    guardians = [Guardian(family=home, person=adult) for home, adult in zip(homes, adults, strict=True)]
    people, children, links, owners = [], [], [], []
    for number, home in enumerate(homes):
        for _child in range(2 if number % 5 < 3 else 1):
            people.append(Person(first_name="C", last_name=f"N{number}", birth_date=date(2019, 1, 1)))
            children.append(Child(person=people[-1]))
            links.append(ChildInFamily(family=home, child=children[-1]))
            owners.append(guardians[number])
    for rows in (homes, adults + people, guardians, children, links):
        type(rows[0])._default_manager.bulk_create(rows)  # type: ignore[arg-type]
    by_child: dict[UUID, list[BillableLine]] = {
        child.pk: [fact(child, owner, day, ("repas", 240)) for day in SCHOOL_DAYS]
        for child, owner in zip(children, owners, strict=True)
    }

    def lines(scope: Scope) -> Iterator[BillableLine]:
        for child in sorted(scope.beneficiaries or ()):
            yield from by_child.get(child, ())

    monkeypatch.setattr(billing.source, "billable_lines", lines)
    touch_billing(facts=[(child.pk, SCHOOL_DAYS[0]) for child in children])
    return len(children) * len(SCHOOL_DAYS)


def statements(act: Any) -> int:
    """With one read of what is on, as a request and the task that it starts make them."""
    with state.snapshot(), CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_a_municipal_month(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    """12 800 lines in 40 statements at most, counting transactions and COPY."""
    families = 500 if connection.vendor == "postgresql" else 60
    expected = a_town(billing, families, monkeypatch)
    made = statements(billing.bill)
    assert BilledLine.objects.count() == expected
    assert Invoice.objects.count() == families
    if connection.vendor == "postgresql":  # SQLite takes a statement for a hundred rows
        assert expected == 12_800
        assert made <= 40
    assert statements(billing.bill) <= 40
    assert BilledLine.objects.count() == expected
