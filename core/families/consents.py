"""What applies when those who hold the parental authority have said different things: pure.

The authorisation of one is enough for the ordinary acts of a child's life: the other is presumed to agree (Code civil,
372-2). Publishing a child's image is not one of them: each holder must agree. When they contradict each other, an agent
looks, and meanwhile the answer that protects the child most applies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Policy:
    """How the words of several holders combine. `protective` is the answer that protects the child.

    `needs_all`: nothing is allowed before every holder has said yes.
    """

    protective: bool = False
    needs_all: bool = False


POLICIES: Mapping[str, Policy] = {
    "image": Policy(needs_all=True),
    "outings": Policy(),
    "alone": Policy(),
    "swimming": Policy(),
    "hospital": Policy(protective=True),
}


@dataclass(frozen=True, slots=True)
class Word:
    """What one holder says today."""

    holder: UUID
    allowed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What applies. `contested`: they contradict each other. `awaited`: whose word is missing and counts."""

    allowed: bool
    contested: bool = False
    awaited: frozenset[UUID] = frozenset()


def most_protective(policy: Policy, holders: Iterable[UUID], words: Iterable[Word]) -> Verdict:
    """What applies to a child. The words of those who hold no authority (any more) do not count."""
    wanted = frozenset(holders)
    said = {word.holder: word.allowed for word in words if word.holder in wanted}
    answers = set(said.values())
    missing = wanted - said.keys()
    if len(answers) == 2:
        return Verdict(policy.protective, contested=True)
    if not answers:
        return Verdict(allowed=False, awaited=missing)
    (answer,) = answers
    if answer and policy.needs_all and missing:
        return Verdict(allowed=False, awaited=missing)
    return Verdict(answer)
