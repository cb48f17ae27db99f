"""The demo's canteen and leisure centre: two school years of sessions, who is enrolled, a history of bookings.

Bassens publishes no tariff: those of other towns of the Gironde stand in, and the page says so. Every price comes
from the engine and every row is what `save_bookings` would have written. No billing touch: nothing is billed yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction

from core.contracts.demo import Demo
from core.contracts.family import QuotientRef
from core.contracts.pricing import Explanation, Price
from core.families.models import ChildInFamily, Guardian, Schooling
from core.families.quotients import quotient_on
from core.families.selectors import quotients_of
from core.families.selectors.custody import calendars
from core.pricing.engine import price
from core.pricing.format import shipped
from core.pricing.models import TariffVersion
from core.pricing.services import import_tariff, publish, store_explanations
from core.town.calendar import HOLIDAYS, ONE_DAY, SCHOOL_DAYS, SchoolCalendar
from core.town.models import SchoolYear, Site
from core.town.selectors import calendar
from plugins.enfance.models import Activity, Booking, BookingRule, BookingWindow, Enrolment, Session, Unit
from plugins.enfance.prices import as_fact, situation
from plugins.enfance.rules import instant
from plugins.enfance.services import generate_sessions, lines_of

CANTEEN, ALSH = "restauration-scolaire", "alsh-vacances"
SERVICE, CENTRE = "enfance", "accueil-de-loisirs"
CANTEEN_PLACES, ALSH_PLACES = 180, 48
LEFT = 2  # places of the days to come, for whoever tries the demo

WINDOW_OPENS, WINDOW_CLOSES = timedelta(weeks=6), timedelta(weeks=1)
"""How long before the holidays their window opens and closes; that of the next ones is open on the demo's day."""

HABITS = ((), (1, 2, 4, 5), (1, 2, 4, 5), (1, 2, 4, 5), (1, 4), (2, 4, 5), (1, 2, 5))
"""ISO weekdays on which a child eats at school."""

ALSH_SHARE, ALSH_WEEKS = 0.35, 0.27
"""Part of the children who are enrolled in the leisure centre, and chance that one of them comes a given week."""

OLD_FAMILIES = 5
"""The whole town has booked the last finished month and this one; before, one family in five: a moderate history."""


@transaction.atomic
def load(demo: Demo) -> list[str]:
    """Write the activities, once; what the demo's users changed afterwards stays. Returns French lines."""
    if Activity.objects.filter(code=CANTEEN).exists():
        return ["Enfance : déjà là."]
    years = list(SchoolYear.objects.filter(starts_on__lte=demo.today).order_by("starts_on"))[-2:]
    days = calendar(years[0].starts_on, years[-1].ends_on)
    canteen, alsh = _activities(demo, years[0].starts_on)
    centre = Site.objects.get(code=CENTRE)
    for school in Site.objects.filter(kind__in=Site.SCHOOL_KINDS):
        open_days = days.open_days(years[0].starts_on, years[-1].ends_on, school.pk, SCHOOL_DAYS)
        generate_sessions(activity=canteen, site=school, days=open_days, capacity=CANTEEN_PLACES)
    holidays = days.open_days(years[0].starts_on, years[-1].ends_on, centre.pk, HOLIDAYS)
    generate_sessions(activity=alsh, site=centre, days=holidays, capacity=ALSH_PLACES)
    _windows(alsh, days, demo.today)
    history = History(demo, canteen, alsh)
    enrolments = _enrol(demo.random("enrolments"), canteen, alsh, centre, years)
    bookings = history.write(enrolments)
    _scarce(alsh, days, demo.today)
    return [f"Enfance : 2 activités, {len(enrolments)} inscriptions, {bookings} réservations."]


def _activities(demo: Demo, first_day: date) -> tuple[Activity, Activity]:
    for name in ("cantine-saint-caprais-de-bordeaux", "alsh-saint-medard-en-jalles"):
        publish(version=import_tariff(document=shipped(name)))
    canteen = Activity.objects.create(
        code=CANTEEN,
        name="Restauration scolaire",
        short_name="Cantine",
        kind=Activity.Kind.CANTEEN,
        service=SERVICE,
        unit=Unit.MEAL,
        tariff="restauration-scolaire",
    )
    alsh = Activity.objects.create(
        code=ALSH,
        name="Accueil de loisirs (ALSH) des vacances",
        short_name="Accueil de loisirs",
        kind=Activity.Kind.HOLIDAYS,
        service=SERVICE,
        unit=Unit.DAY,
        tariff="alsh",
        tariff_facts={"format": "day_meal"},
        by_window=True,
        position=2,
    )
    for activity, of in ((canteen, "activity"), (alsh, "service")):
        BookingRule.objects.create(
            activity=activity,
            valid_from=first_day,
            cut_off={"kind": "previous_open_day", "before": "09:00", "of": of},
        )
    return canteen, alsh


