"""Invoicing data set M, M×4 and M×20, each in a process of its own, beside a floor: one insert of the same rows.

A run is what the agents' two buttons do: create, draft, then issue; statements of PostgreSQL are all counted,
transactions and COPY included. The floor writes the very rows that the run wrote (heads, lines, invoices, ledger,
deliveries, tasks…) into a copy of the same database, with INSERT … SELECT, in one transaction.
"""

import json
import os
import resource
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from harness import Report, address_of, aside, at_most, child_process, clone, migrate, start

SIZES = {1: 3, 4: 2, 20: 1}
"""How many times the month is repeated, and how many runs are timed: the fastest counts."""

MIB = 1024  # the kernel counts memory in KiB
BOUNDS = {
    "invoicing M, statements": at_most(40),
    "invoicing M, time": at_most(1.5),
    "invoicing M, time over floor": at_most(6),
    "invoicing M×4, time over M": at_most(4.4),
    "invoicing M×20, time over M": at_most(22),
    "invoicing M×20, memory": at_most(300),
}
TOTALS = {1: 41_872_00, 4: 167_488_00, 20: 837_440_00}


def main() -> int:
    start()
    migrate()
    report = Report(BOUNDS)
    of_one: dict[str, float] = {}
    with aside() as admin:
        for copies, runs in SIZES.items():
            template = clone(admin, "app", f"m{copies}")
            child_process(__file__, "build", template, copies)
            done = [clone(admin, template, f"m{copies}_{number}") for number in range(runs)]
            timed = [json.loads(child_process(__file__, "run", name, copies)) for name in done]
            fastest = min(timed, key=lambda found: found["seconds"])
            fastest["floor"] = min(
                floor(done[0], clone(admin, template, f"floor_{number}")) for number in range(runs)
            )
            for name in (*done, *(f"floor_{number}" for number in range(runs)), template):
                admin.execute(f"DROP DATABASE {name}")
            of_one = of_one or fastest
            tell(report, "M" if copies == 1 else f"M×{copies}", fastest, of_one)
    return report.close()


def tell(report: Report, name: str, found: dict[str, float], of_one: dict[str, float]) -> None:
    report.say(f"invoicing {name}, statements", found["statements"], "statements")
    report.say(f"invoicing {name}, time", found["seconds"], "s")
    report.say(f"invoicing {name}, processor time", found["processor"], "s")
    report.say(f"invoicing {name}, floor", found["floor"], "s")
    report.say(f"invoicing {name}, time over floor", found["seconds"] / found["floor"], "times")
    report.say(f"invoicing {name}, memory", found["memory"] / MIB, "MB")
    if found is not of_one:
        report.say(f"invoicing {name}, time over M", found["seconds"] / of_one["seconds"], "times")


# In a process of its own ----------------------------------------------------------------------------------------------


def build(copies: int) -> None:
    import dataset

    assert dataset.TOTAL_CENTS * copies == TOTALS[copies]
    dataset.build(copies)


def run(copies: int) -> None:
    """Bill January and print the figures; the invoices must add up to the euro."""
    from django.db import connection
    from django.db.models import Sum
    from django.test.utils import CaptureQueriesContext

    from core.contracts.billing import Period
    from core.kernel import state
    from plugins.facturation.models import BilledLine, Invoice
    from plugins.facturation.services import issuing, runs

    now, today = datetime(2027, 2, 1, 8, tzinfo=UTC), date(2027, 2, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    busy, started = processor(backend), time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        with state.snapshot():
            january = Period.of(date(2027, 1, 1))
            made = runs.create_run(period=january, excluded_sources=[], actor=None, now=now, today=today)
            runs.draft_run(run_id=made.pk, now=now)
        with state.snapshot():
            issuing.start_issue(run_id=made.pk, today=today)
            issuing.issue_run(run_id=made.pk, now=now)
    seconds = time.perf_counter() - started
    busy = processor(backend) - busy
    assert Invoice.objects.count() == 500 * copies
    assert BilledLine.objects.count() == 12_800 * copies
    assert Invoice.objects.aggregate(cents=Sum("total_cents"))["cents"] == TOTALS[copies]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "processor": busy, "statements": len(queries), "memory": peak}))


def processor(backend: int) -> float:
    """Seconds of processor so far, this process's and its database's; 0 for the latter where /proc is not Linux's."""
    try:
        fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.process_time()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# The floor -----------------------------------------------------------------------------------------------------------


def floor(done: str, fresh: str) -> float:
    """Seconds to insert what the run of `done` added into `fresh`, a copy of the database as it was before."""
    import psycopg

    with psycopg.connect(address_of(done)) as source, psycopg.connect(address_of(fresh)) as target:
        grown = [
            table
            for table in tables(target)
            if count(source, table) > count(target, table) and not table.startswith("django_session")
        ]
        for table in grown:
            target.execute(f'CREATE UNLOGGED TABLE "stage_{table}" AS SELECT * FROM "{table}" WITH NO DATA')
            known = f'SELECT * FROM "{table}"'
            with (
                source.cursor().copy(f"COPY ({known}) TO STDOUT (FORMAT binary)") as read,
                target.cursor().copy(f'COPY "stage_{table}" FROM STDIN (FORMAT binary)') as write,
            ):
                for block in read:
                    write.write(block)
            target.execute(f'DELETE FROM "stage_{table}" s USING "{table}" t WHERE t.id = s.id')
        target.commit()
        started = time.perf_counter()
        for table in grown:
            target.execute(f'INSERT INTO "{table}" OVERRIDING SYSTEM VALUE SELECT * FROM "stage_{table}"')
        target.commit()  # constraints are deferred until here
        return time.perf_counter() - started


def tables(connection: Any) -> list[str]:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    return [name for (name,) in rows]


def count(connection: Any, table: str) -> int:
    return connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]


if __name__ == "__main__":
    if len(sys.argv) == 1:
        raise SystemExit(main())
    _, act, database, copies = sys.argv
    start(database)
    {"build": build, "run": run}[act](int(copies))
