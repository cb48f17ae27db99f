"""A small town for the tests of enfance: two schools, a canteen, a leisure centre, priced by quotient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from core.accounts.models import User
from core.contracts.family import FamilyContext
from core.families.models import Child, Family, Guardian, Quotient
from core.families.selectors import context_of
from core.pricing.models import TariffVersion
from core.pricing.services import import_tariff, publish
from core.testing.factories import ChildFactory, FamilyFactory, GuardianFactory, SiteFactory
from core.town.models import Site
from plugins.enfance.models import Activity, BookingRule, BookingWindow, Enrolment, Session, Unit
from plugins.enfance.services import generate_sessions

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 11, 2), date(2027, 1, 29)
HOLIDAYS = (date(2026, 12, 19), date(2027, 1, 3))


def paris(text: str) -> datetime:
    """`paris("2026-12-03 08:59")`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


NOW = paris("2026-11-23 12:00")


def weekdays(first: date, last: date, *wanted: int) -> list[date]:
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if day.isoweekday() in wanted]


def school_days(first: date = FIRST, last: date = LAST) -> list[date]:
    """Monday, Tuesday, Thursday, Friday outside the Christmas holidays."""
    return [day for day in weekdays(first, last, 1, 2, 4, 5) if not HOLIDAYS[0] <= day <= HOLIDAYS[1]]


def holiday_days() -> list[date]:
    days = weekdays(*HOLIDAYS, 1, 2, 3, 4, 5)
    return [day for day in days if day not in (date(2026, 12, 25), date(2027, 1, 1))]


def tariff(code: str, unit: str, *components: tuple[str, str, str]) -> TariffVersion:
    """A published tariff of components (kind, product, amount up to a QF of 700); twice it above or without proof."""

    def brackets(amount: str) -> list[dict[str, str | None]]:
        double = str(Decimal(amount) * 2)
        return [{"from": "0", "to": "700", "amount": amount}, {"above": "700", "to": None, "amount": double}]

    document = {
        "format": "parvis/tariff@1",
        "code": code,
        "name": f"Tarif {code}",
        "service": "enfance",
        "unit": unit,
        "decision": {"number": "2026-01", "date": "2026-06-30"},
        "validity": {"from": "2020-09-01", "to": None},
        "components": [
            {
                "kind": kind,
                "product": product,
                "label": product.capitalize(),
                "steps": [{"kind": "qf_brackets", "missing": "highest", "brackets": brackets(amount)}],
            }
            for kind, product, amount in components
        ],
        "examples": [
            {
                "name": "Tranche basse",
                "situation": {"qf": "300"},
                "expected": str(sum(Decimal(amount) for *_, amount in components)),
            }
        ],
    }
    return publish(version=import_tariff(document=document))


class ActivityFactory(DjangoModelFactory[Activity]):
    class Meta:
        model = Activity

    code = factory.Sequence(lambda n: f"cantine-{n}")
    name = "Restauration scolaire"
    short_name = "Cantine"
    kind = Activity.Kind.CANTEEN
    service = "enfance"
    unit = Unit.MEAL
    tariff = "cantine"


class SessionFactory(DjangoModelFactory[Session]):
    class Meta:
        model = Session

    activity = factory.SubFactory(ActivityFactory)
    site = factory.SubFactory(SiteFactory)
    date = date(2026, 12, 7)
    unit = Unit.MEAL
    capacity = 100


@dataclass
class Household:
    """A family whose only guardian may sign in, and its children."""

    family: Family
    guardian: Guardian
    children: list[Child]

    @property
    def user(self) -> User:
        return self.guardian.person.user

    @property
    def context(self) -> FamilyContext:
        found = context_of(self.user, TODAY)
        assert found is not None
        return found


@dataclass
class Town:
    """Canteen of one school from November to January, leisure centre of the Christmas holidays with its window open."""

    school: Site
    centre: Site
    canteen: Activity
    alsh: Activity
    window: BookingWindow

    def household(self, *, children: int = 1, quotient: int | None = 500, enrolled: bool = True) -> Household:
        family = FamilyFactory()
        guardian = GuardianFactory(family=family)
        kids = [
            ChildFactory(families=[family], site=self.school, person__first_name=f"Enfant{rank}")
            for rank in range(children)
        ]
        if quotient is not None:
            Quotient.objects.create(
                family=family, value_cents=quotient * 100, month=date(2026, 1, 1), valid_from=date(2026, 1, 1)
            )
        if enrolled:
            self.enrol(family, kids)
        return Household(family, guardian, kids)

    def enrol(self, family: Family, kids: Iterable[Child]) -> None:
        Enrolment.objects.bulk_create(
            Enrolment(
                child=child, family=family, activity=activity, site=site, valid_from=FIRST, valid_to=LAST
            )
            for child in kids
            for activity, site in ((self.canteen, self.school), (self.alsh, self.centre))
        )

    def session(self, day: date, activity: Activity | None = None) -> Session:
        return Session.objects.get(activity=activity or self.canteen, date=day)


def make_town(*, places: int = 100) -> Town:
    tariff("cantine", "meal", ("meal", "repas", "1.20"))
    tariff("alsh", "day", ("care", "accueil", "3.00"), ("meal", "repas-alsh", "1.00"))
    school, centre = (
        SiteFactory(name="École Villon"),
        SiteFactory(name="Accueil de loisirs", kind=Site.Kind.ALSH),
    )
    canteen = ActivityFactory(code="cantine")
    alsh = ActivityFactory(
        code="alsh-vacances",
        name="Accueil de loisirs des vacances",
        short_name="Accueil de loisirs",
        kind=Activity.Kind.HOLIDAYS,
        unit=Unit.DAY,
        tariff="alsh",
        by_window=True,
        position=2,
    )
    for activity, of in ((canteen, "activity"), (alsh, "service")):
        BookingRule.objects.create(
            activity=activity,
            valid_from=date(2020, 9, 1),
            cut_off={"kind": "previous_open_day", "before": "09:00", "of": of},
        )
    window = BookingWindow.objects.create(
        activity=alsh,
        name="Vacances de Noël",
        first_day=HOLIDAYS[0],
        last_day=HOLIDAYS[1],
        opens_at=paris("2026-11-09 09:00"),
        closes_at=paris("2026-12-07 00:00"),
    )
    generate_sessions(activity=canteen, site=school, days=school_days(), capacity=places)
    generate_sessions(activity=alsh, site=centre, days=holiday_days(), capacity=places)
    return Town(school, centre, canteen, alsh, window)
