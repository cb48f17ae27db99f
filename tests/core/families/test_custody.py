"""Where a child of two homes lives: worked examples, and one booking family a day whatever the rules are."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.families.custody import (
    Agreed,
    Alternating,
    Always,
    Because,
    Change,
    Custody,
    Holidays,
    Home,
    Rule,
    WeekParity,
    stays,
)
from core.families.models import (
    ChildInFamily,
    CustodyException,
    CustodyRule,
    PickUpBan,
)
from core.families.selectors.custody import custody_of
from core.families.services.custody import (
    CustodyError,
    answer_exception,
    propose_exception,
    record_decision,
    set_rule,
    withdraw_exception,
)
from core.kernel import clock
from core.testing.factories import ChildFactory, FamilyFactory, GuardianFactory, SchoolYearFactory
from core.town.models import HolidayPeriod

A, B = Home.FIRST, Home.SECOND
HOMES = {A: "A", B: "B"}
TODAY = date(2026, 11, 23)  # a Monday, ISO week 48
CHRISTMAS = Holidays(date(2026, 12, 19), date(2027, 1, 3))


def run(pattern, first: date, days: int) -> str:  # type: ignore[no-untyped-def]
    return "".join(HOMES[pattern.home_on(first + timedelta(days=n))] for n in range(days))


class TestWeeks:
    def test_even_weeks_from_monday_morning(self) -> None:
        assert run(WeekParity(A), TODAY, 21) == "A" * 7 + "B" * 7 + "A" * 7

    def test_friday_evening_the_day_itself_is_still_the_other_home(self) -> None:
        """From Friday 27 November (week 48, even) at 18 h: Friday's canteen is booked by the home that is left."""
        pattern = WeekParity(A, Change(5, time(18)))
        assert run(pattern, date(2026, 11, 26), 10) == "BB" + "A" * 7 + "B"

    def test_friday_at_noon_the_day_is_of_the_home_of_arrival(self) -> None:
        pattern = WeekParity(A, Change(5, time(12)))
        assert run(pattern, date(2026, 11, 26), 9) == "B" + "A" * 7 + "B"

    def test_two_odd_weeks_follow_each_other_after_week_53(self) -> None:
        assert run(WeekParity(A), date(2026, 12, 21), 28) == "A" * 7 + "B" * 14 + "A" * 7

    def test_an_anchor_knows_no_week_53(self) -> None:
        pattern = Alternating(date(2026, 11, 25), A)
        assert run(pattern, date(2026, 12, 21), 28) == "A" * 7 + "B" * 7 + "A" * 7 + "B" * 7
        assert run(pattern, date(2026, 11, 9), 21) == "A" * 7 + "B" * 7 + "A" * 7

    def test_daylight_saving_days_are_days_like_others(self) -> None:
        assert run(WeekParity(A), date(2026, 10, 24), 4) == "BBAA"


class TestHolidays:
    def custody(self, half: Home = B) -> Custody[str]:
        return Custody(HOMES, (Rule(date(2026, 9, 1), Always(A), half),))

    def test_halves_of_an_even_year(self) -> None:
        found = list(stays(self.custody(), date(2026, 12, 18), date(2027, 1, 4), (CHRISTMAS,)))
        assert [(stay.first.day, stay.last.day, stay.family) for stay in found] == [
            (18, 18, "A"),
            (19, 26, "B"),
            (27, 3, "A"),
            (4, 4, "A"),
        ]
        assert found[1].because is Because.HOLIDAYS

    def test_the_year_is_that_in_which_holidays_begin(self) -> None:
        """1 January 2027 is in holidays that began in 2026."""
        assert self.custody().on(date(2027, 1, 1), (CHRISTMAS,))[0] == "A"
        february = Holidays(date(2027, 2, 6), date(2027, 2, 21))
        assert self.custody().on(date(2027, 2, 6), (february,))[0] == "A"
        assert self.custody().on(date(2027, 2, 20), (february,))[0] == "B"

    def test_the_middle_day_is_in_the_first_half(self) -> None:
        span = Holidays(date(2026, 12, 1), date(2026, 12, 3))
        assert [span.is_first_half(date(2026, 12, day)) for day in (1, 2, 3)] == [True, True, False]