def _windows(alsh: Activity, days: SchoolCalendar, today: date) -> None:
    """One window a holiday period. That of the next holidays is open today, or of these when no others are known."""
    coming = days.next_holidays(today) or days.holiday(today)
    for year in days.years:
        for period in year.holidays:
            if period.is_bridge:
                continue
            opens, closes = period.first - WINDOW_OPENS, period.first - WINDOW_CLOSES
            if coming and period.first == coming.first:
                opens, closes = min(opens, today - WINDOW_CLOSES), max(closes, today + WINDOW_CLOSES)
            BookingWindow.objects.create(
                activity=alsh,
                name=period.name,
                first_day=period.first,
                last_day=period.last,
                opens_at=instant(opens, time(9)),
                closes_at=instant(closes, time.min),
            )


def _enrol(
    rng: Random, canteen: Activity, alsh: Activity, centre: Site, years: list[SchoolYear]
) -> list[Enrolment]:
    """Every pupil eats at school; a part of them also goes to the leisure centre. In each of the child's families."""
    homes: dict[UUID, list[UUID]] = defaultdict(list)
    for child, family in ChildInFamily.objects.order_by("pk").values_list("child_id", "family_id"):
        homes[child].append(family)
    known = {Guardian.objects.filter(person__user__username=name).values_list("family", flat=True).first()
             for name in ("parent", "coparent", "voisin")}  # fmt: skip
    schoolings = Schooling.objects.filter(school_year__in=years).select_related("school_year").order_by("pk")
    regulars: dict[UUID, bool] = {}
    rows = []
    for schooling in schoolings:
        child, year = schooling.child_id, schooling.school_year
        if child not in regulars:
            regulars[child] = rng.random() < ALSH_SHARE or not known.isdisjoint(homes[child])
        for family in homes[child]:
            where = [(canteen, schooling.site_id)] + ([(alsh, centre.pk)] if regulars[child] else [])
            rows += [
                Enrolment(
                    child_id=child,
                    family_id=family,
                    activity=activity,
                    site_id=site,
                    valid_from=year.starts_on,
                    valid_to=year.ends_on,
                )
                for activity, site in where
            ]
    return Enrolment.objects.bulk_create(rows)


def _scarce(alsh: Activity, days: SchoolCalendar, today: date) -> None:
    """In the next holidays, an outing that is full and another with one place left."""
    coming = days.next_holidays(today)
    if coming:
        found = Session.objects.filter(activity=alsh, date__range=(coming.first, coming.last)).order_by(
            "date"
        )
        for session, left in zip(found[1:3], (0, 1), strict=False):
            session.capacity = session.taken + left
            session.save(update_fields=["capacity"])


