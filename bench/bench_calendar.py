"""The booking calendar on a period of 140 days, and a month saved, in towns of two sizes: data sets M and M×4."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

from harness import (  # fmt: skip
    Report,
    Times,
    analyze,
    aside,
    at_most,
    child_process,
    clocked,
    clone,
    migrate,
    start,
    statements,
    timed,
    times,
    visit,
)

SIZES = (1, 4)
FIRST, PERIOD = date(2026, 12, 1), timedelta(days=140)
SAVED = 16
BOUNDS = {
    f"{name} of M{size}, {figure}": at_most(limit)
    for size in ("", "×4")
    for name, figure, limit in (
        ("calendar of 140 days", "statements", 15),
        ("calendar of 140 days", "p95", 150),
        ("calendar of a month", "statements", 15),
        ("16 days added", "statements", 15),
        ("16 days removed", "statements", 15),
        ("16 days added", "transactions", 1),
        ("16 days removed", "transactions", 1),
    )
}


def main() -> int:
    start()
    migrate()
    report = Report(BOUNDS)
    with aside() as admin:
        for copies in SIZES:
            database = clone(admin, "app", f"m{copies}")
            child_process(__file__, "build", database, copies)
            of = "of M" if copies == 1 else f"of M×{copies}"
            for name, figure, value, unit in json.loads(child_process(__file__, "measure", database, copies)):
                report.say(f"{name} {of}, {figure}", value, unit)
            admin.execute(f"DROP DATABASE {database}")
    return report.close()


def build(copies: int) -> None:
    """The town of M, its canteen open on the 100 school days of the period, which one booking window covers."""
    import dataset

    from core.accounts.models import User
    from core.families.models import Guardian
    from plugins.enfance.models import Activity, BookingWindow, Session
    from plugins.enfance.services import generate_sessions

    dataset.build(copies)
    canteen = Activity.objects.get()
    days = [FIRST + timedelta(days=n) for n in range(PERIOD.days)]
    days = [day for day in days if day.weekday() in (0, 1, 2, 3, 4)]
    generate_sessions(
        activity=canteen, site=Session.objects.first().site, days=days, capacity=dataset.CHILDREN * copies
    )
    BookingWindow.objects.create(
        activity=canteen,
        name="Cent quarante jours",
        first_day=FIRST,
        last_day=FIRST + PERIOD - timedelta(days=1),
        opens_at=datetime(2026, 11, 1, tzinfo=UTC),
        closes_at=datetime(2027, 5, 1, tzinfo=UTC),
    )
    guardian = Guardian.objects.select_related("person").order_by("family__name")[0]
    guardian.person.user = User.objects.create(username="parent", email="parent@example.org")
    guardian.person.save()
    analyze()


def measure(copies: int) -> None:
    """Print [name, figure, value, unit] of each."""
    from harness import signed_in, static_files

    from core.families.models import ChildInFamily
    from plugins.enfance.models import Booking, BookingWindow, Session

    if copies == 1:
        static_files()
    client, found = signed_in("parent"), []
    address = "/espace-famille/reservations/"
    period = f"{address}?periode={BookingWindow.objects.get().pk}"
    for name, where in (("calendar of 140 days", period), ("calendar of a month", f"{address}?mois=2027-03")):
        for _ in range(3):
            visit(client, where)
        found.append(
            (name, "statements", len(statements(lambda where=where: visit(client, where))), "statements")
        )
        tell(found, name, timed(lambda where=where: visit(client, where), rounds=100))
    assert visit(client, period).content.decode().count('type="checkbox"') > 150
    child = ChildInFamily.objects.filter(family__name="Famille 00000").values_list("child", flat=True)[0]
    sessions = (
        Session.objects.filter(date__gte=date(2027, 2, 1)).order_by("date").values_list("pk", flat=True)
    )
    days = [f"{child}.{session}" for session in sessions[:SAVED]]
    before = Booking.objects.filter(cancelled_at=None).count()

    def save(name: str) -> None:
        answer = client.post(f"{address}confirmer/?mois=2027-02", {name: days})
        assert answer.status_code == 302

    save("ajouter")
    assert Booking.objects.filter(cancelled_at=None).count() == before + SAVED
    save("retirer")
    assert Booking.objects.filter(cancelled_at=None).count() == before
    for name, field in (("16 days added", "ajouter"), ("16 days removed", "retirer")):
        made = statements(lambda field=field: save(field))
        found.append((name, "statements", len(made), "statements"))
        found.append((name, "transactions", made.count("BEGIN"), "transactions"))
    rounds = [(clocked(lambda: save("ajouter")), clocked(lambda: save("retirer"))) for _ in range(40)]
    tell(found, "16 days added", times(added for added, _ in rounds))
    tell(found, "16 days removed", times(removed for _, removed in rounds))
    print(json.dumps(found))


def tell(found: list[tuple[str, str, float, str]], name: str, measured: Times) -> None:
    found += [(name, figure, value, "ms") for figure, value in asdict(measured).items()]


if __name__ == "__main__":
    if len(sys.argv) == 1:
        raise SystemExit(main())
    _, act, database, copies = sys.argv
    start(database)
    {"build": build, "measure": measure}[act](int(copies))
