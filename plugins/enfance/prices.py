"""The price of a child's day, asked to the one engine. Nothing here comes from a browser."""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from core.contracts.family import FamilyContext, QuotientRef
from core.contracts.pricing import FactValue, Price, PriceRefusedError, PricingError, Quotient, Situation
from core.families.quotients import quotient_on
from core.pricing.engine import price
from core.pricing.models import TariffVersion
from core.pricing.ranks import rank_of
from plugins.enfance.models import Enrolment
from plugins.enfance.offers import Choice, Offer

logger = logging.getLogger(__name__)

_versions: dict[UUID, TariffVersion] = {}
"""Published versions met by this process: they are never rewritten, so they never go stale."""


def versions(ids: Iterable[UUID]) -> dict[UUID, TariffVersion]:
    """Tariff versions by id. One statement the first time that a process meets a version, none afterwards."""
    wanted = set(ids)
    if missing := wanted - _versions.keys():
        _versions.update(TariffVersion.objects.in_bulk(missing))
    return {key: _versions[key] for key in wanted}


def quote(family: FamilyContext, offers: Iterable[Offer]) -> dict[Choice, Price | str]:
    """The price of each offer for this family, or the French sentence in which the tariff refuses one.

    The quotient is the one in force on the day of the session, among those known now. Ranks count the children of the
    household, also those whom a delegate does not see. One statement for a tariff that counts those enrolled.
    """
    found = list(offers)
    known = versions(offer.tariff_version for offer in found if offer.tariff_version)
    users = _users(family, [offer for offer in found if _counts_users(known, offer)])
    quotients: dict[date, Quotient | None] = {}
    prices: dict[Choice, Price | str] = {}
    for offer in found:
        if offer.tariff_version is None:
            prices[offer.key] = _("Le tarif de cette activité n’est pas encore publié.")
            continue
        tariff = known[offer.tariff_version].tariff
        if offer.day not in quotients:
            quotients[offer.day] = as_fact(quotient_on(family.quotients, offer.day))
        stated = situation(
            offer.day,
            quotient=quotients[offer.day],
            resident=family.resident,
            rank=rank_of(
                offer.child,
                tariff.ranks,
                household=family.siblings,
                users=users.get((offer.activity, offer.day), ()),
            ),
            activity=offer.tariff_facts,
        )
        try:
            prices[offer.key] = price(tariff, stated)
        except PriceRefusedError as refusal:
            prices[offer.key] = refusal.reason
        except PricingError:
            logger.exception("activity %s does not state what its tariff needs", offer.activity)
            prices[offer.key] = _("Le prix ne peut pas être calculé : appelez le service.")
    return prices


def _counts_users(known: Mapping[UUID, TariffVersion], offer: Offer) -> bool:
    return offer.tariff_version is not None and known[offer.tariff_version].tariff.ranks.basis != "household"


def _users(family: FamilyContext, concerned: Collection[Offer]) -> dict[tuple[str, date], set[UUID]]:
    """The children of the household who are enrolled in an activity on a day."""
    if not concerned:
        return {}
    days = {(offer.activity, offer.day) for offer in concerned}
    rows = Enrolment.objects.filter(
        family=family.id,
        child__in=family.siblings,
        activity__code__in={activity for activity, _day in days},
        valid_from__lte=max(day for _activity, day in days),
        valid_to__gte=min(day for _activity, day in days),
    ).values_list("activity__code", "child", "valid_from", "valid_to")
    found: dict[tuple[str, date], set[UUID]] = {key: set() for key in days}
    for activity, child, first, last in rows:
        for key in days:
            if key[0] == activity and first <= key[1] <= last:
                found[key].add(child)
    return found


def situation(
    day: date, *, quotient: Quotient | None, resident: bool, rank: int, activity: Mapping[str, FactValue]
) -> Situation:
    """What is stated to a tariff for a child's day; `activity` are the facts that the activity itself states."""
    facts: dict[str, FactValue] = {"qf": quotient, "resident": resident, "child_rank": rank}
    return Situation(day, facts | dict(activity))


def as_fact(quotient: QuotientRef | None) -> Quotient | None:
    """The quotient as tariffs read it."""
    if quotient is None:
        return None
    return Quotient(quotient.value, quotient.month, quotient.kind)  # type: ignore[arg-type]
