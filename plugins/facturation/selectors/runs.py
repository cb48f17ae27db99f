"""A run as an agent reviews it before issuing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from core.backoffice.reach import within
from core.contracts.billing import Period
from core.families.models import Guardian
from plugins.facturation.models import BilledLine, Run

MONTHS_BACK = 12


def runs_for(user: Any, permission: str = "facturation.view_run") -> QuerySet[Run]:
    """The runs that an agent reaches: they bill the whole town, no site."""
    return within(user, permission, Run.objects.all())


@dataclass(slots=True)
class Tally:
    """Facts and cents of one kind of change."""

    facts: int = 0
    cents: int = 0


@dataclass(slots=True)
class Summary:
    """What a run would issue. `earlier` is apart: corrections of months before the run's."""

    month: dict[str, Tally]
    earlier: dict[str, Tally]
    invoices: int = 0
    invoiced_cents: int = 0
    credits: int = 0
    credited_cents: int = 0
    nothing: int = 0

    @property
    def total_cents(self) -> int:
        return self.invoiced_cents + self.credited_cents

    @property
    def is_empty(self) -> bool:
        return not (self.month or self.earlier)

    @property
    def earlier_cents(self) -> int:
        return sum(tally.cents for tally in self.earlier.values())


def summary(run: Run) -> Summary:
    """Totals by kind of change, and the documents that would be made. Two statements."""
    found = Summary({}, {})
    lines = BilledLine.objects.filter(run=run)
    for earlier, change, facts, cents in (
        lines.values_list("earlier", "change")
        .annotate(facts=Count("head", distinct=True), cents=Sum("amount_cents"))
        .order_by("earlier", "change")
    ):
        (found.earlier if earlier else found.month)[change] = Tally(facts, cents)
    for total in (
        lines.values("payer", "regie").annotate(cents=Sum("amount_cents")).values_list("cents", flat=True)
    ):
        if total > 0:
            found.invoices += 1
            found.invoiced_cents += total
        elif total < 0:
            found.credits += 1
            found.credited_cents += total
        else:
            found.nothing += 1
    return found


def new_by_service(run: Run) -> Any:
    """What is billed for the first time, by service, place and price. One statement."""
    return (
        BilledLine.objects.filter(run=run, change=BilledLine.Change.NEW, earlier=False, position=0)
        .values("label", "site__name", "unit", "fact_cents")
        .annotate(facts=Count("pk"), children=Count("beneficiary", distinct=True), total=Sum("fact_cents"))
        .order_by("label", "site__name", "fact_cents")
    )


@dataclass(slots=True)
class Fix:
    """One fact that a run changes: what stood, what will stand, for which payers."""

    child: str
    label: str
    day: date
    change: str
    before: list[tuple[str, int, str]] = field(default_factory=list)
    after: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def cents(self) -> int:
        return sum(cents for _payer, cents, _products in self.after) - sum(
            cents for _payer, cents, _products in self.before
        )


def changed_keys(run: Run, *, earlier: bool) -> QuerySet[Any]:
    """The facts of a run that are more than a first billing of its month, in their order: to be paged, then `fixes`."""
    lines = BilledLine.objects.filter(run=run, earlier=earlier)
    reversed_keys = lines.filter(change__in=("changed", "removed")).values("head__key")
    if not earlier:
        lines = lines.filter(head__key__in=reversed_keys)
    return (
        lines.values("head__source", "head__key")
        .annotate(day=Min("service_date"), child=Min("beneficiary__person__first_name"))
        .order_by("day", "child", "head__key")
    )


def fixes(run: Run, keys: list[dict[str, Any]]) -> list[Fix]:
    """The changes of these facts, in their order; a fact that changes payer is one change. Two statements."""
    wanted = [key["head__key"] for key in keys]
    rows = (
        BilledLine.objects.filter(run=run, head__key__in=wanted)
        .order_by("head__key", "quantity", "position")
        .values(
            "head__key", "seq", "payer", "quantity", "product", "amount_cents", "service_date", "label", "change",
            "beneficiary__person__first_name",
        )
    )  # fmt: skip
    found: dict[str, Fix] = {}
    parts: dict[tuple[str, UUID, bool], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        key = row["head__key"]
        name = row["beneficiary__person__first_name"] or _("Famille")
        found.setdefault(key, Fix(name, row["label"], row["service_date"], row["change"]))
        parts[key, row["payer"], row["quantity"] < 0].append(row)  # type: ignore[arg-type]
    payers = {payer for _key, payer, _reversed in parts}
    names = {g.pk: str(g.person) for g in Guardian.objects.filter(pk__in=payers).select_related("person")}
    for (key, payer, is_reversal), lines in parts.items():
        cents = abs(sum(line["amount_cents"] for line in lines))
        products = " + ".join(line["product"] for line in lines)
        side = found[key].before if is_reversal else found[key].after
        side.append((names[payer], cents, products))
    for fix in found.values():
        fix.change = "changed" if fix.before and fix.after else "removed" if fix.before else "new"
    return [found[key] for key in wanted if key in found]


def billable_months(today: date) -> list[tuple[Period, int]]:
    """The finished months that an agent may bill, the last first, with the runs issued for each. One statement."""
    issued = dict(
        Run.objects.filter(state=Run.State.ISSUED).values_list("period").annotate(n=Count("pk")).order_by()
    )
    period = Period.of(today).previous
    found = []
    for _step in range(MONTHS_BACK):
        found.append((period, issued.get(period.first_day, 0)))
        period = period.previous
    return found
