"""Data set M, the municipal month of `bench.md`: 500 families, 800 children, 12 800 meals in January 2027, 41 872.00 €.

Copies repeat its families: M×4 is `build(4)`. Prices come from the engine, once a quotient; bookings go in by COPY.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from harness import analyze

from core.contracts.pricing import Price, Quotient, Situation
from core.families import models as families
from core.families.services import touch_billing
from core.pricing.engine import price
from core.pricing.models import TariffVersion
from core.pricing.services import import_tariff, publish, store_explanations
from core.town.models import Site
from plugins.enfance.models import Activity, Booking, BookingRule, Enrolment, Session
from plugins.enfance.services import generate_sessions, lines_of
from plugins.facturation.models import ProductMapping, Regie

FAMILIES, WITH_TWO = 500, 300
CHILDREN = FAMILIES + WITH_TWO
JANUARY = date(2027, 1, 1)
SCHOOL_WEEKDAYS = (0, 1, 3, 4)
DAYS = [
    day
    for day in (date(2027, 1, 4) + timedelta(days=n) for n in range(28))
    if day.weekday() in SCHOOL_WEEKDAYS
]
BOOKINGS = CHILDREN * len(DAYS)
TOTAL_CENTS = 41_872_00
BRACKETS = (
    (None, "400", "1.00"),
    ("400", "700", "2.00"),
    ("700", "1000", "3.00"),
    ("1000", "1500", "4.00"),
    ("1500", None, "5.00"),
)
BOOKED_AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
TARIFF = {
    "format": "parvis/tariff@1",
    "code": "cantine",
    "name": "Restauration scolaire",
    "service": "enfance",
    "unit": "meal",
    "decision": {"number": "2026-41", "date": "2026-06-30"},
    "validity": {"from": "2026-09-01", "to": None},
    "components": [
        {
            "kind": "meal",
            "product": "repas",
            "label": "Repas",
            "steps": [
                {
                    "kind": "qf_brackets",
                    "missing": "highest",
                    "brackets": [
                        {"above" if above else "from": above or "0", "to": to, "amount": amount}
                        for above, to, amount in BRACKETS
                    ],
                }
            ],
        }
    ],
    "examples": [{"name": "Première tranche", "situation": {"qf": "400"}, "expected": "1.00"}],
}

assert len(DAYS) == 16 and BOOKINGS == 12_800


def quotient_of(number: int) -> int:
    """The family quotient of family `number`, copies aside."""
    return 150 + 37 * (number % FAMILIES) % 1800


def build(copies: int = 1) -> None:
    """Write the town into an empty database: what a month of bookings through the pages would have left."""
    with transaction.atomic():
        _write(copies)
    analyze()


def _write(copies: int) -> None:
    version = publish(version=import_tariff(document=TARIFF))
    site = Site.objects.create(code="villon", name="École Villon", kind=Site.Kind.SCHOOL_ELEMENTARY)
    canteen = Activity.objects.create(
        code="cantine", name="Restauration scolaire", short_name="Cantine", kind=Activity.Kind.CANTEEN,
        service="enfance", unit="meal", tariff="cantine",
    )  # fmt: skip
    BookingRule.objects.create(
        activity=canteen,
        valid_from=date(2026, 9, 1),
        cut_off={"kind": "previous_open_day", "before": "09:00", "of": "activity"},
    )
    generate_sessions(activity=canteen, site=site, days=DAYS, capacity=CHILDREN * copies)
    regie = Regie.objects.create(code="rest", name="Restauration scolaire", issuer="Mairie de Bassens")
    ProductMapping.objects.create(product="repas", label="Repas", regie=regie, accounting_code="7067")
    owners = _households(FAMILIES * copies)
    enrolments = [
        Enrolment(
            child=child, family=guardian.family, activity=canteen, site=site,
            valid_from=date(2026, 9, 1), valid_to=date(2027, 8, 31),
        )
        for child, guardian, _number in owners
    ]  # fmt: skip
    Enrolment.objects.bulk_create(enrolments, batch_size=2000)
    _book(version, list(Session.objects.filter(activity=canteen).order_by("date")), owners)


def _households(count: int) -> list[tuple[families.Child, families.Guardian, int]]:
    """Each child, who pays for it, and the number of its family."""
    homes, adults, guardians, quotients, people, children, links, owners = ([] for _ in range(8))
    for number in range(count):
        homes.append(families.Family(name=f"Famille {number:05d}", address="1 rue de la Garonne"))
        adults.append(families.Person(first_name="Camille", last_name=f"Roux {number:05d}"))
        guardians.append(families.Guardian(family=homes[-1], person=adults[-1]))
        quotients.append(
            families.Quotient(
                family=homes[-1],
                value_cents=quotient_of(number) * 100,
                month=date(2026, 9, 1),
                valid_from=date(2026, 9, 1),
            )
        )
        for rank in range(2 if number % FAMILIES < WITH_TWO else 1):
            people.append(
                families.Person(
                    first_name=f"Enfant {rank + 1}",
                    last_name=adults[-1].last_name,
                    birth_date=date(2018 + rank, 5, 4),
                )
            )
            children.append(families.Child(person=people[-1]))
            links.append(families.ChildInFamily(family=homes[-1], child=children[-1]))
            owners.append((children[-1], guardians[-1], number))
    for rows in (homes, adults + people, guardians, quotients, children, links):
        type(rows[0])._default_manager.bulk_create(rows, batch_size=2000)
    return owners


def _book(version: TariffVersion, sessions: list[Session], owners: list[tuple]) -> None:
    prices: dict[int, Price] = {}
    for number in range(FAMILIES):
        quotient = Quotient(Decimal(quotient_of(number)), date(2026, 9, 1), "caf")
        facts = {"qf": quotient, "resident": True, "child_rank": 1}
        prices[number] = price(version.tariff, Situation(DAYS[0], facts))
    store_explanations(found.explanation for found in prices.values())
    stored = {number: json.dumps(lines_of(found)) for number, found in prices.items()}
    fields = ("session", "child", "family", "payer", "price_cents", "lines", "explanation", "tariff_version",
              "booked_at", "cancel_reason")  # fmt: skip
    columns = ", ".join(Booking._meta.get_field(name).column for name in fields)

    def rows() -> Iterator[tuple[object, ...]]:
        for session in sessions:
            for child, payer, number in owners:
                found = prices[number % FAMILIES]
                yield (
                    session.pk, child.pk, payer.family_id, payer.pk, found.total.cents, stored[number % FAMILIES],
                    found.explanation.digest, version.pk, BOOKED_AT, "",
                )  # fmt: skip

    with connection.cursor() as cursor, cursor.copy(f"COPY enfance_booking ({columns}) FROM STDIN") as copy:
        for row in rows():
            copy.write_row(row)
    Session.objects.update(taken=len(owners))
    touch_billing(facts=[(child.pk, JANUARY) for child, _payer, _number in owners])
