"""Reads of the agents' screens that belong to no room below."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat

from core.backoffice.search import Folded
from core.contracts.plugin import PersonalData
from core.families.models import ChildInFamily, Family, Guardian
from core.kernel import discovery, manager, state
from core.kernel.models import PluginSwitch


def families_of(user: object) -> QuerySet[Family]:
    """The families that an agent may open: all of them, as long as no trade is bound to a site."""
    return Family.objects.all()


def _named(words: Iterable[str]) -> Q:
    """Rows whose annotation `who` holds every word."""
    found = Q()
    for word in words:
        found &= Q(who__contains=word)
    return found


def matching(families: QuerySet[Family], words: list[str]) -> QuerySet[Family]:
    """Families in which the words are all found in its name, or in that of one guardian or one child."""
    if not words:
        return families
    person = Concat(F("person__first_name"), Value(" "), F("person__last_name"), output_field=CharField())
    child = Concat(
        F("child__person__first_name"), Value(" "), F("child__person__last_name"), output_field=CharField()
    )
    guardians = Guardian.objects.filter(family=OuterRef("pk")).alias(who=Folded(person)).filter(_named(words))
    children = (
        ChildInFamily.objects.filter(family=OuterRef("pk")).alias(who=Folded(child)).filter(_named(words))
    )
    return families.alias(who=Folded(F("name"))).filter(_named(words) | Exists(guardians) | Exists(children))


def listed(families: QuerySet[Family]) -> QuerySet[Family]:
    """With the people that a line of the list names: three statements a page."""
    return families.prefetch_related(
        Prefetch("guardians", Guardian.objects.select_related("person")),
        Prefetch(
            "child_links",
            ChildInFamily.objects.select_related("child__person").order_by("child__person__birth_date", "pk"),
        ),
    )


def guardians_of(family_id: UUID) -> list[Guardian]:
    return list(Guardian.objects.filter(family=family_id).select_related("person__user"))


@dataclass(frozen=True, slots=True)
class Module:
    """One line of the modules page."""

    slug: str
    name: str
    summary: str
    version: str
    owner: str
    enabled: bool
    hooks: list[str]
    depends_on: list[str]
    personal_data: tuple[PersonalData, ...]
    switched_at: datetime | None
    switched_by: str


def modules() -> list[Module]:
    """Every plugin that is installed, by name. Two statements."""
    found = discovery.installed()
    on = state.enabled_slugs()
    names: Mapping[str, str] = {plugin.slug: plugin.name for plugin in found.plugins}
    last = {switch.slug: switch for switch in PluginSwitch.objects.order_by("at", "pk")}
    return [
        Module(
            slug=plugin.slug,
            name=plugin.name,
            summary=plugin.summary,
            version=found.versions.get(plugin.slug, ""),
            owner=plugin.owner,
            enabled=plugin.slug in on,
            hooks=manager.hooks_of(plugin.slug),
            depends_on=[names[slug] for slug in plugin.depends_on],
            personal_data=plugin.personal_data,
            switched_at=last[plugin.slug].at if plugin.slug in last else None,
            switched_by=last[plugin.slug].actor if plugin.slug in last else "",
        )
        for plugin in sorted(found.plugins, key=lambda plugin: plugin.name)
    ]
