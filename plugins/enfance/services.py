"""Acts of enfance: each one transaction, keyword-only. The server alone decides price, limit and capacity."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.contracts.family import Act, FamilyContext, GuardianRef
from core.contracts.money import ZERO, Money
from core.contracts.pricing import Price
from core.families.models import Child, Family, Guardian
from core.families.services import touch_billing
from core.kernel import journal
from core.pricing.services import store_explanations
from core.town.models import Site
from plugins.enfance import prices
from plugins.enfance.models import Activity, Booking, BookingShare, Enrolment, Session
from plugins.enfance.offers import Choice, Offer, offers
from plugins.enfance.rules import decide
from plugins.enfance.selectors import Booked, away_from, booked


class BookingError(Exception):
    """An act that cannot be done; the message is a French sentence that may be shown."""


# A family books ------------------------------------------------------------------------------------------------------


class Result(StrEnum):
    """What became of one wanted day. The values are those of the API."""

    ADDED = "ajoute"
    REMOVED = "retire"
    KEPT = "inchange"
    REFUSED = "refuse"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One wanted day: what became of it, why in French when refused, and what it changes in euros.

    `offer` is None for a child or a session that this family may not know of. `change` stays zero for somebody who may
    not read prices.
    """

    choice: Choice
    result: Result
    offer: Offer | None = None
    change: Money = ZERO
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Days to add and days to remove. A day in both is left as it is."""

    add: frozenset[Choice] = frozenset()
    remove: frozenset[Choice] = frozenset()

    @property
    def sessions(self) -> frozenset[UUID]:
        return frozenset(session for _child, session in self.add | self.remove)


def preview(*, family: FamilyContext, now: datetime, wanted: Wanted) -> list[Outcome]:
    """What `save_bookings` would answer now. Nothing is written, nothing is held. Two statements."""
    offered = offers(family, sessions=wanted.sessions)
    standing, away = _standing(family, offered), away_from(family, offered.values())
    return _judge(family, now, wanted, offered, prices.quote(family, offered.values()), standing, away)


def save_bookings(*, family: FamilyContext, actor: User, now: datetime, wanted: Wanted) -> list[Outcome]:
    """Add and remove days, in one transaction; the days that cannot be are refused one by one, the others stand.

    Saving the same days again changes nothing. Prices come from the engine, before any lock; then the sessions are
    locked in one order, and only then is anything decided or written.
    """
    offered = offers(family, sessions=wanted.sessions)
    quotes = prices.quote(family, offered.values())
    away = away_from(family, offered.values())
    with transaction.atomic():
        locked = {
            session.pk: session for session in lock_sessions({offer.session for offer in offered.values()})
        }
        offered = {key: offer.at(locked[offer.session]) for key, offer in offered.items()}
        standing = _standing(family, offered)
        outcomes = _judge(family, now, wanted, offered, quotes, standing, away)
        removed = [outcome.choice for outcome in outcomes if outcome.result is Result.REMOVED]
        added = [outcome.choice for outcome in outcomes if outcome.result is Result.ADDED]
        if removed:
            ids = [standing[choice].id for choice in removed]
            Booking.objects.filter(pk__in=ids).update(cancelled_at=now, cancelled_by=actor)
        if added:
            _write(family, actor, now, [(offered[choice], quotes[choice]) for choice in added])
        if changed := removed + added:
            recount({session for _child, session in changed})
            touch_billing(facts=[(choice[0], offered[choice].day) for choice in changed])
            _journal_delegate(family, actor, added, removed)
    return outcomes


def _journal_delegate(
    family: FamilyContext, actor: User, added: Sequence[Choice], removed: Sequence[Choice]
) -> None:
    """What a delegate books names both: the account that did it, and on whose behalf."""
    if family.mandate is None:
        return
    changes = {
        name: [{"child": child, "session": session} for child, session in choices]
        for name, choices in (("added", added), ("removed", removed))
        if choices
    }
    journal.record(
        actor=actor,
        act="enfance.bookings_changed",
        object=("families.family", family.id),
        concerning=[("families.family", family.id)],
        on_behalf_of=family.guardian.person_id,
        changes=changes,
    )


def _standing(family: FamilyContext, offered: Mapping[Choice, Offer]) -> dict[Choice, Booked]:
    sessions = {offer.session for offer in offered.values()}
    return booked(children=[child.id for child in family.children], sessions=sessions)


def _judge(
    family: FamilyContext,
    now: datetime,
    wanted: Wanted,
    offered: Mapping[Choice, Offer],
    quotes: Mapping[Choice, Price | str],
    standing: Mapping[Choice, Booked],
    away: Collection[Choice],
) -> list[Outcome]:
    """One outcome a wanted day, removals first so that the places they give back serve the others."""
    places = {offer.session: offer.capacity - offer.taken for offer in offered.values()}
    order = {choice: position for position, choice in enumerate(offered)}

    def in_order(choices: Iterable[Choice]) -> list[Choice]:
        return sorted(choices, key=lambda choice: (order.get(choice, len(order)), str(choice)))

    removals, additions = in_order(wanted.remove - wanted.add), in_order(wanted.add - wanted.remove)
    outcomes = []
    shows_money = family.may(Act.MONEY)
    for choice in (*removals, *additions):
        offer = offered.get(choice)
        if not family.may(Act.BOOK):
            reason = _("Vous pouvez voir les jours de cette famille, pas les réserver.")
            outcomes.append(Outcome(choice, Result.REFUSED, reason=reason))
            continue
        if offer is None:
            reason = _("Cet enfant n’est pas inscrit à cette activité ce jour-là.")
            outcomes.append(Outcome(choice, Result.REFUSED, reason=reason))
            continue
        row = standing.get(choice)
        mine = row is not None and row.family == family.id
        quote = quotes[choice]
        verdict = decide(
            offer.terms,
            now=now,
            booked=mine,
            elsewhere=row is not None and not mine,
            places=places[offer.session],
            away=choice in away,
            refusal=quote if isinstance(quote, str) else None,
        )
        adding = choice in wanted.add
        if mine is adding:
            outcomes.append(Outcome(choice, Result.KEPT, offer))
        elif not verdict.open:
            outcomes.append(Outcome(choice, Result.REFUSED, offer, reason=verdict.reason))
        elif adding:
            places[offer.session] -= 1
            assert not isinstance(quote, str)  # noqa: S101 - an open day has a price
            outcomes.append(Outcome(choice, Result.ADDED, offer, quote.total if shows_money else ZERO))
        else:
            places[offer.session] += 1
            assert row is not None  # noqa: S101 - what is ours is booked
            change = -Money(row.price_cents) if shows_money else ZERO
            outcomes.append(Outcome(choice, Result.REMOVED, offer, change))
    return outcomes


def _write(
    family: FamilyContext, actor: User, now: datetime, days: Sequence[tuple[Offer, Price | str]]
) -> None:
    """Insert the bookings, the shares when several guardians pay, and the explanations."""
    payers = payers_of(family)
    rows, explained = [], []
    for offer, quote in days:
        assert isinstance(quote, Price) and offer.tariff_version  # noqa: S101 - only priced days are added
        explained.append(quote.explanation)
        rows.append(
            Booking(
                session_id=offer.session,
                child_id=offer.child,
                family_id=family.id,
                payer_id=payers[0].id,
                price_cents=quote.total.cents,
                lines=lines_of(quote),
                explanation=quote.explanation.digest,
                tariff_version_id=offer.tariff_version,
                booked_at=now,
                booked_by=actor,
            )
        )
    rows = Booking.objects.bulk_create(rows)
    if len(payers) > 1:
        BookingShare.objects.bulk_create(
            BookingShare(booking=row, payer_id=payer.id, weight=payer.payer_share)
            for row in rows
            for payer in payers
        )
    store_explanations(explained)


def payers_of(family: FamilyContext) -> list[GuardianRef]:
    """Who owes what the family books, first the one whose place in the family is first."""
    return [guardian for guardian in family.guardians if guardian.payer_share] or [family.guardians[0]]


def lines_of(price: Price) -> list[dict[str, str | int]]:
    """The components of a price as a booking keeps them."""
    return [
        {
            "kind": line.kind,
            "product": line.product,
            "label": line.label,
            "quantity": str(line.quantity),
            "unit": line.unit.code,
            "amount_cents": line.amount.cents,
        }
        for line in price.lines
    ]


# Enrolment -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def enrol(
    *,
    child: Child,
    family: Family,
    activity: Activity,
    site: Site,
    valid_from: date,
    valid_to: date,
    actor: User | None = None,
) -> Enrolment:
    """Let a child of a family book an activity at a site between two days (included).

    Raises BookingError for a child who is not in the family, or when an enrolment there covers some of the days.
    """
    if not family.child_links.filter(child=child).exists():
        raise BookingError(_("Cet enfant n’est pas de cette famille."))
    if valid_to < valid_from:
        raise BookingError(_("L’inscription finit avant de commencer."))
    same = Enrolment.objects.filter(child=child, family=family, activity=activity, site=site)
    if same.filter(valid_from__lte=valid_to, valid_to__gte=valid_from).exists():
        raise BookingError(_("Cet enfant y est déjà inscrit pour une partie de ces jours."))
    enrolment = Enrolment.objects.create(
        child=child, family=family, activity=activity, site=site, valid_from=valid_from, valid_to=valid_to
    )
    journal.record(
        actor=actor,
        act="enfance.child_enrolled",
        object=("enfance.enrolment", enrolment.pk),
        concerning=[child, family],
        changes={"activity": activity.pk, "site": site.pk, "valid_from": valid_from, "valid_to": valid_to},
    )
    return enrolment


# Places --------------------------------------------------------------------------------------------------------------


def lock_sessions(ids: Collection[UUID]) -> list[Session]:
    """The sessions as they are now, locked until the end of the transaction in one order for everybody.

    Called after pricing and before any write. Without that order, transactions that take several places wait for each
    other in a ring.
    """
    return list(Session.objects.filter(pk__in=ids).order_by("pk").select_for_update())


def recount(sessions: Collection[UUID]) -> None:
    """Set `taken` of locked sessions from their active bookings; the database refuses one too many."""
    active = Booking.objects.filter(session=OuterRef("pk"), cancelled_at__isnull=True).order_by()
    count = active.values("session").annotate(count=Count("pk")).values("count")
    Session.objects.filter(pk__in=sessions).update(taken=Coalesce(Subquery(count), 0))


# Agents act ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def cancel_booking(*, booking: Booking, actor: User, now: datetime, reason: str) -> bool:
    """Take a child off a session, whatever the limits; who, when and why stay. False when it was already done.

    Raises BookingError without a reason.
    """
    if not reason.strip():
        raise BookingError(_("Donnez la raison de l’annulation."))
    (session,) = lock_sessions([booking.session_id])
    done = _active(booking).update(cancelled_at=now, cancelled_by=actor, cancel_reason=reason.strip())
    if done:
        recount([session.pk])
        touch_billing(facts=[(booking.child_id, session.date)])
        _journal_booking(booking, "enfance.booking_cancelled", actor, reason=reason.strip())
    return bool(done)


@transaction.atomic
def change_payer(*, booking: Booking, payer: Guardian, actor: User, now: datetime) -> Booking:
    """Have one guardian of the family owe the booking alone, at the same price.

    The former booking stays, cancelled by the agent; the new one is returned. Raises BookingError.
    """
    if payer.family_id != booking.family_id:
        raise BookingError(_("Ce responsable n’est pas de la famille qui a réservé."))
    (session,) = lock_sessions([booking.session_id])
    if not _active(booking).update(
        cancelled_at=now, cancelled_by=actor, cancel_reason=_("Changement de payeur")
    ):
        raise BookingError(_("Cette réservation est déjà annulée."))
    successor = Booking.objects.create(
        session=session,
        child_id=booking.child_id,
        family_id=booking.family_id,
        payer=payer,
        price_cents=booking.price_cents,
        lines=booking.lines,
        explanation=booking.explanation,
        tariff_version_id=booking.tariff_version_id,
        booked_at=now,
        booked_by=actor,
    )
    touch_billing(facts=[(booking.child_id, session.date)])
    _journal_booking(booking, "enfance.payer_changed", actor, changes={"payer": [booking.payer_id, payer.pk]})
    return successor


def _journal_booking(booking: Booking, act: str, actor: User, **said: Any) -> None:
    """Read by the family that booked, not by the child's other home."""
    family = ("families.family", booking.family_id)
    journal.record(
        actor=actor, act=act, object=("enfance.session", booking.session_id), concerning=[family], **said
    )


