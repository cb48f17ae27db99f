"""Reading tariffs and explanations."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from core.contracts.pricing import Explanation
from core.pricing import grid as public_grid
from core.pricing.grid import Grid
from core.pricing.models import PriceExplanation, TariffVersion


def versions_for(codes: Collection[str], dates: Collection[date]) -> dict[tuple[str, date], TariffVersion]:
    """The version in force for each code and date of consumption; a pair without tariff is absent. One query."""
    if not codes or not dates:
        return {}
    published = TariffVersion.objects.filter(
        code__in=set(codes), status=TariffVersion.Status.PUBLISHED, valid_from__lte=max(dates)
    ).order_by("code", "valid_from")
    by_code: dict[str, list[TariffVersion]] = {}
    for version in published:
        by_code.setdefault(version.code, []).append(version)
    found = {}
    for code, versions in by_code.items():
        for on in set(dates):
            if current := in_force(versions, on):
                found[code, on] = current
    return found


def in_force(versions: Iterable[TariffVersion], on: date) -> TariffVersion | None:
    """Among versions of one tariff, the published one that began last and covers a day. No query."""
    covering = [
        version
        for version in versions
        if version.status == TariffVersion.Status.PUBLISHED
        and version.valid_from <= on
        and (version.valid_to is None or on <= version.valid_to)
    ]
    return max(covering, key=lambda version: version.valid_from, default=None)


def version_for(code: str, on: date) -> TariffVersion | None:
    """The version in force for a code on a date of consumption, if there is one."""
    return versions_for((code,), (on,)).get((code, on))


def of_service(*codes: str) -> QuerySet[TariffVersion]:
    """Every version, draft or published, of the tariffs of some services."""
    return TariffVersion.objects.filter(service__in=codes)


def grid(version: TariffVersion) -> Grid:
    """The public grid of a version."""
    return public_grid.grid(version.tariff)


def explanations(digests: Iterable[str]) -> dict[str, Explanation]:
    """Stored explanations by digest; an unknown digest is absent. One query."""
    stored = PriceExplanation.objects.filter(digest__in=set(digests)).values_list("digest", "steps")
    return {digest: Explanation.from_json(steps) for digest, steps in stored}
