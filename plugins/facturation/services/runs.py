"""Runs: create, draft by beneficiary batch, take back. Issuing is in `issuing`.

Each batch is one transaction: it locks the open runs (one drafter at a time), asks the sources for a scope, compares
facts with the standing heads, writes drafts and moves the cursor. A batch that is done is never redone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from core.contracts.billing import BillableLine, Period, Scope, billable_lines
from core.families.models import BillingTouch, Child
from core.kernel import calls, state
from plugins.facturation.bulk import insert_rows
from plugins.facturation.errors import RunRefused, UnknownProducts
from plugins.facturation.facts import (
    Difference,
    SourceMisbehaves,
    check_line,
    compare,
    digest,
    head_id,
    invoice_id,
)
from plugins.facturation.models import BilledHead, BilledLine, ProductMapping, Run, RunTouch
from plugins.facturation.services.sources import check_sources, enabled_sources

CHILDREN_PER_BATCH = 1000

_COPIED = (
    "payer", "beneficiary", "regie", "service", "site", "service_date", "label", "unit", "share_numerator",
    "share_denominator", "kind", "product", "accounting_code", "cesu", "explanation",
)  # fmt: skip
LINE_FIELDS = (
    "run", "head", "seq", "position", "change", "earlier", "quantity", "amount_cents", "fact_cents", "reverses",
    "invoice", *_COPIED,
)  # fmt: skip
HEAD_FIELDS = (
    "id", "source", "key", "payer", "beneficiary", "period", "seq", "digest", "run",
    "before_seq", "before_digest", "before_run",
)  # fmt: skip


def create_run(*, period: Period, excluded_sources: list[str], actor: Any, now: datetime, today: date) -> Run:
    """A new run of a month that is over. Raises RunRefused, or SourceOff naming a source that cannot be asked."""
    if period.next.first_day > today:
        raise RunRefused(
            _("Ce mois n’est pas terminé : il se facture à partir du premier jour du mois suivant.")
        )
    with state.snapshot():
        sources = check_sources(excluded_sources)
    run = Run(
        period=period.first_day,
        sources=sources,
        excluded_sources=sorted(excluded_sources),
        created_by=actor,
        created_at=now,
    )
    _plan(run)
    run.save(force_insert=True)
    return run


def _plan(run: Run) -> None:
    """The months to collect: earlier ones that were touched, then the run's own."""
    earlier = BillingTouch.objects.filter(period__lt=run.period).values_list("period").annotate(Count("pk"))
    months = sorted(earlier)
    run.plan = [*(month.isoformat() for month, _count in months), run.period.isoformat()]
    run.total = Child.objects.count() + sum(count for _month, count in months)
    run.plan_index, run.child_cursor, run.done = 0, None, 0


def draft_run(*, run_id: UUID, now: datetime) -> Run:
    """Draft what is left of a run, batch by batch, until its preview is ready. May be called again after a stop.

    Raises what stopped it (RunRefused, ContributionFailed, SourceMisbehaves); batches that are done stay.
    """
    while (run := _draft_next_batch(run_id, now)).state == Run.State.DRAFT:
        pass
    return run


@dataclass(slots=True)
class _Batch:
    """A scope being drafted, the touches read before its facts, and the other open runs."""

    run: Run
    scope: Scope
    children: list[UUID]
    touches: dict[UUID, UUID]
    others: set[UUID]

    @property
    def month(self) -> date:
        return self.scope.period.first_day

    @property
    def earlier(self) -> bool:
        return self.month < self.run.period


def _draft_next_batch(run_id: UUID, now: datetime) -> Run:
    with state.snapshot(), transaction.atomic():
        locked = list(
            Run.objects.select_for_update().filter(Q(pk=run_id) | Q(state__in=Run.OPEN)).order_by("pk")
        )
        run = next(run for run in locked if run.pk == run_id)
        if run.state != Run.State.DRAFT:
            return run
        if enabled_sources() != run.sources:
            raise RunRefused(_("Des modules ont été activés ou désactivés pendant le calcul : relancez-le."))
        batch = _next_batch(run, others={other.pk for other in locked} - {run_id})
        if batch.children:
            _draft(batch)
        run.done = min(run.total, run.done + len(batch.children))
        run.child_cursor = batch.children[-1] if batch.children else None
        if len(batch.children) < CHILDREN_PER_BATCH:  # the last ones of their month
            if not batch.earlier:
                _draft(_Batch(run, Scope(batch.scope.period, frozenset()), [], {}, batch.others))
            run.plan_index, run.child_cursor = run.plan_index + 1, None
        if run.plan_index == len(run.plan):
            run.state, run.previewed_at, run.error, run.done = Run.State.PREVIEWED, now, "", run.total
        run.save(update_fields=["plan_index", "child_cursor", "done", "state", "previewed_at", "error"])
        return run


