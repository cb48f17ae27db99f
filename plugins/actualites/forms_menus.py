"""The week of a group on one screen: a line for each part of each meal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.ui.formats import day as day_words
from plugins.actualites.allergens import ALLERGENS, LABELS
from plugins.actualites.models import Dish, MenuWeek
from plugins.actualites.services_menus import Served

NONE = "aucun"
"""Said to hold none of the fourteen: something else than not said."""


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a meal: its name and what is said of it. `stated` sums it up while it is folded."""

    course: str
    name: forms.BoundField
    allergens: forms.BoundField
    labels: forms.BoundField
    stated: str

    @property
    def wrong(self) -> bool:
        return bool(self.allergens.errors or self.labels.errors)


@dataclass(frozen=True, slots=True)
class DayPart:
    words: str
    vegetarian: forms.BoundField
    lines: tuple[Line, ...]


class WeekForm(forms.Form):
    """Fields by day: `name_1_2` is the main course of Monday. `days` are those on which a meal may be served."""

    note = forms.CharField(
        label=_("Mot de la cuisine"),
        max_length=200,
        required=False,
        help_text=_("Une phrase lue au-dessus des repas. Elle peut rester vide."),
    )
    published = forms.BooleanField(label=_("En ligne : les familles la lisent"), required=False)
    read_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, days: list[date], week: MenuWeek | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days
        self.initial = {"published": week.published if week else True, "note": week.note if week else ""}
        if week:
            self.initial["read_at"] = week.changed_at.isoformat()
        for day in days:
            number = day.isoweekday()
            self.fields[f"vegetarian_{number}"] = forms.BooleanField(
                label=_("Repas végétarien"), required=False
            )
            for course in Dish.Course:
                self._add(number, course, day)
        for meal in week.meals.prefetch_related("dishes") if week else ():
            self.initial[f"vegetarian_{meal.weekday}"] = meal.vegetarian
            for dish in meal.dishes.all():
                key = f"{meal.weekday}_{dish.course}"
                stated = [NONE] if dish.allergens == [] else dish.allergens
                self.initial |= {
                    f"name_{key}": dish.name,
                    f"allergens_{key}": stated,
                    f"labels_{key}": dish.labels,
                }

    def _add(self, weekday: int, course: Dish.Course, day: date) -> None:
        key, what = f"{weekday}_{course.value}", f"{course.label}, {day_words(day)}"
        self.fields[f"name_{key}"] = forms.CharField(
            label=what,
            max_length=120,
            required=False,
            widget=forms.TextInput(attrs={"list": "plats", "autocomplete": "off"}),
        )
        self.fields[f"allergens_{key}"] = forms.MultipleChoiceField(
            label=_("Allergènes"),
            choices=[(NONE, _("aucun des quatorze")), *ALLERGENS.items()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"labels_{key}"] = forms.MultipleChoiceField(
            label=_("Labels"),
            choices=list(LABELS.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def parts(self) -> Iterator[DayPart]:
        for day in self.days:
            number = day.isoweekday()
            lines = tuple(self._line(f"{number}_{course.value}", str(course.label)) for course in Dish.Course)
            yield DayPart(day_words(day), self[f"vegetarian_{number}"], lines)

    def _line(self, key: str, course: str) -> Line:
        allergens, labels = self[f"allergens_{key}"], self[f"labels_{key}"]
        words = {NONE: _("sans allergène"), **ALLERGENS, **LABELS}
        said = [
            str(words[code])
            for code in (*(allergens.value() or ()), *(labels.value() or ()))
            if code in words
        ]
        return Line(course.capitalize(), self[f"name_{key}"], allergens, labels, ", ".join(said))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in self.days:
            for course in Dish.Course:
                key = f"{day.isoweekday()}_{course.value}"
                allergens, name = cleaned.get(f"allergens_{key}") or [], cleaned.get(f"name_{key}", "")
                if NONE in allergens and len(allergens) > 1:
                    self.add_error(
                        f"allergens_{key}",
                        ValidationError(_("Cochez « aucun des quatorze », ou les allergènes, pas les deux.")),
                    )
                elif not name and (allergens or cleaned.get(f"labels_{key}")):
                    self.add_error(f"name_{key}", ValidationError(_("Donnez le nom de ce plat.")))
        return cleaned

    def served(self) -> Iterator[Served]:
        """The dishes of a valid form, in order."""
        for day in self.days:
            for course in Dish.Course:
                key = f"{day.isoweekday()}_{course.value}"
                if name := self.cleaned_data[f"name_{key}"]:
                    stated = self.cleaned_data[f"allergens_{key}"]
                    allergens = tuple(code for code in stated if code != NONE) if stated else None
                    labels = tuple(self.cleaned_data[f"labels_{key}"])
                    yield Served(day.isoweekday(), course.value, name, allergens, labels)

    def vegetarian(self) -> frozenset[int]:
        return frozenset(
            day.isoweekday() for day in self.days if self.cleaned_data[f"vegetarian_{day.isoweekday()}"]
        )


class CopyForm(forms.Form):
    """Which earlier week to begin with."""

    source = forms.ModelChoiceField(
        MenuWeek.objects.none(), label=_("Reprendre les plats de"), empty_label=_("Choisir une semaine")
    )

    def __init__(self, *args: Any, week: MenuWeek, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = MenuWeek.objects.filter(group=week.group, monday__lt=week.monday, meals__isnull=False)
        self.fields["source"].queryset = (  # type: ignore[attr-defined]
            earlier.select_related("group").distinct().order_by("-monday")
        )
