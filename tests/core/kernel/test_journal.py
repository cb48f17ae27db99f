"""The journal: what an entry holds, and that nobody rewrites it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from core.kernel import journal
from core.testing.factories import FamilyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_entry_holds_identifiers_and_differences_that_any_reader_of_json_understands() -> None:
    agent, family, person = UserFactory(), FamilyFactory(), uuid4()
    entry = journal.record(
        actor=agent,
        act="tests.done",
        object=family,
        concerning=[family, ("families.Person", person), family],
        on_behalf_of=person,
        changes={"day": [None, date(2026, 11, 23)], "value": [Decimal("2.40"), person]},
        reason="x" * 400,
    )
    entry.refresh_from_db()
    assert (entry.actor, entry.on_behalf_of, entry.is_read) == (agent.pk, person, False)
    assert (entry.object_kind, entry.object_id) == ("families.family", str(family.pk))
    assert entry.changes == {"day": [None, "2026-11-23"], "value": ["2.40", str(person)]}
    assert len(entry.reason) == 300
    assert set(entry.subjects.values_list("kind", "subject")) == {
        ("families.family", family.pk),
        ("families.person", person),
    }


def test_the_machine_and_nobody_in_particular() -> None:
    entry = journal.read(actor=None, act="tests.seen", object=("kernel.jobrun", "12"))
    assert (entry.actor, entry.is_read, entry.service, entry.subjects.count()) == (None, True, "", 0)
