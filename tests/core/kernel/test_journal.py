"""The journal: what an entry holds, and that nobody rewrites it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction

from core.kernel import clock, doctor, guards, journal, seals
from core.kernel.models import JournalEntry, JournalSeal, JournalSubject
from core.testing.factories import FamilyFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


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


# What the database refuses ------------------------------------------------------------------------------------------


def entry(**given: Any) -> JournalEntry:
    values = {
        "actor": None,
        "act": "tests.done",
        "object": ("tests.thing", "1"),
        "concerning": [("a.b", uuid4())],
    }
    return journal.record(**(values | given))


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        act()


def test_the_database_refuses_to_change_or_delete_an_entry() -> None:
    written = entry()
    one = JournalEntry.objects.filter(pk=written.pk)
    refused(lambda: one.update(reason="autre"))
    refused(lambda: one.update(at=NOW))
    refused(lambda: one.delete())
    refused(lambda: one._raw_delete(DEFAULT_DB_ALIAS))
    refused(lambda: JournalSubject.objects.update(subject=uuid4()))
    refused(lambda: JournalSubject.objects.all().delete())


def test_the_database_refuses_to_change_a_seal_or_what_it_covers() -> None:
    entry()
    seals.seal_all(NOW)
    refused(lambda: JournalEntry.objects.update(seal=None))
    refused(lambda: JournalSeal.objects.update(digest=""))
    refused(lambda: JournalSeal.objects.update(purged_at=NOW))
    refused(lambda: JournalSeal.objects.all()._raw_delete(DEFAULT_DB_ALIAS))


def test_a_guard_that_is_gone_is_named() -> None:
    assert guards.missing() == []
    guards.remove()
    assert len(guards.missing()) == len(list(guards.guards())) == 8
    guards.install()
    guards.install()
    assert guards.missing() == []


# The chain ----------------------------------------------------------------------------------------------------------


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody who owns the database."""
    guards.remove()
    yield
    guards.install()


def faults() -> list[tuple[str, int]]:
    return [(fault.chain, fault.number) for fault in seals.verify().faults]


def test_entries_are_sealed_in_order_by_batches_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 3)
    for rank in range(7):
        entry(reason=str(rank))
    journal.read(actor=None, act="tests.seen", object=("tests.thing", "1"))
    assert seals.seal_all(NOW) == 8
    assert seals.seal_all(NOW) == 0
    assert [seal.entries.count() for seal in JournalSeal.objects.filter(chain="acts").order_by("number")] == [
        3,
        3,
        1,
    ]
    entry()
    verdict = seals.verify()
    assert (verdict.faults, verdict.entries, verdict.waiting) == ((), 8, 1)
    assert {chain: number for chain, (number, _digest) in verdict.heads.items()} == {"acts": 3, "reads": 1}


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entries: entries.filter(pk=entries[1].pk).update(reason="autre"),
        lambda entries: entries.filter(pk=entries[1].pk).update(changes={"a": 1}),
        lambda entries: entries[1].subjects.update(subject=uuid4()),
        lambda entries: entries[1].delete(),
        lambda entries: JournalSubject.objects.create(entry=entries[1], kind="a.b", subject=uuid4()),
        lambda entries: JournalEntry.objects.create(
            at=NOW, act="tests.done", object_kind="a", object_id="1", seal=entries[1].seal
        ),
    ],
    ids=["reason", "changes", "subject", "gone", "subject added", "put in between"],
)
def test_what_is_tampered_with_shows(
    monkeypatch: pytest.MonkeyPatch, tamper: Callable[[Any], object]
) -> None:
    monkeypatch.setattr(seals, "BATCH", 2)
    for rank in range(6):
        entry(reason=str(rank), changes={"b": 2, "a": [None, 1]})
    seals.seal_all(NOW)
    assert faults() == []
    with unguarded():
        tamper(JournalEntry.objects.order_by("pk"))
    assert faults() == [("acts", 1)]


def test_a_link_that_is_taken_away_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 1)
    for _rank in range(3):
        entry()
    seals.seal_all(NOW)
    with unguarded():
        JournalEntry.objects.filter(seal__number=2).delete()
        JournalSeal.objects.filter(number=2).delete()
    assert faults() == [("acts", 2), ("acts", 3)]


def test_old_reads_go_and_the_chain_holds() -> None:
    journal.read(actor=None, act="tests.seen", object=("tests.thing", "1"), concerning=[("a.b", uuid4())])
    entry()
    seals.seal_all(NOW)
    later = NOW + timedelta(days=300)
    journal.read(actor=None, act="tests.seen", object=("tests.thing", "2"))
    seals.seal_all(later)
    assert seals.purge(NOW + timedelta(days=364)) == 0
    assert seals.purge(NOW + timedelta(days=366)) == 1
    assert {row.act for row in JournalEntry.objects.filter(seal__number=1)} == {"tests.done"}
    assert JournalEntry.objects.count() == 2
    assert faults() == []
    refused(lambda: JournalSeal.objects.filter(chain="reads").update(purged_at=None))


def test_the_doctor_and_the_command_say_what_they_found(capsys: pytest.CaptureFixture[str]) -> None:
    entry()
    call_command("journal", "seal")
    call_command("journal", "verify")
    assert "1 entrées vérifiées, 0 à sceller." in capsys.readouterr().out
    with unguarded():
        JournalEntry.objects.update(reason="autre")
    found = [finding for finding in doctor.examine() if finding.part == "journal"]
    assert [(finding.works, finding.words) for finding in found] == [
        (False, "actes, sceau 1 : le contenu n’est plus celui qui a été scellé")
    ]
    with pytest.raises(CommandError, match="n’est plus celui"):
        call_command("journal", "verify")


def test_entries_that_nobody_seals_are_told() -> None:
    entry()
    now = clock.now()
    assert not seals.late(now + timedelta(hours=23))
    assert seals.late(now + timedelta(hours=25))


@pytest.mark.django_db(transaction=True)
def test_a_test_with_transactions_may_leave_entries_behind() -> None:
    entry()


@pytest.mark.django_db(transaction=True)
def test_they_are_gone_and_the_guards_are_back() -> None:
    assert not JournalEntry.objects.exists()
    entry()
    refused(lambda: JournalEntry.objects.all().delete())