class TestOrder:
    def test_an_agreement_comes_before_holidays_and_the_last_one_wins(self) -> None:
        rule = Rule(date(2026, 9, 1), WeekParity(A), B)
        agreed = (Agreed(TODAY, date(2026, 12, 31), A), Agreed(date(2026, 12, 20), date(2026, 12, 20), B))
        custody = Custody(HOMES, (rule,), agreed)
        assert custody.on(date(2026, 12, 19), (CHRISTMAS,)) == ("A", Because.AGREEMENT)
        assert custody.on(date(2026, 12, 20), (CHRISTMAS,)) == ("B", Because.AGREEMENT)

    def test_the_rule_in_force_is_the_last_that_began(self) -> None:
        custody = Custody(HOMES, (Rule(date(2026, 12, 1), Always(B)), Rule(date(2026, 9, 1), Always(A))))
        assert custody.on(date(2026, 8, 31)) == ("A", Because.NO_RULE)
        assert custody.on(date(2026, 11, 30)) == ("A", Because.WEEKS)
        assert custody.on(date(2026, 12, 1)) == ("B", Because.WEEKS)

    def test_one_home_needs_no_rule(self) -> None:
        custody = Custody({B: "B"}, (Rule(date(2026, 1, 1), Always(A)),))
        assert custody.on(TODAY) == ("B", Because.ONLY_HOME)


homes = st.sampled_from(Home)
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
changes = st.builds(Change, st.integers(1, 7), st.times())
patterns = st.one_of(
    st.builds(Always, homes),
    st.builds(WeekParity, homes, changes),
    st.builds(Alternating, days, homes, changes),
)
rules = st.lists(st.builds(Rule, days, patterns, st.none() | homes), max_size=5)


@st.composite
def spans(draw, kind):  # type: ignore[no-untyped-def]
    first = draw(days)
    return kind(first, first + timedelta(days=draw(st.integers(0, 60))))


agreements = st.lists(
    st.builds(lambda span, home: Agreed(span.first, span.last, home), spans(Holidays), homes), max_size=5
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rules, agreements, st.lists(spans(Holidays), max_size=6), days, st.integers(0, 400))
def test_each_day_is_in_exactly_one_family(rules, agreed, holidays, first, length) -> None:  # type: ignore[no-untyped-def]
    custody = Custody(HOMES, tuple(rules), tuple(agreed))
    last = first + timedelta(days=length)
    found = list(stays(custody, first, last, tuple(holidays)))
    covered = [
        (stay.first + timedelta(days=n), stay.family)
        for stay in found
        for n in range((stay.last - stay.first).days + 1)
    ]
    assert [day for day, _family in covered] == [first + timedelta(days=n) for n in range(length + 1)]
    assert all(family == custody.on(day, tuple(holidays))[0] for day, family in covered)


@given(st.one_of(st.builds(WeekParity, homes, changes), st.builds(Alternating, days, homes, changes)), days)
def test_turns_last_whole_weeks(pattern, day) -> None:  # type: ignore[no-untyped-def]
    """Between two changes nothing moves; an anchor moves at each of them."""
    _changed, first = pattern.change.before(day)
    assert len({pattern.home_on(first + timedelta(days=n)) for n in range(7)}) == 1
    if isinstance(pattern, Alternating):
        assert pattern.home_on(first) is not pattern.home_on(first + timedelta(days=7))


@pytest.fixture
def shared():  # type: ignore[no-untyped-def]
    """A child of two homes, and the guardian of each."""
    here, there = GuardianFactory(), GuardianFactory()
    return ChildFactory(families=[here.family, there.family]), here, there