@transaction.atomic
def change_session(
    *, session: Session, capacity: int, cancelled: bool, reason: str, actor: User, now: datetime
) -> Session:
    """Change the places of a session, cancel it with the reason that families read, or open it again.

    Cancelling takes every child off, so that nothing of that day is billed. Raises BookingError.
    """
    (locked,) = lock_sessions([session.pk])
    active = Booking.objects.filter(session=locked, cancelled_at__isnull=True)
    if cancelled and not reason.strip():
        raise BookingError(_("Donnez la raison que liront les familles."))
    if cancelled and not locked.cancelled:
        children = list(active.values_list("child_id", flat=True))
        active.update(cancelled_at=now, cancelled_by=actor, cancel_reason=reason.strip())
        locked.taken = 0
        if children:
            touch_billing(facts=[(child, locked.date) for child in children])
    if capacity < locked.taken:
        raise BookingError(_("Il y a déjà plus de réservations que de places."))
    pairs: dict[str, list[int]] = {
        "capacity": [locked.capacity, capacity],
        "cancelled": [locked.cancelled, cancelled],
    }
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changes:
        journal.record(
            actor=actor,
            act="enfance.session_changed",
            object=("enfance.session", locked.pk),
            changes=changes,
            reason=reason.strip() if cancelled else "",
        )
    locked.capacity, locked.cancelled = capacity, cancelled
    locked.cancel_reason = reason.strip() if cancelled else ""
    locked.save(update_fields=["capacity", "taken", "cancelled", "cancel_reason"])
    return locked


