"""The fourth kind of call: what happened is told to plugins after the transaction, until each has handled it.

    with transaction.atomic():
        …                                                     # the fact
        notify(billing.on_invoice_issued, InvoiceIssued(…))   # one row a plugin that listens, in the same transaction

The rows are the outbox: on commit a task delivers them, and `parvis tick` delivers what a stop left behind. An attempt
is counted before it is made, so that one that kills its process is not made for ever. The handler's writes and the end
of its delivery are one transaction. Events are told in their order, until one fails or several workers
share them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django_tasks import task

from core.kernel import clock, discovery, state
from core.kernel.calls import heard, listeners, tell
from core.kernel.events import dump, load
from core.kernel.models import Delivery
from core.kernel.retries import ATTEMPTS, class_of, delay

E = TypeVar("E")

PER_TASK = 500
PER_TICK = 500
INTERRUPTED = "Interrupted"
"""In place of an exception's class, for what stopped without a word."""

_silent: ContextVar[bool] = ContextVar("parvis_silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Tell nothing of what happens inside: the demo writes a past that nobody waits to hear about."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Whether nobody is to be told of what happens now; messages to people obey it too."""
    return _silent.get()


def notify(spec: Callable[[E], None], *events: E) -> None:
    """Write one delivery an event and enabled plugin that listens. Belongs to the caller's transaction.

    Raises TypeError for an event of another kind, TransactionManagementError outside a transaction.
    """
    slugs = listeners(spec)
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{spec.__name__} is told inside a transaction")
    expected = spec.__annotations__["event"]
    if wrong := [type(event).__name__ for event in events if not isinstance(event, expected)]:
        raise TypeError(f"{spec.__name__} tells {expected.__name__}, not {wrong[0]}")
    if _silent.get() or not slugs:
        return
    now = clock.now()
    made = Delivery.objects.bulk_create(
        Delivery(hook=spec.__name__, slug=slug, event=stored, next_attempt_at=now, created_at=now)
        for stored in map(dump, events)
        for slug in slugs
    )
    _deliver_on_commit([delivery.pk for delivery in made])


def _deliver_on_commit(ids: Sequence[int]) -> None:
    def enqueue() -> None:
        for start in range(0, len(ids), PER_TASK):
            deliver.enqueue(list(ids[start : start + PER_TASK]))

    transaction.on_commit(enqueue, robust=True)


@task()
def deliver(ids: list[int]) -> None:
    """Make one attempt for each delivery that is due."""
    with state.snapshot():
        for pk in ids:
            attempt(pk=pk, now=clock.now())


def deliver_due(*, now: datetime) -> dict[bool, int]:
    """Attempt what is due, in order, a bounded number; how many were handled (True) and how many failed (False).

    Deliveries of a plugin that was switched off meanwhile are dropped: it rebuilds from selectors when it is on again.
    Those of a plugin that this process goes without stay for another.
    """
    on = state.enabled_slugs()
    off = {plugin.slug for plugin in discovery.usable()} - on
    Delivery.objects.exclude(state=Delivery.State.DONE).filter(slug__in=off).delete()
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now, slug__in=on)
    results = [attempt(pk=pk, now=now) for pk in due.order_by("pk").values_list("pk", flat=True)[:PER_TICK]]
    return {True: results.count(True), False: results.count(False)}


def attempt(*, pk: int, now: datetime) -> bool | None:
    """Whether the plugin handled its event; None when there is nothing to do, now or here."""
    if (claimed := _claim(pk, now)) is None:
        return None
    try:
        with transaction.atomic():
            return _handle(claimed, now)
    except Exception as error:  # counted and logged where it was raised; tried again later
        last = claimed.attempts >= ATTEMPTS
        _mine(claimed).update(
            error=class_of(error),
            state=Delivery.State.FAILED if last else Delivery.State.WAITING,
            finished_at=now if last else None,
        )
        return False


def _claim(pk: int, now: datetime) -> Delivery | None:
    """Count an attempt, and put the next one off so that nobody else makes it meanwhile."""
    with transaction.atomic():
        found = (
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(
                pk=pk,
                state=Delivery.State.WAITING,
                next_attempt_at__lte=now,
                slug__in=state.enabled_slugs(),
            )
            .first()
        )
        if found is None:
            return None
        if found.attempts >= ATTEMPTS:
            found.state, found.error, found.finished_at = Delivery.State.FAILED, INTERRUPTED, now
            found.save(update_fields=["state", "error", "finished_at"])
            return None
        found.attempts += 1
        found.next_attempt_at = now + delay(found.attempts)
        found.save(update_fields=["attempts", "next_attempt_at"])
        return found


def _mine(claimed: Delivery) -> models.QuerySet[Delivery]:
    """The delivery, as long as no later attempt has taken it over."""
    return Delivery.objects.filter(pk=claimed.pk, state=Delivery.State.WAITING, attempts=claimed.attempts)


def _handle(claimed: Delivery, now: datetime) -> bool | None:
    # Waits: another worker that came too late to claim the row may hold it for a moment.
    if _mine(claimed).select_for_update().first() is None:
        return None
    spec = heard(claimed.hook)
    tell(spec, claimed.slug, load(spec.__annotations__["event"], claimed.event))
    _mine(claimed).update(state=Delivery.State.DONE, error="", finished_at=now)
    return True


@transaction.atomic
def retry(*, ids: Sequence[int], now: datetime) -> int:
    """Try deliveries again at once, with all their attempts before them. Returns how many were not done yet."""
    found = Delivery.objects.filter(pk__in=ids).exclude(state=Delivery.State.DONE)
    waiting = list(found.order_by("pk").values_list("pk", flat=True))
    count = found.update(state=Delivery.State.WAITING, attempts=0, next_attempt_at=now, finished_at=None)
    _deliver_on_commit(waiting)
    return count
