"""Documents that a family may have made at once: certificates and summaries, dated, that the town can check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.contracts.family import Act
from core.contracts.markers import collect_hook

if TYPE_CHECKING:
    from core.contracts.family import FamilyContext


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part: rows of a table under its `head`, or without a head pairs (label, value). `empty` is said when
    there is no row. All in French, ready to be read."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    empty: str = ""

    def __post_init__(self) -> None:
        width = len(self.head) or 2
        if any(len(row) != width for row in self.rows):
            raise ValueError(f"part {self.title!r}: each row has {width} cells")


@dataclass(frozen=True, slots=True)
class Body:
    """What a document says: `lead` is its sentence. Nothing in it changes with the day alone: whoever checks a paper
    is told whether the same document would say the same now."""

    lead: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuableDocument:
    """One document that may be made for a family.

    `code` is "<slug>.<name>" with a slug for its name: it stands in addresses. `write` reads and gives the words; it is
    called when the document is made. `needs` is the act that it is part of: a delegate sees only documents that name
    one, and those that he or she may read.
    """

    code: str
    title: str
    description: str
    write: Callable[[], Body]
    needs: Act | None = None
    weight: int = 100


@collect_hook
def issuable_documents(context: "FamilyContext") -> list[IssuableDocument]:  # type: ignore[empty-body]
    """Documents that may be made for a family.

    When: « Éditer un document » of a parent, the same of an agent, and when a document is checked. Returns: those that
    make sense for this family, one query at most.
    On failure: the other documents are offered. Since: 1.0.
    """
