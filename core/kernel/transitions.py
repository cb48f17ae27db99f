"""State machines as one table: from each state, those that may follow. Pure."""

from collections.abc import Collection, Mapping
from typing import Generic, TypeVar

S = TypeVar("S", bound=str)


class IllegalTransition(Exception):
    """What was asked cannot follow the state that is there."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"{current} → {wanted}")
        self.current = current
        self.wanted = wanted


class Machine(Generic[S]):
    """`Machine({State.OPEN: {State.CLOSED}})`: a state that is no key of the table ends everything."""

    def __init__(self, moves: Mapping[S, Collection[S]]) -> None:
        self._moves: dict[str, frozenset[S]] = {state: frozenset(after) for state, after in moves.items()}

    def allows(self, current: str, wanted: str) -> bool:
        return wanted in self.after(current)

    def check(self, current: str, wanted: str) -> None:
        """Raises IllegalTransition."""
        if not self.allows(current, wanted):
            raise IllegalTransition(current, wanted)

    def after(self, current: str) -> frozenset[S]:
        return self._moves.get(current, frozenset())

    def ends(self, state: str) -> bool:
        return not self.after(state)