@transaction.atomic
def cancel_sessions(
    *, sessions: Collection[UUID], reason: str, actor: User, now: datetime
) -> tuple[int, int]:
    """Cancel several sessions and take every child off: how many sessions, how many bookings.

    Those that are cancelled already stay as they are. Raises BookingError without a reason.
    """
    if not reason.strip():
        raise BookingError(_("Donnez la raison que liront les familles."))
    held = [session.pk for session in lock_sessions(sessions) if not session.cancelled]
    active = Booking.objects.filter(session__in=held, cancelled_at__isnull=True)
    facts = set(active.values_list("child_id", "session__date"))
    taken_off = active.update(cancelled_at=now, cancelled_by=actor, cancel_reason=reason.strip())
    Session.objects.filter(pk__in=held).update(cancelled=True, cancel_reason=reason.strip(), taken=0)
    if facts:
        touch_billing(facts=facts)
    if held:
        changes = {"sessions": held, "cancelled": [False, True]}
        _journal_sessions(held, actor, changes=changes, reason=reason.strip())
    return len(held), taken_off


def _journal_sessions(sessions: Sequence[UUID], actor: User, **said: Any) -> None:
    """One act for all of them: the first one is its object, all are in its changes."""
    journal.record(
        actor=actor, act="enfance.session_changed", object=("enfance.session", sessions[0]), **said
    )


