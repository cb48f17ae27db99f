"""The lines of an invoice as a person reads them: by child, then service × price, with their days and reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.pricing.selectors import explanations
from core.pricing.vocabulary import COMPONENT_KINDS, UNITS
from core.ui.formats import MONTHS, NBSP
from plugins.facturation.models import BilledLine


@dataclass(slots=True)
class Group:
    """Facts of one child, one service and one price. Amounts are in cents; a reversal has negative ones."""

    label: str
    site: str
    unit: str
    unit_cents: int
    earlier: bool
    reversal: bool
    quantity: int = 0
    total_cents: int = 0
    dates: list[date] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    reasons: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def days(self) -> str:
        return days_in_words(self.dates)

    @property
    def counted(self) -> str:
        """« 8 repas »."""
        unit = UNITS.get(self.unit)
        if unit is None:
            return f"{self.quantity}"
        return f"{self.quantity}{NBSP}{unit.plural if abs(self.quantity) >= 2 else unit.label}"

    @property
    def detail(self) -> list[tuple[str, int]]:
        """The parts of the price when there are several: « repas », 8,00 €."""
        shown = [(COMPONENT_KINDS.get(kind, kind), cents) for kind, cents in self.parts.items() if cents]
        return shown if len(shown) > 1 else []


@dataclass(slots=True)
class Section:
    """What concerns one child (or the whole family)."""

    name: str
    groups: list[Group]

    @property
    def total_cents(self) -> int:
        return sum(group.total_cents for group in self.groups)


@dataclass(slots=True)
class Statement:
    """The month's lines, and corrections of earlier months apart."""

    sections: list[Section]
    earlier: list[Section]


def statement(invoice_id: UUID) -> Statement:
    """The lines of an invoice, read and grouped. Two statements."""
    rows = list(
        BilledLine.objects.filter(invoice=invoice_id)
        .order_by("head", "seq", "position")
        .values(
            "head_id", "seq", "earlier", "beneficiary_id", "beneficiary__person__first_name", "service", "label",
            "site__name", "service_date", "quantity", "unit", "kind", "amount_cents", "fact_cents", "explanation",
        )
    )  # fmt: skip
    reasons = {
        digest: tuple(step.text for step in found.steps)
        for digest, found in explanations({row["explanation"] for row in rows if row["explanation"]}).items()
    }
    groups: dict[tuple[object, ...], Group] = {}
    names: dict[tuple[object, ...], str] = {}
    for _fact, parts in groupby(rows, key=lambda row: (row["head_id"], row["seq"])):
        _add(list(parts), groups, names, reasons)  # type: ignore[arg-type]
    sections = _sections(groups, names, earlier=False)
    return Statement(sections, _sections(groups, names, earlier=True))


def _add(
    parts: Sequence[dict[str, Any]],
    groups: dict[tuple[object, ...], Group],
    names: dict[tuple[object, ...], str],
    reasons: dict[str, tuple[str, ...]],
) -> None:
    """Add one fact (all its components) to its group."""
    first = parts[0]
    whole, count = first["fact_cents"], first["quantity"]
    reversal = count < 0
    unit_cents = whole // count if count and whole % count == 0 else abs(whole)
    key = (
        first["earlier"], first["beneficiary_id"], first["service"], first["label"], first["site__name"],
        first["unit"], unit_cents, reversal,
    )  # fmt: skip
    group = groups.get(key)
    if group is None:
        group = groups[key] = Group(
            first["label"], first["site__name"] or "", first["unit"], unit_cents, first["earlier"], reversal
        )
        names[key] = first["beneficiary__person__first_name"] or _("Famille")
    group.quantity += count
    group.dates.append(first["service_date"])
    for part in parts:
        group.total_cents += part["amount_cents"]
        group.parts[part["kind"]] = group.parts.get(part["kind"], 0) + part["amount_cents"]
    why = reasons.get(first["explanation"])
    if why and why not in group.reasons:
        group.reasons.append(why)


def _sections(
    groups: dict[tuple[object, ...], Group], names: dict[tuple[object, ...], str], *, earlier: bool
) -> list[Section]:
    by_child: dict[tuple[str, str], list[Group]] = {}
    for key, group in groups.items():
        if group.earlier is earlier:
            by_child.setdefault((names[key], str(key[1])), []).append(group)
    found = []
    for (name, _child), mine in sorted(by_child.items()):
        for group in mine:
            group.dates.sort()
        mine.sort(key=lambda group: (group.label, group.reversal, group.dates[0]))
        found.append(Section(name, mine))
    return found


def days_in_words(dates: Iterable[date]) -> str:
    """« 1er, 4 et 7 octobre », « 30 septembre, 2 octobre ». Pure."""
    by_month = []
    for (_year, month), days in groupby(sorted(set(dates)), key=lambda day: (day.year, day.month)):
        numbers = ["1er" if day.day == 1 else str(day.day) for day in days]
        head = ", ".join(numbers[:-1])
        words = f"{head} et {numbers[-1]}" if head else numbers[-1]
        by_month.append(f"{words}{NBSP}{MONTHS[month - 1]}")
    return ", ".join(by_month)
