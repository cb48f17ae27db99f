"""The menus that families read, and the two screens on which agents write them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.backoffice.screens import render_screen
from core.kernel import clock
from core.kernel.access import agent, public
from core.pages.selectors import Step
from core.town.calendar import DayKind, days_between
from core.town.selectors import calendar
from core.ui.formats import day as day_words
from plugins.actualites import selectors_menus as selectors
from plugins.actualites.forms_menus import CopyForm, WeekForm
from plugins.actualites.models import Dish, MenuGroup, MenuWeek
from plugins.actualites.services_menus import WeekChanged, copy_week, save_week

WEEKS_BEFORE, WEEKS_AFTER = 2, 8
"""The weeks that agents see at once, around this one."""

KNOWN_DISHES = 300


# Families -------------------------------------------------------------------------------------------------------------


@public
def menus(request: HttpRequest) -> HttpResponse:
    """This week for the first group."""
    return _week(request, None, None)


@public
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """This week for a group."""
    return _week(request, slug, None)


@public
def week(request: HttpRequest, slug: str, year: int, number: int) -> HttpResponse:
    monday = selectors.monday_named(year, number, clock.today())
    if monday is None:
        raise Http404
    return _week(request, slug, monday)


def _week(request: HttpRequest, slug: str | None, monday: date | None) -> HttpResponse:
    today = clock.today()
    groups = list(selectors.groups())
    here = monday or selectors.week_to_read(today)
    shown = next((found for found in groups if slug in (None, found.slug)), None)
    if shown is None and slug is not None:
        raise Http404
    title = _("Menus de la cantine")
    context: dict[str, Any] = {"trail": [Step(_("Accueil"), "/"), Step(title, "")], "today": today}
    if shown:
        read = selectors.week(shown, here, today)
        context |= {
            "week": read,
            "tabs": [
                Step(found.name, selectors.address(found, monday))
                for found in (groups if len(groups) > 1 else ())
            ],
            "current": selectors.address(shown, monday),
            "previous": selectors.address(shown, read.previous) if read.previous else "",
            "next": selectors.address(shown, read.next) if read.next else "",
        }
    return render(request, "actualites/menus.html", context)


# Agents ---------------------------------------------------------------------------------------------------------------


@agent("actualites.view_menuweek")
def weeks(request: HttpRequest) -> HttpResponse:
    """The weeks around this one, a line each, with what is left to write for each group."""
    today = clock.today()
    here = selectors.monday_of(today)
    mondays = [here + timedelta(weeks=rank) for rank in range(-WEEKS_BEFORE, WEEKS_AFTER + 1)]
    groups = list(selectors.groups())
    known = calendar(mondays[0], mondays[-1] + timedelta(days=4))
    rows = MenuWeek.objects.filter(monday__in=mondays).prefetch_related("meals")
    written = {(row.group_id, row.monday): row for row in rows}

    def cell(group: MenuGroup, monday: date) -> dict[str, Any]:
        row = written.get((group.pk, monday))
        days = open_days(group, monday, known)
        meals = list(row.meals.all()) if row else []
        year, number, _day = monday.isocalendar()
        return {
            "url": reverse("actualites:write_week", args=[group.pk, year, number]),
            "week": row,
            "meals": len(meals),
            "days": len(days),
            "vegetarian": any(meal.vegetarian for meal in meals),
        }

    lines = [
        {"monday": monday, "now": monday == here, "cells": [cell(group, monday) for group in groups]}
        for monday in mondays
    ]
    return render_screen(
        request,
        "actualites/agents/weeks.html",
        {"groups": groups, "lines": lines},
        title=_("Menus de la cantine"),
        icon="calendar",
    )


def open_days(group: MenuGroup, monday: date, known: Any) -> list[date]:
    """The days of a week on which a meal may be served somewhere."""
    serving = group.pattern | {DayKind.UNKNOWN}
    sites: list[UUID | None] = [site.pk for site in group.sites.all()]
    return [
        day
        for day in days_between(monday, monday + timedelta(days=4))
        if any(known.day_kind(day, site) in serving for site in sites or [None])
    ]


@agent("actualites.change_menuweek")
def write(request: HttpRequest, group_id: UUID, year: int, number: int) -> HttpResponse:
    """One week of a group, all its meals on one screen; a week without any begins with a copy of an earlier one."""
    group = get_object_or_404(selectors.groups(), pk=group_id)
    today = clock.today()
    monday = selectors.monday_named(year, number, today)
    if monday is None:
        raise Http404
    week = MenuWeek.objects.filter(group=group, monday=monday).first()
    known = calendar(monday, monday + timedelta(days=4))
    days = open_days(group, monday, known)
    here = reverse("actualites:write_week", args=[group_id, year, number])
    copying = "copier" in request.POST
    form = WeekForm(request.POST if request.method == "POST" and not copying else None, days=days, week=week)
    copy = CopyForm(request.POST if copying else None, week=week or MenuWeek(group=group, monday=monday))
    if copying and copy.is_valid():
        return _copied(request, copy, monday, days, here)
    if form.is_bound and form.is_valid():
        try:
            saved = save_week(
                group=group,
                monday=monday,
                served=form.served(),
                vegetarian=form.vegetarian(),
                note=form.cleaned_data["note"],
                published=form.cleaned_data["published"],
                read_at=form.cleaned_data["read_at"],
            )
        except WeekChanged:
            form.add_error(
                None,
                _(
                    "Quelqu’un a changé cette semaine entre-temps. Ce que vous avez écrit est gardé : comparez avec la "
                    "semaine dans un autre onglet, puis recommencez."
                ),
            )
        else:
            _tell(request, saved, days)
            return redirect("actualites:weeks")
    closed = [
        (day, known.reason(day) or _("aucun repas ce jour-là"))
        for day in days_between(monday, monday + timedelta(days=4))
        if day not in days and known.reason(day)
    ]
    data = {
        "form": form,
        "copy": copy if not (week and week.meals.exists()) else None,
        "closed": closed,
        "dishes": Dish.objects.order_by("name").values_list("name", flat=True).distinct()[:KNOWN_DISHES],
        "public_url": selectors.address(group, monday),
        "cancel_url": reverse("actualites:weeks"),
    }
    return render_screen(
        request,
        "actualites/agents/week.html",
        data,
        title=_("%(group)s, semaine du %(day)s") % {"group": group, "day": day_words(monday, year=True)},
        icon="calendar",
        trail=[(_("Menus de la cantine"), reverse("actualites:weeks"))],
    )


def _copied(request: HttpRequest, form: CopyForm, monday: date, days: list[date], here: str) -> HttpResponse:
    try:
        copy_week(
            source=form.cleaned_data["source"],
            monday=monday,
            weekdays=frozenset(day.isoweekday() for day in days),
        )
    except WeekChanged:
        messages.error(request, _("Cette semaine a déjà des plats : rien n’a été repris."))
    else:
        messages.success(request, _("Les plats sont repris. Relisez-les, puis mettez la semaine en ligne."))
    return redirect(here)


def _tell(request: HttpRequest, week: MenuWeek, days: list[date]) -> None:
    """What was kept, and what the law would ask for."""
    messages.success(request, _("C’est enregistré : %(week)s.") % {"week": week})
    meals = list(week.meals.prefetch_related("dishes"))
    if len(days) >= 4 and len(meals) == len(days) and not any(meal.vegetarian for meal in meals):
        messages.warning(
            request,
            _("Aucun repas végétarien cette semaine : la loi EGalim en demande un par semaine à l’école."),
        )
    unsaid = sum(dish.allergens is None for meal in meals for dish in meal.dishes.all())
    if unsaid:
        messages.warning(
            request,
            _("Allergènes à dire : %(count)s plats. Les familles lisent « non renseignés ».")
            % {"count": unsaid},
        )