class History:
    """Draws who came when, and gathers the rows."""

    def __init__(self, demo: Demo, canteen: Activity, alsh: Activity) -> None:
        self.rng, self.today = demo.random("bookings"), demo.today
        self.second = demo.random("second homes")
        self.canteen, self.alsh = canteen, alsh
        self.sessions: dict[tuple[UUID, UUID], list[Session]] = defaultdict(list)
        for session in Session.objects.order_by("date"):
            self.sessions[session.activity_id, session.site_id].append(session)
        dates = [session.date for group in self.sessions.values() for session in group]
        links = ChildInFamily.objects.order_by("pk").values_list("child", "family")
        self.custody = calendars({child for child, _family in links}, min(dates), max(dates))
        self.versions = {
            version.code: version
            for version in TariffVersion.objects.filter(code__in=[canteen.tariff, alsh.tariff])
        }
        guardians = Guardian.objects.filter(position=1).select_related("family", "person")
        self.payers = {guardian.family_id: guardian for guardian in guardians}
        self.quotients: dict[UUID, list[QuotientRef]] = quotients_of(self.payers)
        self.quotes: dict[tuple[str, UUID, QuotientRef | None], tuple[Price, list[dict[str, str | int]]]] = {}
        self.explained: dict[str, Explanation] = {}
        self.taken: dict[UUID, int] = defaultdict(int)
        month = demo.today.replace(day=1)
        self.until = (month + timedelta(days=32)).replace(day=1) - ONE_DAY
        self.whole_town_from = (month - ONE_DAY).replace(day=1)
        # In the order in which they were drawn: identifiers, which are new each time, decide of nothing.
        self.old_families = set(list(dict.fromkeys(family for _child, family in links))[::OLD_FAMILIES])

    def write(self, enrolments: Iterable[Enrolment]) -> int:
        rows = list(self._rows(enrolments))
        store_explanations(self.explained.values())
        Booking.objects.bulk_create(rows, batch_size=2000)
        filled = [session for group in self.sessions.values() for session in group if self.taken[session.pk]]
        for session in filled:
            session.taken = self.taken[session.pk]
        Session.objects.bulk_update(filled, ["taken"], batch_size=300)
        return len(rows)

    def _rows(self, enrolments: Iterable[Enrolment]) -> Iterator[Booking]:
        served: set[tuple[UUID, UUID, date]] = set()
        own = self.rng
        for enrolment in enrolments:
            once = (enrolment.child_id, enrolment.activity_id, enrolment.valid_from)
            self.rng = self.second if once in served else own  # a second home disturbs no other family
            served.add(once)
            for session in self._drawn(enrolment):
                home = self.custody.family_on(enrolment.child_id, session.date)
                places = session.capacity - (LEFT if session.date > self.today else 0)
                if home == enrolment.family_id and self.taken[session.pk] < places:
                    self.taken[session.pk] += 1
                    yield self._booking(enrolment, session)

    def _drawn(self, enrolment: Enrolment) -> Iterator[Session]:
        """The sessions that a child comes to."""
        payer = self.payers[enrolment.family_id]
        named = payer.person.user_id is not None
        first = enrolment.valid_from
        if not named and enrolment.family_id not in self.old_families:
            first = max(first, self.whole_town_from)
        last = min(enrolment.valid_to, self.until)
        found = self.sessions[enrolment.activity_id, enrolment.site_id]
        if enrolment.activity_id == self.canteen.pk:
            habit = HABITS[1] if named else self.rng.choice(HABITS)
            for session in found:
                if (
                    first <= session.date <= last
                    and session.date.isoweekday() in habit
                    and self.rng.random() < 0.96
                ):
                    yield session
            return
        weeks: dict[tuple[int, int], bool] = {}
        for session in found:
            day = session.date
            if not first <= day <= enrolment.valid_to or (named and day > self.today):
                continue
            week = day.isocalendar()[:2]
            if week not in weeks:
                open_window = day <= self.today + WINDOW_OPENS
                weeks[week] = open_window and self.rng.random() < ALSH_WEEKS
            if weeks[week]:
                yield session

    def _booking(self, enrolment: Enrolment, session: Session) -> Booking:
        family = self.payers[enrolment.family_id].family
        activity = self.canteen if enrolment.activity_id == self.canteen.pk else self.alsh
        quote, lines = self._quote(activity, family.pk, session.date)
        at = min(instant(session.date - timedelta(days=14), time(20, 30)), self._yesterday_evening)
        return Booking(
            session=session,
            child_id=enrolment.child_id,
            family=family,
            payer=self.payers[family.pk],
            price_cents=quote.total.cents,
            lines=lines,
            explanation=quote.explanation.digest,
            tariff_version=self.versions[activity.tariff],
            booked_at=at,
            booked_by_id=self.payers[family.pk].person.user_id,
        )

    @property
    def _yesterday_evening(self) -> datetime:
        return instant(self.today - ONE_DAY, time(20, 30)).astimezone(UTC)

    def _quote(self, activity: Activity, family: UUID, day: date) -> tuple[Price, list[dict[str, str | int]]]:
        quotient = quotient_on(self.quotients[family], day)
        key = activity.tariff, family, quotient
        if key not in self.quotes:
            stated = situation(
                day,
                quotient=as_fact(quotient),
                resident=self.payers[family].family.resident,
                rank=1,
                activity=activity.tariff_facts,
            )
            quote = price(self.versions[activity.tariff].tariff, stated)
            self.explained[quote.explanation.digest] = quote.explanation
            self.quotes[key] = quote, lines_of(quote)
        return self.quotes[key]
