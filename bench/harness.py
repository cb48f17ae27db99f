"""What every benchmark shares: production settings, figures against their bounds, statements counted, time measured.

A benchmark is `bench_<name>.py`, one command on its own: `scripts/with-postgres .venv/bin/python bench/bench_home.py`.
It states its bounds as data, prints each figure on a line `name: value unit`, and exits with 1 when one is missed.
"""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = "measured_settings"


@dataclass(frozen=True, slots=True)
class Bound:
    limit: float
    at_least: bool = False

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {_number(self.limit)}"


def at_most(limit: float) -> Bound:
    return Bound(limit)


def at_least(limit: float) -> Bound:
    return Bound(limit, at_least=True)


@dataclass
class Report:
    """The figures of one benchmark. Every bound must meet its figure: a misspelt name is not a bound that holds."""

    bounds: Mapping[str, Bound]
    met: set[str] = field(default_factory=set)
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.say("cores", os.cpu_count() or 1, "cores")
        self.say("load before", os.getloadavg()[0], "processes")  # times of a busy machine are not ours

    def say(self, name: str, value: float, unit: str) -> None:
        print(f"{name}: {_number(value)} {unit}", flush=True)
        if name in self.bounds:
            self.met.add(name)
            if not self.bounds[name].holds(value):
                self.missed.append(f"{name}: {_number(value)} {unit}, {self.bounds[name]} wanted")

    def close(self) -> int:
        """Exit status."""
        missed = self.missed + [f"{name}: not measured" for name in self.bounds if name not in self.met]
        for line in missed:
            print(f"missed — {line}", flush=True)
        return 1 if missed else 0


def _number(value: float) -> str:
    """Three significant digits for what is measured, all of them for what is counted."""
    if value == int(value) or abs(value) >= 1000:
        return str(round(value))
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def start(database: str | None = None) -> None:
    """Django with the settings of production; `database` is another database of the same cluster."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    if "DATABASE_URL" not in os.environ:
        sys.exit("on PostgreSQL: scripts/with-postgres .venv/bin/python bench/…")
    if database:
        os.environ["DATABASE_URL"] = address_of(database)
    import django

    django.setup()


def address_of(database: str) -> str:
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/{database}?{options}"


@contextmanager
def aside() -> Iterator[Any]:
    """A connection to another database of the cluster: one that is copied may have no visitor."""
    import psycopg
    from django.db import connections

    connections.close_all()
    with psycopg.connect(address_of("postgres"), autocommit=True) as admin:
        yield admin


def clone(admin: Any, template: str, name: str) -> str:
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def child_process(script: str, act: str, database: str, copies: int) -> str:
    """What `script act database copies` prints last: data of one size, in a process that has seen no other."""
    command = [sys.executable, script, act, database, str(copies)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout.splitlines()[-1] if done.stdout else ""


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def demo_town() -> None:
    """The demo, its static files, and what PostgreSQL knows of a town that has lived."""
    from django.conf import settings
    from django.core.management import call_command

    migrate()
    Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    call_command("demo", stdout=StringIO())
    static_files()
    analyze()


def static_files() -> None:
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def analyze() -> None:
    """What autovacuum does in a town, and the cluster of the lanes leaves out."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def signed_in(username: str) -> Any:
    """A client whose session is there already, as after yesterday's sign-in."""
    from django.conf import settings
    from django.test import Client

    from core.accounts.models import User

    client = Client()
    user = User.objects.get(username=username)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def visit(client: Any, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer


def statements(act: Callable[[], object]) -> list[str]:
    """The SQL of what `act` does, transactions and COPY included."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        act()
    return [query["sql"] for query in queries.captured_queries]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one act done many times; `processor` is this process's own part of the median."""

    median: float
    p95: float
    processor: float


def timed(act: Callable[[], object], *, rounds: int = 200, warm: int = 10) -> Times:
    for _ in range(warm):
        act()
    gc.collect()
    return times(clocked(act) for _ in range(rounds))


def clocked(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the clock, of the processor."""
    started, busy = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000


def times(found: Iterable[tuple[float, float]]) -> Times:
    clock, processor = zip(*found, strict=True)
    return Times(median(clock), quantiles(clock, n=20)[-1], median(processor))


def page(report: Report, name: str, client: Any, address: str) -> None:
    """Statements, median and p95 of a page that this process has shown before."""
    for _ in range(3):
        visit(client, address)
    report.say(f"{name}, statements", len(statements(lambda: visit(client, address))), "statements")
    found = timed(lambda: visit(client, address))
    for figure, value in asdict(found).items():
        report.say(f"{name}, {figure}", value, "ms")