def _next_batch(run: Run, others: set[UUID]) -> _Batch:
    period = Period(date.fromisoformat(run.plan[run.plan_index]))
    touches = BillingTouch.objects.filter(period=period.first_day)
    if period.first_day < run.period:
        after = Q(child__gt=run.child_cursor) if run.child_cursor else Q()
        read = dict(touches.filter(after).order_by("child").values_list("child", "rev")[:CHILDREN_PER_BATCH])
        children = list(read)
    else:
        after = Q(pk__gt=run.child_cursor) if run.child_cursor else Q()
        children = list(
            Child.objects.filter(after).order_by("pk").values_list("pk", flat=True)[:CHILDREN_PER_BATCH]
        )
        read = dict(touches.filter(child__in=children).values_list("child", "rev"))
    return _Batch(run, Scope(period, frozenset(children)), children, read, others)


def _draft(batch: _Batch) -> None:
    run = batch.run
    facts = _collect(batch.scope)
    owner = {"beneficiary__in": batch.children} if batch.children else {"beneficiary__isnull": True}
    heads = {
        pk: (before, drafted_by, child)
        for pk, before, drafted_by, child in BilledHead.objects.select_for_update()
        .filter(**owner, period=batch.month, source__in=run.sources)
        .order_by("pk")
        .values_list("pk", "digest", "run", "beneficiary")
    }
    held = {pk for pk, (_digest, drafted_by, _child) in heads.items() if drafted_by in batch.others}
    difference = compare(
        {pk: before for pk, (before, _run, _child) in heads.items()},
        {pk: digest(line) for pk, line in facts.items()},
        held,
    )
    moved = _move_heads(batch, set(heads), facts, difference)
    _write_lines(batch, moved, facts, difference)
    skipped = {heads[pk][2] for pk in held}
    # An excluded source may have touched these children too: its corrections must wait for it.
    if not run.excluded_sources:
        RunTouch.objects.bulk_create(
            RunTouch(run=run, child_id=child, period=batch.month, rev=rev)
            for child, rev in batch.touches.items()
            if child not in skipped
        )


def _collect(scope: Scope) -> dict[UUID, BillableLine]:
    """Every line of the scope by head: the sources have answered completely or an exception was raised."""
    facts: dict[UUID, BillableLine] = {}
    for slug, line in calls.strict(billable_lines, scope=scope):
        check_line(slug, line, scope)
        head = head_id(slug, line.key, line.payer)
        if head in facts:
            raise SourceMisbehaves(slug, _("la ligne « %(key)s » est donnée deux fois.") % {"key": line.key})
        facts[head] = line
    return facts


def _move_heads(
    batch: _Batch, known: set[UUID], facts: dict[UUID, BillableLine], difference: Difference
) -> dict[UUID, int]:
    """Write the heads of what changes. Returns the version that each moved head had before; a new one had 0."""
    run = batch.run
    versions = dict.fromkeys(difference.new, 0)
    steps = dict.fromkeys((*difference.new, *difference.removed), 1) | dict.fromkeys(difference.changed, 2)
    moved = (
        list(BilledHead.objects.filter(pk__in=[pk for pk in steps if pk in known])) if known and steps else []
    )
    for head in moved:
        head.before_seq, head.before_digest, head.before_run = head.seq, head.digest, head.run_id
        versions[head.pk] = head.seq
        head.seq += steps[head.pk]
        head.digest = digest(facts[head.pk]) if head.pk in facts else ""
        head.run = run
    if moved:
        BilledHead.objects.bulk_create(
            moved,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["seq", "digest", "run", "before_seq", "before_digest", "before_run"],
        )
    insert_rows(
        BilledHead,
        HEAD_FIELDS,
        (
            (
                pk,
                line.source,
                line.key,
                line.payer,
                line.beneficiary,
                batch.month,
                1,
                digest(line),
                run.pk,
                0,
                "",
                None,
            )
            for pk, line in ((pk, facts[pk]) for pk in difference.new if pk not in known)
        ),
    )
    return versions


