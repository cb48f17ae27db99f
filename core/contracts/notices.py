"""« Je pense à » : what a family has to do, or may do from some day on."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.contracts.family import Act
from core.contracts.markers import collect_hook

if TYPE_CHECKING:
    from core.contracts.family import FamilyContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to think of.

    `key` names the fact, "<slug>.<name>": the same fact keeps it, so that a calendar changes its entry instead of
    adding one. `label` says in French what to do, as an infinitive, without a name, an amount nor anything of health:
    it leaves the house, in calendars and in the subject of a message. `detail` is the rest. `begins` is the first day
    on which it can be done, when that is to come; `until` the last one. `url` is the path of the page where it is done.
    `needs` is the act that it leads to: a delegate sees only notices that name one, and those that he or she may do.
    """

    key: str
    label: str
    url: str
    detail: str = ""
    begins: date | None = None
    until: date | None = None
    needs: Act | None = None
    icon: str = "bell"

    def __post_init__(self) -> None:
        if self.begins and self.until and self.until < self.begins:
            raise ValueError(f"notice {self.key}: its last day comes before its first")


@collect_hook
def notices(context: "FamilyContext") -> list[Notice]:  # type: ignore[empty-body]
    """What a family has to think of: an invoice to pay, a window that opens or closes, an answer that is awaited.

    When: a parent's home, « Je pense à », its calendar, its message of the day. Returns: the notices, in any order;
    no query is expected beyond that of `family_panels` (`core.kernel.state.once`).
    On failure: the other notices are shown. Since: 1.0.
    """
