"""Writing a week of menus: whole, as the screen of agents shows it, or as a copy of an earlier one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from plugins.actualites.models import Dish, Meal, MenuGroup, MenuWeek

REMEMBERED = 400
"""Dishes among which one already served is looked for."""


class WeekChanged(Exception):
    """Somebody else wrote this week since it was read."""


@dataclass(frozen=True, slots=True)
class Served:
    """A dish of the week; `allergens` is None while nobody said."""

    weekday: int
    course: int
    name: str
    allergens: tuple[str, ...] | None = None
    labels: tuple[str, ...] = ()


@transaction.atomic
def save_week(
    *,
    group: MenuGroup,
    monday: date,
    served: Iterable[Served],
    vegetarian: frozenset[int] = frozenset(),
    note: str = "",
    published: bool = True,
    read_at: datetime | None = None,
) -> MenuWeek:
    """Write the week as a whole: what is not in `served` is served no more. A dish without allergens takes those, and
    the labels, that the same one had the last time. Raises `WeekChanged` when `read_at` is not the last change."""
    week = MenuWeek.objects.select_for_update().filter(group=group, monday=monday).first()
    if (week.changed_at if week else None) != read_at:
        raise WeekChanged
    week = week or MenuWeek(group=group, monday=monday)
    week.note, week.published = note, published
    week.full_clean()
    week.save()
    week.meals.all().delete()
    _write(week, _completed(served), vegetarian)
    return week


@transaction.atomic
def copy_week(*, source: MenuWeek, monday: date, weekdays: frozenset[int]) -> MenuWeek:
    """The dishes of another week on these days of a week that holds none; not on line before an agent has read it.
    Raises `WeekChanged` when there is something there already."""
    week, made = MenuWeek.objects.get_or_create(
        group=source.group, monday=monday, defaults={"published": False}
    )
    if not made and week.meals.exists():
        raise WeekChanged
    meals = source.meals.filter(weekday__in=weekdays).prefetch_related("dishes")
    served = [
        Served(meal.weekday, dish.course, dish.name, _codes(dish.allergens), tuple(dish.labels))
        for meal in meals
        for dish in meal.dishes.all()
    ]
    _write(week, served, frozenset(meal.weekday for meal in meals if meal.vegetarian))
    return week


def _write(week: MenuWeek, served: Iterable[Served], vegetarian: frozenset[int]) -> None:
    dishes = list(served)
    days = sorted({dish.weekday for dish in dishes})
    meals = {day: Meal(week=week, weekday=day, vegetarian=day in vegetarian) for day in days}
    Meal.objects.bulk_create(meals.values())
    Dish.objects.bulk_create(
        Dish(
            meal=meals[dish.weekday],
            course=dish.course,
            name=dish.name,
            allergens=None if dish.allergens is None else list(dish.allergens),
            labels=list(dish.labels),
        )
        for dish in dishes
    )


def _codes(allergens: list[str] | None) -> tuple[str, ...] | None:
    return None if allergens is None else tuple(allergens)


def _completed(served: Iterable[Served]) -> list[Served]:
    """What nobody said of a dish, as it was said of the same one the last time. One statement."""
    dishes = list(served)
    unsaid = {dish.name for dish in dishes if dish.allergens is None}
    if not unsaid:
        return dishes
    rows = Dish.objects.filter(name__in=unsaid, allergens__isnull=False).order_by("-meal__week__monday")
    known: dict[str, Dish] = {}
    for row in rows[:REMEMBERED]:
        known.setdefault(row.name, row)
    return [
        replace(dish, allergens=_codes(same.allergens), labels=dish.labels or tuple(same.labels))
        if dish.allergens is None and (same := known.get(dish.name))
        else dish
        for dish in dishes
    ]