def _write_lines(
    batch: _Batch, versions: dict[UUID, int], facts: dict[UUID, BillableLine], difference: Difference
) -> None:
    rows: list[tuple[Any, ...]] = []
    change = dict.fromkeys(difference.changed, "changed") | dict.fromkeys(difference.removed, "removed")
    if change:
        standing = BilledLine.objects.filter(head__in=change, seq=F("head__before_seq")).order_by(
            "head", "position"
        )
        copied = ["pk", "head", "seq", "position", "quantity", "amount_cents", "fact_cents"]
        copied += [BilledLine._meta.get_field(name).attname for name in _COPIED]  # type: ignore[union-attr]
        for pk, head, seq, position, quantity, amount, fact, *rest in standing.values_list(*copied):
            document = invoice_id(batch.run.pk, rest[0], rest[2])
            rows.append(
                (
                    batch.run.pk, head, seq + 1, position, change[head], batch.earlier, -quantity, -amount, -fact, pk,
                    document, *rest,
                )
            )  # fmt: skip
    if difference.new or difference.changed:
        _add_charges(batch, rows, versions, facts, difference)
    insert_rows(BilledLine, LINE_FIELDS, rows)


def _add_charges(
    batch: _Batch,
    rows: list[tuple[Any, ...]],
    versions: dict[UUID, int],
    facts: dict[UUID, BillableLine],
    difference: Difference,
) -> None:
    """Add the rows that bill new and changed facts. Raises UnknownProducts, naming all those of the batch."""
    mapping = {row.product: row for row in ProductMapping.objects.all()}
    unknown: set[str] = set()
    for kind, step, pks in (("new", 1, difference.new), ("changed", 2, difference.changed)):
        for pk in pks:
            line = facts[pk]
            seq = versions[pk] + step
            for position, part in enumerate(line.components):
                if (product := mapping.get(part.product)) is None:
                    unknown.add(part.product)
                    continue
                document = invoice_id(batch.run.pk, line.payer, product.regie_id)
                rows.append(
                    (
                        batch.run.pk, pk, seq, position, kind, batch.earlier, line.quantity, part.amount.cents,
                        line.amount.cents, None, document, line.payer, line.beneficiary, product.regie_id, line.service,
                        line.site, line.service_date, line.label, line.unit, line.share.numerator,
                        line.share.denominator, part.kind, part.product, product.accounting_code, product.cesu,
                        line.explanation,
                    )
                )  # fmt: skip
    if unknown:
        raise UnknownProducts(unknown)


@transaction.atomic
def take_back(*, run_id: UUID) -> Run:
    """Undo the drafts of a run that has issued nothing, so that it can be computed again or dropped.

    Heads go back to what the run found. Raises RunRefused once issuing has begun.
    """
    run = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.state not in (Run.State.DRAFT, Run.State.PREVIEWED):
        raise RunRefused(
            _("Ce calcul ne peut plus être annulé : ses factures sont émises ou en cours d’émission.")
        )
    # Raw deletes: nothing but these drafts points to them, and the collector would read every row to learn it.
    BilledLine.objects.filter(run=run)._raw_delete("default")
    mine = BilledHead.objects.filter(run=run)
    mine.filter(before_seq=0)._raw_delete("default")
    mine.update(seq=F("before_seq"), digest=F("before_digest"), run=F("before_run"))
    run.touches.all()._raw_delete("default")
    run.state, run.error, run.previewed_at = Run.State.DRAFT, "", None
    _plan(run)
    run.save()
    return run


@transaction.atomic
def cancel_run(*, run_id: UUID) -> Run:
    """Drop a run that has issued nothing."""
    run = take_back(run_id=run_id)
    run.state = Run.State.CANCELLED
    run.save(update_fields=["state"])
    return run