@pytest.mark.django_db
class TestRows:
    def test_children_are_read_set_by_set(self, shared, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        child, here, there = shared
        single = ChildFactory(families=[there.family])
        set_rule(child=child, valid_from=date(2026, 9, 1), kind="parity", home=1, first_half_even=2)
        year = SchoolYearFactory()
        HolidayPeriod.objects.create(
            school_year=year, name="Noël", first_day=CHRISTMAS.first, last_day=CHRISTMAS.last
        )
        wanted = [TODAY + timedelta(days=n) for n in range(60)]
        with django_assert_num_queries(4):
            found = custody_of([child.pk, single.pk], wanted)
        assert len(found) == 120
        assert found[child.pk, TODAY] == here.family_id
        assert found[child.pk, date(2026, 11, 30)] == there.family_id
        assert found[child.pk, date(2026, 12, 20)] == there.family_id
        assert {family for (who, _), family in found.items() if who == single.pk} == {there.family_id}
        with django_assert_num_queries(1):
            custody_of([single.pk], wanted)

    def test_a_child_has_two_homes_at_most(self, shared) -> None:  # type: ignore[no-untyped-def]
        child, *_ = shared
        for home in (1, 2, 3):
            with pytest.raises(IntegrityError), transaction.atomic():
                ChildInFamily.objects.create(child=child, family=FamilyFactory(), position=home)

    def test_two_rules_never_begin_together(self, shared) -> None:  # type: ignore[no-untyped-def]
        child, *_ = shared
        set_rule(child=child, valid_from=TODAY, kind="single", home=1)
        assert set_rule(child=child, valid_from=TODAY, kind="parity", home=2).kind == "parity"
        assert CustodyRule.objects.count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            CustodyRule.objects.create(child=child, valid_from=TODAY, kind="single", home=1)
        with pytest.raises(ValidationError):
            set_rule(child=child, valid_from=date(2027, 1, 1), kind="anchor", home=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            CustodyRule.objects.create(child=child, valid_from=date(2027, 1, 1), kind="single", home=3)

    def test_an_exception_takes_both_homes(self, shared) -> None:  # type: ignore[no-untyped-def]
        child, here, there = shared
        set_rule(child=child, valid_from=date(2026, 9, 1), kind="single", home=1)
        asked = propose_exception(
            child=child,
            guardian=there,
            first_day=TODAY,
            last_day=TODAY + timedelta(days=1),
            mine=True,
            actor=None,
            today=TODAY,
            now=clock.now(),
        )
        assert custody_of([child.pk], [TODAY])[child.pk, TODAY] == here.family_id
        with pytest.raises(CustodyError, match="l’autre parent"):
            answer_exception(
                exception=asked, guardian=there, agreed=True, actor=None, today=TODAY, now=clock.now()
            )
        step = GuardianFactory(family=here.family, position=2, parental_authority=False)
        with pytest.raises(CustodyError, match="l’autre parent"):
            answer_exception(
                exception=asked, guardian=step, agreed=True, actor=None, today=TODAY, now=clock.now()
            )
        answer_exception(
            exception=asked, guardian=here, agreed=True, actor=None, today=TODAY, now=clock.now()
        )
        assert custody_of([child.pk], [TODAY])[child.pk, TODAY] == there.family_id
        with pytest.raises(CustodyError, match="déjà"):
            withdraw_exception(exception=asked, guardian=there, actor=None)

    @pytest.mark.parametrize(
        ("first", "last", "reason"),
        [
            (TODAY, TODAY - timedelta(days=1), "avant le premier"),
            (TODAY - timedelta(days=1), TODAY, "passés"),
            (TODAY, TODAY + timedelta(days=62), "deux mois"),
        ],
    )
    def test_what_cannot_be_asked(self, shared, first: date, last: date, reason: str) -> None:  # type: ignore[no-untyped-def]
        child, here, _there = shared
        with pytest.raises(CustodyError, match=reason):
            propose_exception(
                child=child,
                guardian=here,
                first_day=first,
                last_day=last,
                mine=True,
                actor=None,
                today=TODAY,
                now=clock.now(),
            )

    def test_nobody_agrees_with_oneself_in_the_database_either(self, shared) -> None:  # type: ignore[no-untyped-def]
        child, here, _there = shared
        with pytest.raises(IntegrityError), transaction.atomic():
            CustodyException.objects.create(
                child=child,
                first_day=TODAY,
                last_day=TODAY,
                home=1,
                state="agreed",
                proposed_by=here,
                proposed_at=clock.now(),
                answered_by=here,
                answered_at=clock.now(),
            )

    def test_nobody_is_banned_without_a_court_decision(self, shared) -> None:  # type: ignore[no-untyped-def]
        child, *_ = shared
        with pytest.raises(IntegrityError), transaction.atomic():
            PickUpBan.objects.create(name="Paul Roux")
        decision = record_decision(
            child=child,
            court="Tribunal judiciaire de Bordeaux",
            decided_on=date(2026, 6, 1),
            starts_on=date(2026, 7, 1),
            ends_on=None,
            summary="Résidence chez la mère.",
            banned=[("Paul Roux", None)],
            actor=None,
            now=clock.now(),
        )
        assert [ban.name for ban in decision.bans.all()] == ["Paul Roux"]
        with pytest.raises(ValidationError, match="autre enfant"):
            set_rule(child=ChildFactory(), valid_from=TODAY, kind="single", home=1, decision=decision)
