"""Runs: create, draft by beneficiary batch, take back. Issuing is in `issuing`.

Each batch is one transaction: it locks the run and the régies (one drafter at a time), asks the sources for a scope,
compares facts with the standing heads, writes drafts and moves the cursor. A batch that is done is never redone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from core.contracts.billing import BillableLine, Period, Scope, billable_lines
from core.families.models import BillingTouch, Child
from core.kernel import calls, state
from plugins.facturation.bulk import insert_rows
from plugins.facturation.errors import RunRefused, UnknownProducts
from plugins.facturation.facts import Difference, SourceMisbehaves, check_line, compare, digest, head_id
from plugins.facturation.models import BilledHead, BilledLine, ProductMapping, Regie, Run, RunTouch
from plugins.facturation.services.sources import check_sources

CHILDREN_PER_BATCH = 1000

ALL, TOUCHED, NO_CHILD = "all", "touched", "no-child"

_COPIED = (
    "payer", "beneficiary", "regie", "service", "site", "service_date", "label", "unit", "share_numerator",
    "share_denominator", "kind", "product", "accounting_code", "cesu", "explanation",
)  # fmt: skip
LINE_FIELDS = (
    "run", "head", "seq", "position", "change", "earlier", "quantity", "amount_cents", "fact_cents", "reverses", *_COPIED
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
    return Run.objects.create(
        period=period.first_day,
        sources=sources,
        excluded_sources=sorted(excluded_sources),
        created_by=actor,
        created_at=now,
    )


def draft_run(*, run_id: UUID, now: datetime) -> Run:
    """Draft what is left of a run, batch by batch, until its preview is ready. May be called again after a stop.

    Raises what stopped it (RunRefused, ContributionFailed, SourceMisbehaves); batches that are done stay.
    """
    _plan(run_id)
    while _draft_next_batch(run_id):
        pass
    Run.objects.filter(pk=run_id, state=Run.State.DRAFT).update(
        state=Run.State.PREVIEWED, previewed_at=now, error="", done=F("total")
    )
    return Run.objects.get(pk=run_id)


@transaction.atomic
def _plan(run_id: UUID) -> None:
    """Which months to collect: earlier ones that were touched, then the run's own. Done once."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.plan or run.state != Run.State.DRAFT:
        return
    touches = BillingTouch.objects.filter(period__lt=run.period)
    months = sorted(set(touches.values_list("period", flat=True)))
    run.plan = [[month.isoformat(), TOUCHED] for month in months]
    run.plan += [[run.period.isoformat(), ALL], [run.period.isoformat(), NO_CHILD]]
    run.total = Child.objects.count() + (touches.count() if months else 0)
    run.save(update_fields=["plan", "total"])


@dataclass(slots=True)
class _Batch:
    """A scope being drafted, and the touches read before the facts were."""

    run: Run
    scope: Scope
    children: list[UUID]
    touches: dict[UUID, UUID]

    @property
    def earlier(self) -> bool:
        return self.scope.period.first_day < self.run.period


