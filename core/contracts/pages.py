"""Panels: pieces of a page that a plugin contributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.contracts.family import Act
from core.contracts.markers import collect_hook

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.contracts.family import FamilyContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A titled piece of page: a template of the plugin and what it needs, already read.

    `more_label` and `more_url` are the way to the whole. `weight` orders the panels, lowest first; on a parent's home
    one below 50 stands above the tiles: what is to do, and the days to come. There too, `needs` is the act that it is
    part of: a delegate sees only panels that name one, and those that he or she may do.
    """

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    more_label: str = ""
    more_url: str = ""
    needs: Act | None = None
    weight: int = 100


@collect_hook
def home_panels(request: "HttpRequest") -> list[Panel]:  # type: ignore[empty-body]
    """Panels of the town's home page and of the reception that a visitor of the Espace Famille sees.

    When: `/` and, for a visitor, `/espace-famille/`. Returns: the panels; one query a plugin is expected at most.
    On failure: the panel is missing and agents see which plugin failed. Since: 1.0.
    """


@collect_hook
def family_panels(context: "FamilyContext") -> list[Panel]:  # type: ignore[empty-body]
    """Panels of a parent's home in the Espace Famille.

    When: `/espace-famille/`, signed in. Returns: the panels; one query a plugin is expected at most.
    On failure: the panel is missing and agents see which plugin failed. Since: 1.0.
    """


@collect_hook
def family_sheet_panels(context: "FamilyContext", user: Any) -> list[Panel]:  # type: ignore[empty-body]
    """Panels of the agents' family sheet, shown one below the other on one page.

    When: the sheet of a family in the back office; `context.guardian` is the family's first guardian, `user` the agent
    who looks: a plugin shows what this agent may see, on the agent's sites. Returns: the panels; two queries a plugin
    are expected at most.
    On failure: a labelled box stands in the panel's place. Since: 1.0.
    """
