"""What becomes of enrolments and bookings when two records of one family are merged.

Days to come go to the kept family, its payers and its children. Days past stay with those who were billed for them: a
fact that was billed never changes its child or its payer; only its family is the kept one, so that everybody finds it.
"""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.contracts.family import FamilyMerge, MergeEffect
from core.families.services import touch_billing
from plugins.enfance.models import Booking, BookingShare, Enrolment, Session
from plugins.enfance.services import lock_sessions, recount


def merge(merge: FamilyMerge) -> Iterator[MergeEffect]:
    enrolments = Enrolment.objects.filter(family=merge.absorbed)
    bookings = Booking.objects.filter(family=merge.absorbed)
    twice = _booked_twice(merge)
    yield MergeEffect(_("Inscriptions rejoignent la famille gardée"), enrolments.count())
    yield MergeEffect(_("Réservations rejoignent la famille gardée"), bookings.count())
    if twice:
        yield MergeEffect(_("Réservations faites deux fois : une seule reste"), len(twice))
    if not merge.dry_run:
        _move_enrolments(merge, enrolments)
        _move_bookings(merge, bookings, twice)


def _booked_twice(merge: FamilyMerge) -> list[Booking]:
    """Days to come for which a child known twice is booked under both records."""
    coming = Booking.objects.filter(cancelled_at__isnull=True, session__date__gte=merge.today)
    kept = set(coming.filter(child__in=merge.children.values()).values_list("child", "session"))
    rows = coming.filter(child__in=merge.children)
    return [row for row in rows if (merge.children[row.child_id], row.session_id) in kept]


def _move_enrolments(merge: FamilyMerge, enrolments: QuerySet[Enrolment]) -> None:
    """Those that begin the same day for the same thing become one, to the later of their ends."""
    known = {
        (row.child_id, row.activity_id, row.site_id, row.valid_from): row
        for row in Enrolment.objects.filter(family=merge.kept)
    }
    moved, longer, same = [], [], []
    for row in enrolments.order_by("pk"):
        row.child_id = merge.children.get(row.child_id, row.child_id)
        row.family_id = merge.kept
        key = row.child_id, row.activity_id, row.site_id, row.valid_from
        if twin := known.get(key):
            twin.valid_to = max(twin.valid_to, row.valid_to)
            longer.append(twin)
            same.append(row.pk)
        else:
            known[key] = row
            moved.append(row)
    Enrolment.objects.filter(pk__in=same).delete()
    Enrolment.objects.bulk_update(moved, ["child", "family"])
    Enrolment.objects.bulk_update(longer, ["valid_to"])


def _move_bookings(merge: FamilyMerge, bookings: QuerySet[Booking], twice: list[Booking]) -> None:
    coming = Booking.objects.filter(session__date__gte=merge.today)
    sessions = {row.session_id for row in twice}
    lock_sessions(sessions)
    Booking.objects.filter(pk__in=[row.pk for row in twice]).update(
        cancelled_at=merge.now,
        cancelled_by=merge.actor,
        cancel_reason=_("Réservée deux fois : les deux dossiers de la famille sont réunis."),
    )
    recount(sessions)
    facts = list(
        coming.filter(family=merge.absorbed, cancelled_at__isnull=True).values_list("child", "session__date")
    ) + list(Session.objects.filter(bookings__in=twice).values_list("bookings__child", "date"))
    for child, same in merge.children.items():
        coming.filter(child=child, cancelled_at__isnull=True).update(child=same)
    for guardian, same in merge.guardians.items():
        shares = BookingShare.objects.filter(payer=guardian, booking__session__date__gte=merge.today)
        shares.update(payer=same)
        coming.filter(payer=guardian).update(payer=same)
    bookings.update(family=merge.kept)
    touched = {(merge.children.get(child, child), day) for child, day in facts} | set(facts)
    touch_billing(facts=touched)
