"""Which plugins have facts to bill, and whether all of them can be asked."""

from collections.abc import Iterable

from core.contracts.billing import billable_lines
from core.kernel import calls, discovery, state
from core.kernel.selectors import retired_slugs
from plugins.facturation.errors import SourceOff
from plugins.facturation.models import BilledHead, Run


def name_of(slug: str) -> str:
    """The name of a module as agents know it, or its slug when it is not installed any more."""
    return next((plugin.name for plugin in discovery.installed().plugins if plugin.slug == slug), slug)


def enabled_sources() -> list[str]:
    """Slugs of the plugins that are on and bill something."""
    on = state.enabled_slugs()
    return [slug for slug in calls.implementers(billable_lines) if slug in on]


def sources_off() -> list[str]:
    """Slugs of the sources that cannot be asked: off, or gone while some of their facts are still billed.

    One that was retired has no more to say: what was billed stands.
    """
    on = state.enabled_slugs()
    billed = {slug for sources in Run.objects.values_list("sources", flat=True) for slug in sources}
    off = [slug for slug in calls.implementers(billable_lines) if slug not in on]
    gone = billed.difference(on, off)
    gone = gone - retired_slugs() if gone else gone
    standing = BilledHead.objects.filter(source__in=gone).exclude(digest="")
    return off + sorted(set(standing.values_list("source", flat=True)) if gone else [])


def check_sources(excluded: Iterable[str]) -> list[str]:
    """The sources to ask. Raises SourceOff for one that is off and was not excluded by name."""
    if missing := [slug for slug in sources_off() if slug not in excluded]:
        raise SourceOff([name_of(slug) for slug in missing])
    return enabled_sources()