@transaction.atomic
def reopen_sessions(*, sessions: Collection[UUID], actor: User) -> int:
    """Open cancelled sessions again, empty. Returns how many were."""
    off = [session.pk for session in lock_sessions(sessions) if session.cancelled]
    if off:
        _journal_sessions(off, actor, changes={"sessions": off, "cancelled": [True, False]})
    return Session.objects.filter(pk__in=off).update(cancelled=False, cancel_reason="")


@transaction.atomic
def resize_sessions(*, sessions: Collection[UUID], capacity: int, actor: User) -> int:
    """Give sessions so many places; one that has more bookings keeps its own. Returns how many changed."""
    held = [session.pk for session in lock_sessions(sessions) if session.taken <= capacity]
    if held:
        _journal_sessions(held, actor, changes={"sessions": held, "capacity": capacity})
    return Session.objects.filter(pk__in=held).update(capacity=capacity)


@transaction.atomic
def end_enrolments(*, enrolments: Collection[UUID], valid_to: date, actor: User | None = None) -> int:
    """Give enrolments another last day. One that begins after it, or would run into the next one, stays as it is."""
    following = Enrolment.objects.filter(
        child=OuterRef("child"),
        family=OuterRef("family"),
        activity=OuterRef("activity"),
        site=OuterRef("site"),
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=valid_to,
    )
    ending = list(
        Enrolment.objects.filter(pk__in=enrolments, valid_from__lte=valid_to).exclude(Exists(following))
    )
    if ending:
        journal.record(
            actor=actor,
            act="enfance.enrolments_ended",
            object=("enfance.enrolment", ending[0].pk),
            concerning={("families.family", enrolment.family_id) for enrolment in ending},
            changes={"enrolments": [enrolment.pk for enrolment in ending], "valid_to": valid_to},
        )
    return Enrolment.objects.filter(pk__in=[each.pk for each in ending]).update(valid_to=valid_to)


def _active(booking: Booking) -> QuerySet[Booking]:
    return Booking.objects.filter(pk=booking.pk, cancelled_at__isnull=True)


@transaction.atomic
def generate_sessions(*, activity: Activity, site: Site, days: Iterable[date], capacity: int) -> int:
    """Open an activity at a site on days; those that are there already stay as they are. Returns how many are new."""
    wanted = set(days)
    there = Session.objects.filter(activity=activity, site=site, unit=activity.unit, date__in=wanted)
    new = sorted(wanted - set(there.values_list("date", flat=True)))
    Session.objects.bulk_create(
        (
            Session(activity=activity, site=site, date=day, unit=activity.unit, capacity=capacity)
            for day in new
        ),
        ignore_conflicts=True,
    )
    return len(new)