def _draft_next_batch(run_id: UUID) -> bool:
    with state.snapshot(), transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
        if run.state != Run.State.DRAFT or run.plan_index >= len(run.plan):
            return False
        if check_sources(run.excluded_sources) != run.sources:
            raise RunRefused(_("Des modules ont été activés ou désactivés pendant le calcul : relancez-le."))
        list(Regie.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        batch = _next_batch(run)
        if batch.children or run.plan[run.plan_index][1] == NO_CHILD:
            _draft(batch)
        if len(batch.children) < CHILDREN_PER_BATCH:
            run.plan_index += 1
            run.child_cursor = None
        else:
            run.child_cursor = batch.children[-1]
        run.done = min(run.total, run.done + len(batch.children))
        run.save(update_fields=["plan_index", "child_cursor", "done"])
        return True


def _next_batch(run: Run) -> _Batch:
    month, which = run.plan[run.plan_index]
    period = Period(date.fromisoformat(month))
    after = Q(pk__gt=run.child_cursor) if run.child_cursor else Q()
    touches = BillingTouch.objects.filter(period=period.first_day)
    if which == NO_CHILD:
        return _Batch(run, Scope(period, frozenset()), [], {})
    if which == TOUCHED:
        after = Q(child__gt=run.child_cursor) if run.child_cursor else Q()
        read = dict(touches.filter(after).order_by("child").values_list("child", "rev")[:CHILDREN_PER_BATCH])
        children = list(read)
    else:
        children = list(
            Child.objects.filter(after).order_by("pk").values_list("pk", flat=True)[:CHILDREN_PER_BATCH]
        )
        read = dict(touches.filter(child__in=children).values_list("child", "rev"))
    return _Batch(run, Scope(period, frozenset(children)), children, read)


def _draft(batch: _Batch) -> None:
    run = batch.run
    facts = _collect(batch.scope)
    owner = {"beneficiary__in": batch.children} if batch.children else {"beneficiary__isnull": True}
    heads = {
        head.pk: head
        for head in BilledHead.objects.select_for_update()
        .filter(**owner, period=batch.scope.period.first_day, source__in=run.sources)
        .order_by("pk")
    }
    others = set(Run.objects.filter(state__in=Run.OPEN).exclude(pk=run.pk).values_list("pk", flat=True))
    frozen = {pk for pk, head in heads.items() if head.run_id in others} if others else set()
    difference = compare(
        {pk: head.digest for pk, head in heads.items()},
        {pk: digest(line) for pk, line in facts.items()},
        frozen,
    )
    _write_heads(batch, heads, facts, difference)
    _write_lines(batch, heads, facts, difference)
    skipped = {heads[pk].beneficiary_id for pk in frozen}
    # An excluded source may have touched these children too: its corrections must wait for it.
    if not run.excluded_sources:
        RunTouch.objects.bulk_create(
            RunTouch(run=run, child_id=child, period=batch.scope.period.first_day, rev=rev)
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


def _write_heads(
    batch: _Batch, heads: dict[UUID, BilledHead], facts: dict[UUID, BillableLine], difference: Difference
) -> None:
    run, month = batch.run, batch.scope.period.first_day
    known = []
    for pk in (*difference.new, *difference.changed, *difference.removed):
        if head := heads.get(pk):
            head.before_seq, head.before_digest, head.before_run = head.seq, head.digest, head.run_id
            head.run = run
            known.append(head)
    for pk in difference.removed:
        heads[pk].digest = ""
    for pk in (*difference.new, *difference.changed):
        if pk in heads:
            heads[pk].digest = digest(facts[pk])
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
                month,
                1,
                digest(line),
                run.pk,
                0,
                "",
                None,
            )
            for pk in difference.new
            if pk not in heads and (line := facts[pk])
        ),
    )
    steps = dict.fromkeys((*difference.new, *difference.removed), 1) | dict.fromkeys(difference.changed, 2)
    for head in known:
        head.seq += steps[head.pk]
    if known:
        BilledHead.objects.bulk_create(
            known,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["seq", "digest", "run", "before_seq", "before_digest", "before_run"],
        )


def _write_lines(
    batch: _Batch, heads: dict[UUID, BilledHead], facts: dict[UUID, BillableLine], difference: Difference
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
            rows.append(
                (
                    batch.run.pk,
                    head,
                    seq + 1,
                    position,
                    change[head],
                    batch.earlier,
                    -quantity,
                    -amount,
                    -fact,
                    pk,
                    *rest,
                )
            )
    mapping = {row.product: row for row in ProductMapping.objects.all()}
    unknown: set[str] = set()
    for kind, pks in (("new", difference.new), ("changed", difference.changed)):
        for pk in pks:
            line = facts[pk]
            seq = heads[pk].seq if pk in heads else 1
            for position, part in enumerate(line.components):
                if (product := mapping.get(part.product)) is None:
                    unknown.add(part.product)
                    continue
                rows.append(
                    (
                        batch.run.pk, pk, seq, position, kind, batch.earlier, line.quantity, part.amount.cents,
                        line.amount.cents, None, line.payer, line.beneficiary, product.regie_id, line.service, line.site,
                        line.service_date, line.label, line.unit, line.share.numerator, line.share.denominator,
                        part.kind, part.product, product.accounting_code, product.cesu, line.explanation,
                    )
                )  # fmt: skip
    if unknown:
        raise UnknownProducts(unknown)
    if rows:
        insert_rows(BilledLine, LINE_FIELDS, rows)


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
    run.touches.all()._raw_delete("default")  # type: ignore[attr-defined]
    run.state, run.plan, run.plan_index, run.child_cursor = Run.State.DRAFT, [], 0, None
    run.done, run.total, run.error, run.previewed_at = 0, 0, "", None
    run.save()
    return run


@transaction.atomic
def cancel_run(*, run_id: UUID) -> Run:
    """Drop a run that has issued nothing."""
    run = take_back(run_id=run_id)
    run.state = Run.State.CANCELLED
    run.save(update_fields=["state"])
    return run
