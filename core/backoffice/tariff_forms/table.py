"""Prices by several criteria: axes, then a price for each crossing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from core.backoffice.tariff_forms.fields import SpokenField, number_field, written
from core.backoffice.tariff_forms.steps import MEASURED, StepForm, low_of, of_types, policies, tell_holes
from core.pricing import spoken
from core.pricing.explain import typeset
from core.pricing.vocabulary import QF

MOST_CELLS: Final = 400


class TableForm(StepForm):
    """Axes, one place a line, then a price for each crossing. The crossings follow the axes once these are read.

    ``waiting`` is true while the prices of a table of this size were not asked yet.
    """

    shape = forms.CharField(required=False, widget=forms.HiddenInput)

    def build(self) -> None:
        self.waiting = False
        axes = self.step.get("axes", [])
        for rank in range(max(3, len(axes))):
            self._axis_fields(rank, axes[rank] if rank < len(axes) else {})
        self.sizes: list[int] = []
        if self.is_bound:
            read = [self._axis(rank, self._said(rank)) for rank in range(self.ranks)]
            self.axes = [axis for axis in read if axis]
            self.sizes = [len(_places(axis)) for axis in self.axes]
        elif axes:
            self.axes, self.sizes = axes, [len(_places(axis)) for axis in axes]
        if self.sizes:
            self._cell_fields()

    @property
    def ranks(self) -> int:
        return max(3, len(self.step.get("axes", [])))

    def _axis_fields(self, rank: int, axis: Mapping[str, Any]) -> None:
        usable = of_types(self.facts, *MEASURED, "choice", "boolean")
        none = [] if rank == 0 else [("", _("pas de critère de plus"))]
        self.fields[f"a{rank}_on"] = forms.ChoiceField(
            label=_("Critère %(rank)s") % {"rank": rank + 1},
            choices=[*none, *usable],
            required=rank == 0,
            initial=axis.get("on"),
        )
        self.fields[f"a{rank}_places"] = forms.CharField(
            label=_("Ses cases, une par ligne"),
            required=False,
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 5}),
            initial=self._written(axis),
            help_text=_(
                "Des tranches (« de 0 à 400 »), ou des valeurs (« 1 ; 2 », « 3 et plus »). "
                "Vide : chaque valeur du critère a sa case."
            ),
        )
        self.policy_fields("missing", axis.get("missing", "highest"), prefix=f"a{rank}_", required=False)
        self.fields[f"a{rank}_missing"].choices = policies()  # type: ignore[attr-defined]
        self.policy_fields("hole", axis.get("hole"), prefix=f"a{rank}_", required=False)
        drop = axis.get("drop", {})
        ranks = drop.get("when", {}).get("child_rank", [])
        self.fields[f"a{rank}_drop"] = forms.IntegerField(
            label=_("Descendre d’autant de tranches"),
            required=False,
            min_value=1,
            max_value=50,
            initial=drop.get("by") if ranks else None,
        )
        self.fields[f"a{rank}_drop_ranks"] = SpokenField(
            lambda words: spoken.read_values(words, self.facts["child_rank"]),
            label=_("Pour les enfants de rang"),
            initial=spoken.write_values(
                ranks if isinstance(ranks, list) else [ranks], self.facts["child_rank"]
            ),
        )

    def _written(self, axis: Mapping[str, Any]) -> str:
        if "values" in axis:
            fact = self.facts[axis["on"]]
            places = [place if isinstance(place, list) else [place] for place in axis["values"]]
            return "\n".join(spoken.write_values(place, fact) for place in places)
        return "\n".join(spoken.write_bounds(row, whole=True) for row in axis.get("brackets", ()))

    @property
    def axis_fields(self) -> list[tuple[str, list[forms.BoundField], list[forms.BoundField]]]:
        """Each axis: its title, what is always asked, what is asked of brackets alone."""
        usual, rare = (
            ("on", "places"),
            ("missing", "missing_amount", "hole", "hole_amount", "drop", "drop_ranks"),
        )
        return [
            (
                _("Critère %(rank)s") % {"rank": rank + 1},
                [self[f"a{rank}_{name}"] for name in usual],
                [self[f"a{rank}_{name}"] for name in rare],
            )
            for rank in range(self.ranks)
        ]

    # The axes are read before the form is cleaned: the crossings depend on them.

    def _said(self, rank: int) -> dict[str, str]:
        return {name: str(self.data.get(f"a{rank}_{name}", "")) for name in ("on", "places", "hole")}

    def _axis(self, rank: int, said: Mapping[str, str]) -> dict[str, Any]:
        """The axis that was typed, without its policies; empty when there is none or when it does not read."""
        fact = self.facts.get(said["on"])
        if fact is None:
            return {}
        lines = [line for line in said["places"].splitlines() if line.strip()]
        try:
            if fact.type in ("quotient", "decimal", "number"):
                rows = [spoken.read_bounds(line, whole=True) for line in lines]
                return {"on": fact.name, "brackets": sorted(rows, key=low_of)} if rows else {}
            listed = [spoken.read_values(line, fact) for line in lines] or [
                [value] for value, _w in fact.values
            ]
        except spoken.Unreadable:
            return {}
        values = [place[0] if len(place) == 1 else place for place in listed]
        return {"on": fact.name, "values": values} if values else {}

    def _why(self, rank: int) -> str:
        said = self._said(rank)
        fact = self.facts[said["on"]]
        try:
            for line in said["places"].splitlines():
                if fact.type in ("quotient", "decimal", "number"):
                    spoken.read_bounds(line, whole=True)
                else:
                    spoken.read_values(line, fact)
        except spoken.Unreadable as error:
            return typeset(str(error))
        return _("Écrivez les cases de ce critère, une par ligne.")

    def _cell_fields(self) -> None:
        before = self._shape()
        known = [] if self.is_bound else _flat(self.step["amounts"], len(self.sizes))
        self.waiting = self.is_bound and before != self.sizes
        self.fields["shape"].initial = "x".join(map(str, self.sizes))
        if _size(self.sizes) > MOST_CELLS:
            return
        if self.waiting:
            self.data = self._moved(before)
        for index in range(_size(self.sizes)):
            field = self.fields[f"cell_{index}"] = number_field(money=True)
            field.initial = written(known[index]) if index < len(known) else ""

    def _shape(self) -> list[int]:
        text = str(self.data.get("shape", "")) if self.is_bound else ""
        return (
            [int(size) for size in text.split("x")] if re.fullmatch(r"\d{1,4}(x\d{1,4}){0,4}", text) else []
        )

    def _moved(self, before: list[int]) -> Any:
        """What was typed, at its place in a table of the new size."""
        data: Any = self.data.copy()  # type: ignore[attr-defined] # a QueryDict
        cells = {key: data.pop(key)[-1] for key in list(data) if key.startswith("cell_")}
        if len(before) == len(self.sizes) and _size(before) <= MOST_CELLS:
            for place in product(*(range(min(pair)) for pair in zip(before, self.sizes, strict=True))):
                data[f"cell_{_index(place, self.sizes)}"] = cells.get(f"cell_{_index(place, before)}", "")
        data["shape"] = "x".join(map(str, self.sizes))
        return data

    @property
    def matrix(self) -> tuple[list[str], list[tuple[str, list[forms.BoundField]]]]:
        """Titles of the columns (the last axis), then each row with its title and its cells."""
        if not self.sizes or "cell_0" not in self.fields:
            return [], []
        labels = [self._labels(axis) for axis in self.axes]
        rows = list(product(*labels[:-1]))
        width = self.sizes[-1]
        cells = [self[f"cell_{index}"] for index in range(_size(self.sizes))]
        return labels[-1], [
            (" · ".join(row), cells[at * width : (at + 1) * width]) for at, row in enumerate(rows)
        ]

    def _labels(self, axis: Mapping[str, Any]) -> list[str]:
        return self._written(axis).splitlines()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.waiting

    def full_clean(self) -> None:
        super().full_clean()
        if self.waiting and self._errors:
            for name in [name for name in self._errors if name.startswith("cell_")]:
                del self._errors[name]

    def body(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        for rank in range(self.ranks):
            if cleaned.get(f"a{rank}_on") and not self._axis(rank, self._said(rank)):
                self.add_error(f"a{rank}_places", self._why(rank))
        if self.errors:
            return {}
        if _size(self.sizes) > MOST_CELLS:
            words = _("Ce tableau a %(cells)s cases : %(most)s au plus. Coupez-le en plusieurs étapes.")
            self.add_error("a0_places", words % {"cells": _size(self.sizes), "most": MOST_CELLS})
            return {}
        axes = []
        for rank in range(self.ranks):
            axis = self._axis(rank, self._said(rank))
            if axis:
                axes.append(self._completed(rank, axis, cleaned))
        if self.errors or self.waiting:
            return {}
        cells = [cleaned.get(f"cell_{index}") for index in range(_size(self.sizes))]
        if not any(cells):
            self.add_error("cell_0", _("Remplissez le tableau. Une case vide : ce cas n’a pas de prix."))
        return {"axes": axes, "amounts": _nested(cells, self.sizes)}

    def _completed(self, rank: int, axis: dict[str, Any], cleaned: Mapping[str, Any]) -> dict[str, Any]:
        if "values" in axis:
            return axis
        axis["missing"] = self.policy(cleaned, f"a{rank}_missing") or "highest"
        told = tell_holes(axis["brackets"], _("quotient") if axis["on"] == QF else _("valeur"))
        chosen = self.policy(cleaned, f"a{rank}_hole")
        if told and chosen:
            axis["hole"] = chosen
        elif told:
            words = " ".join(f"{one[:1].upper()}{one[1:]}." for one in told)
            self.add_error(
                f"a{rank}_hole", typeset(words + " " + _("Dites ce que paie une famille qui y tombe."))
            )
        by, ranks = cleaned.get(f"a{rank}_drop"), cleaned.get(f"a{rank}_drop_ranks") or []
        if bool(by) != bool(ranks):
            self.add_error(f"a{rank}_drop", _("Dites de combien de tranches, et pour quels enfants."))
        elif by:
            axis["drop"] = {"by": by, "when": {"child_rank": ranks if len(ranks) > 1 else ranks[0]}}
        elif before := self._imported_drop(rank):
            axis["drop"] = before
        return axis

    def _imported_drop(self, rank: int) -> Any:
        """A drop whose case is more than a rank comes from a file: it stays as it is."""
        axes = self.step.get("axes", [])
        drop = axes[rank].get("drop") if rank < len(axes) else None
        return drop if drop and set(drop["when"]) != {"child_rank"} else None

    def place_of(self, path: str) -> str:
        if match := re.match(r"axes\[(\d+)\]", path):
            filled = [rank for rank in range(self.ranks) if self._axis(rank, self._said(rank))]
            return f"a{filled[int(match[1])]}_places"
        return path


def _places(axis: Mapping[str, Any]) -> Sequence[Any]:
    found: Sequence[Any] = axis["values"] if "values" in axis else axis["brackets"]
    return found


def _size(sizes: Iterable[int]) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total


def _index(place: Sequence[int], sizes: Sequence[int]) -> int:
    index = 0
    for at, size in zip(place, sizes, strict=True):
        index = index * size + at
    return index


def _flat(amounts: Any, depth: int) -> list[Any]:
    """Cells of a nested table, row by row; a None among them is a case without price."""
    if depth == 0:
        return [amounts]
    return [cell for item in amounts for cell in _flat(item, depth - 1)]


def _nested(cells: Sequence[Any], sizes: Sequence[int]) -> Any:
    if not sizes:
        return cells[0]
    width = len(cells) // sizes[0]
    return [_nested(cells[at * width : (at + 1) * width], sizes[1:]) for at in range(sizes[0])]
