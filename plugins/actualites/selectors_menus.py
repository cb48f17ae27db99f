"""What is read of menus: a week of a group with its closed days, and this week in short."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.town.calendar import DayKind, SchoolCalendar, days_between
from core.town.selectors import around, calendar, monday_of
from plugins.actualites.allergens import ALLERGENS, LABELS, names
from plugins.actualites.models import Dish, Meal, MenuGroup, MenuWeek

WEEKS_AROUND = 60
"""How far one may leaf through the weeks, from today's."""


@dataclass(frozen=True, slots=True)
class DishLine:
    """A dish in words. `allergens` is None while nobody said."""

    course: str
    name: str
    allergens: tuple[str, ...] | None
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MenuDay:
    """A day of the week: what is served, or why nothing is. `some` names the places that alone are closed."""

    date: date
    dishes: tuple[DishLine, ...] = ()
    vegetarian: bool = False
    closed: str = ""
    some: str = ""
    is_today: bool = False

    @property
    def line(self) -> str:
        """« Carottes râpées, poulet rôti, yaourt »: the meal in one breath."""
        first, *others = (dish.name for dish in self.dishes)
        return ", ".join((first, *(name[:1].lower() + name[1:] for name in others)))


@dataclass(frozen=True, slots=True)
class Week:
    """The week of a group as families read it; `days` are those on which a meal is expected, or is not for a reason."""

    group: MenuGroup
    monday: date
    days: tuple[MenuDay, ...]
    note: str = ""
    previous: date | None = None
    next: date | None = None

    @property
    def served(self) -> bool:
        return any(day.dishes for day in self.days)

    @property
    def closed(self) -> str:
        """The one reason for which nothing is served all week; empty when there is none, or several."""
        reasons = {day.closed for day in self.days}
        return reasons.pop() if len(reasons) == 1 else ""

    @property
    def friday(self) -> date:
        return self.monday + timedelta(days=4)


def week_to_read(today: date) -> date:
    """The Monday of the week that families look for: from Saturday on, the next one."""
    return monday_of(today + timedelta(days=2))


def monday_named(year: int, week: int, today: date) -> date | None:
    """The Monday of an ISO week; None for a week that does not exist, or is too far."""
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday if abs((monday - monday_of(today)).days) <= WEEKS_AROUND * 7 else None


def address(group: MenuGroup, monday: date | None = None) -> str:
    if monday is None:
        return reverse("actualites:menus_group", args=[group.slug])
    year, week, _day = monday.isocalendar()
    return reverse("actualites:menus_week", args=[group.slug, year, week])


def groups() -> "QuerySet[MenuGroup]":
    return MenuGroup.objects.prefetch_related("sites")


def dishes(mondays: Iterable[date]) -> "QuerySet[Dish]":
    """Published dishes of these weeks, with their meal, week and group. One statement."""
    return (
        Dish.objects.filter(meal__week__published=True, meal__week__monday__in=tuple(mondays))
        .select_related("meal__week__group")
        .order_by("meal__week__monday", "meal__week__group__position", "meal__weekday", "course")
    )


def line(dish: Dish) -> DishLine:
    allergens = None if dish.allergens is None else tuple(names(dish.allergens, ALLERGENS))
    course = str(Dish.Course(dish.course).label)
    return DishLine(course, dish.name, allergens, tuple(names(dish.labels, LABELS)))


def _meals(found: Iterable[Dish]) -> dict[date, tuple[Meal, list[DishLine]]]:
    meals: dict[date, tuple[Meal, list[DishLine]]] = {}
    for dish in found:
        meals.setdefault(dish.meal.day, (dish.meal, []))[1].append(line(dish))
    return meals


def week(group: MenuGroup, monday: date, today: date) -> Week:
    """The week of a group: two statements, and four for the calendar."""
    found = MenuWeek.objects.filter(group=group, monday=monday, published=True).first()
    meals = _meals(dishes([monday]).filter(meal__week=found)) if found else {}
    friday = monday + timedelta(days=4)
    known = calendar(monday, friday)
    days = (_day(group, day, known, meals.get(day), today) for day in days_between(monday, friday))
    here = monday_of(today)
    far = timedelta(weeks=WEEKS_AROUND)
    return Week(
        group=group,
        monday=monday,
        days=tuple(day for day in days if day),
        note=found.note if found else "",
        previous=monday - timedelta(weeks=1) if monday > here - far else None,
        next=monday + timedelta(weeks=1) if monday < here + far else None,
    )


def _day(
    group: MenuGroup,
    day: date,
    known: SchoolCalendar,
    served: tuple[Meal, list[DishLine]] | None,
    today: date,
) -> MenuDay | None:
    """None for a day on which nobody expects a meal. A closure of the calendar is stronger than a menu."""
    serving = group.pattern | {DayKind.UNKNOWN}  # a year that nobody entered yet closes nothing
    sites = list(group.sites.all())
    shut = [site for site in sites if known.day_kind(day, site.pk) not in serving]
    site = sites[0].pk if sites else None
    if len(shut) == len(sites) and known.day_kind(day, site) not in serving:
        reason = known.reason(day, site) or _("Fermé")
        return MenuDay(day, closed=reason, is_today=day == today) if _is_usual(group, day, known) else None
    some = ", ".join(f"{place.name} : {known.reason(day, place.pk)}" for place in shut)
    if served is None:
        return MenuDay(day, some=some, is_today=day == today)
    meal, lines = served
    return MenuDay(day, tuple(lines), meal.vegetarian, some=some, is_today=day == today)


def _is_usual(group: MenuGroup, day: date, known: SchoolCalendar) -> bool:
    """Whether a meal would be expected on that day if nothing closed it."""
    if DayKind.HOLIDAY in group.pattern:
        return day.isoweekday() == 3 or known.is_holiday_day(day)
    year = known.school_year(day)
    return year is not None and day.isoweekday() in year.school_weekdays


# In short -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Brief:
    """This week for one group, in lines: the days that are left, closed ones included."""

    group: MenuGroup
    url: str
    days: tuple[MenuDay, ...]


def in_brief(today: date, sites: Sequence[UUID] | None = None) -> list[Brief]:
    """The week to read, from today on, for each group that has meals, or for those of some sites. Two statements, one
    when nothing is served."""
    monday = week_to_read(today)
    rows = dishes([monday])
    if sites is not None:
        rows = rows.filter(meal__week__group__sites__in=tuple(sites)).distinct()
    by_group: dict[MenuGroup, list[Dish]] = defaultdict(list)
    for dish in rows:
        by_group[dish.meal.week.group].append(dish)
    if not by_group:
        return []
    shut = {
        day: span.label
        for span in around(today).days_off
        for day in days_between(span.first, span.last)
        if span.site is None and span.kind is not DayKind.HOLIDAY
    }
    return [
        Brief(
            group,
            address(group, monday),
            tuple(
                MenuDay(day, closed=shut[day])
                if day in shut
                else MenuDay(day, tuple(lines), meal.vegetarian, is_today=day == today)
                for day, (meal, lines) in _meals(found).items()
                if day >= today
            ),
        )
        for group, found in by_group.items()
    ]
