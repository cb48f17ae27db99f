"""What the database itself refuses: to change or to delete what the journal holds. Triggers, on SQLite and PostgreSQL.

Two doors only, both used by `core.kernel.seals`: an entry without a seal receives one, and the entries of a chain of
reads go once their seal is marked as purged. The triggers are written again after each migration, since a table that
SQLite rebuilds loses its own. `TRUNCATE` on PostgreSQL is left to the owner of the tables: the chain shows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.kernel.models import JournalEntry, JournalSeal, JournalSubject

REFUSAL = "the journal is written once"

_PURGED = "SELECT 1 FROM kernel_journalseal s WHERE s.purged_at IS NOT NULL AND s.id = "
_SEAL_OF_SUBJECT = "(SELECT e.seal_id FROM kernel_journalentry e WHERE e.id = OLD.entry_id)"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: `event` is « UPDATE OF a, b » or « DELETE »; refused when `when` holds, always without it."""

    name: str
    table: str
    event: str
    when: str = ""


def _columns(model: Any, *, but: str) -> str:
    return ", ".join(field.column for field in model._meta.concrete_fields if field.column != but)


def guards() -> Iterator[Guard]:
    entries, subjects, seals = (model._meta.db_table for model in (JournalEntry, JournalSubject, JournalSeal))
    yield Guard("journal_entry_kept", entries, f"UPDATE OF {_columns(JournalEntry, but='seal_id')}")
    yield Guard("journal_entry_sealed", entries, "UPDATE OF seal_id", "OLD.seal_id IS NOT NULL")
    yield Guard("journal_entry_stays", entries, "DELETE", f"NOT EXISTS ({_PURGED}OLD.seal_id)")
    yield Guard("journal_subject_kept", subjects, "UPDATE")
    yield Guard("journal_subject_stays", subjects, "DELETE", f"NOT EXISTS ({_PURGED}{_SEAL_OF_SUBJECT})")
    yield Guard("journal_seal_kept", seals, f"UPDATE OF {_columns(JournalSeal, but='purged_at')}")
    yield Guard(
        "journal_seal_purged",
        seals,
        "UPDATE OF purged_at",
        "OLD.purged_at IS NOT NULL OR OLD.chain <> 'reads'",
    )
    yield Guard("journal_seal_stays", seals, "DELETE")


def install(**kwargs: Any) -> None:
    """Write the triggers; twice is once. Receiver of `post_migrate`."""
    with connection.cursor() as cursor:
        for guard in guards():
            for statement in _statements(guard):
                cursor.execute(statement)


def remove() -> None:
    """Take the triggers away, for tests that empty the tables."""
    on = " ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for guard in guards():
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on.format(table=guard.table)}")


def missing() -> list[str]:
    """Names of the triggers that are not there. One statement."""
    query = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    return [guard.name for guard in guards() if guard.name not in there]


def _statements(guard: Guard) -> Iterator[str]:
    if connection.vendor == "postgresql":
        body = f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"
        if guard.when:  # not in the trigger's own WHEN: it may hold no subquery
            body = f"IF {guard.when} THEN {body} END IF;"
        result = "OLD" if guard.event == "DELETE" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN {result}; END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
        )
    else:
        when = f"WHEN {guard.when} " if guard.when else ""
        yield f"DROP TRIGGER IF EXISTS {guard.name}"
        yield (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
