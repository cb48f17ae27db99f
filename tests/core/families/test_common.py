"""What both homes have in common: whose word applies, and how a proposal lives."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.families.common import MACHINE, State
from core.families.consents import POLICIES, Policy, Verdict, Word, most_protective
from core.families.models import Authorisation, CommonProposal
from core.families.selectors.common import consents_of, contradictions, proposals_to_settle
from core.families.services.common import (
    CommonError,
    answer_proposal,
    propose_change,
    say,
    settle_proposal,
    withdraw_proposal,
)
from core.kernel import clock
from core.testing.factories import ChildFactory, GuardianFactory

A, B, STRANGER = uuid4(), uuid4(), uuid4()
YES, NO = True, False


@pytest.mark.parametrize(
    ("kind", "first", "second", "expected"),
    [
        ("outings", None, None, Verdict(False, awaited=frozenset({A, B}))),
        ("outings", YES, None, Verdict(True)),
        ("outings", YES, YES, Verdict(True)),
        ("outings", YES, NO, Verdict(False, contested=True)),
        ("outings", NO, None, Verdict(False)),
        ("image", YES, None, Verdict(False, awaited=frozenset({B}))),
        ("image", YES, YES, Verdict(True)),
        ("image", NO, YES, Verdict(False, contested=True)),
        ("hospital", NO, YES, Verdict(True, contested=True)),
        ("hospital", NO, NO, Verdict(False)),
    ],
)
def test_worked_examples(kind: str, first: bool | None, second: bool | None, expected: Verdict) -> None:
    words = [Word(holder, said) for holder, said in ((A, first), (B, second)) if said is not None]
    assert most_protective(POLICIES[kind], (A, B), [*words, Word(STRANGER, True)]) == expected


@given(
    st.builds(Policy, st.booleans(), st.booleans()), st.dictionaries(st.sampled_from([A, B]), st.booleans())
)
def test_a_contradiction_is_seen_and_the_protective_answer_applies(
    policy: Policy, said: dict[Any, bool]
) -> None:
    verdict = most_protective(policy, (A, B), [Word(*item) for item in said.items()])
    assert verdict.contested == (set(said.values()) == {True, False})
    if verdict.contested:
        assert verdict.allowed == policy.protective
    elif verdict.allowed:
        assert set(said.values()) == {True}


@given(st.lists(st.sampled_from(State), max_size=6))
def test_a_proposal_ends_once(wanted: list[State]) -> None:
    state = State.PROPOSED
    for move in wanted:
        if MACHINE.allows(state, move):
            assert state in (State.PROPOSED, State.CONTESTED)
            assert move is not State.PROPOSED
            state = move
    if state not in (State.PROPOSED, State.CONTESTED):
        assert MACHINE.ends(state)


@pytest.fixture
def parents(db: None) -> Any:
    """A child of two homes, the guardian of each, and a step-parent without authority."""
    here, there = GuardianFactory(), GuardianFactory()
    child = ChildFactory(families=[here.family, there.family], person__first_name="Lea")
    step = GuardianFactory(family=here.family, position=2, parental_authority=False)
    return child, here, there, step


def told(child: Any, guardian: Any, allowed: bool | None, kind: str = "outings") -> Any:
    return say(child=child, guardian=guardian, kind=kind, allowed=allowed, actor=None, now=clock.now())


class TestAuthorisations:
    def test_each_holder_speaks_for_oneself_and_may_take_it_back(
        self, parents: Any, django_assert_num_queries: Any
    ) -> None:
        child, here, there, step = parents
        told(child, here, True)
        told(child, there, False)
        with django_assert_num_queries(2):
            outings = consents_of([child.pk])[child.pk][1]
        assert outings.verdict == Verdict(False, contested=True)
        assert list(contradictions()) == [child]
        told(child, there, None)
        assert consents_of([child.pk])[child.pk][1].verdict.allowed
        assert not contradictions().exists()
        assert Authorisation.objects.count() == 2
        with pytest.raises(CommonError):
            told(child, step, True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Authorisation.objects.create(
                child=child, guardian=here, kind="outings", allowed=False, said_at=clock.now()
            )

    def test_the_same_word_twice_is_once(self, parents: Any) -> None:
        child, here, *_ = parents
        assert told(child, here, True) == told(child, here, True)


def proposed(child: Any, guardian: Any, value: str = "Léa", fact: str = "first_name") -> CommonProposal:
    return propose_change(child=child, guardian=guardian, fact=fact, value=value, actor=None, now=clock.now())


def answered(proposal: CommonProposal, guardian: Any, agreed: bool) -> CommonProposal:
    return answer_proposal(proposal=proposal, guardian=guardian, agreed=agreed, actor=None, now=clock.now())


class TestProposals:
    def test_the_other_agrees_and_it_is_applied(self, parents: Any) -> None:
        child, here, there, _step = parents
        proposal = proposed(child, here)
        child.person.refresh_from_db()
        assert child.person.first_name == "Lea"
        with pytest.raises(CommonError, match="l’autre parent"):
            answered(proposal, here, True)
        answered(proposal, there, True)
        child.person.refresh_from_db()
        assert child.person.first_name == "Léa"
        with pytest.raises(CommonError, match="déjà"):
            withdraw_proposal(proposal=proposal, guardian=here, actor=None)

    def test_contested_an_agent_settles(self, parents: Any) -> None:
        child, here, there, _step = parents
        proposal = proposed(child, here)
        assert list(proposals_to_settle()) == []
        answered(proposal, there, False)
        assert list(proposals_to_settle()) == [proposal]
        with pytest.raises(CommonError, match="déjà"):
            answered(proposal, there, True)
        with pytest.raises(CommonError, match="raison"):
            settle_proposal(proposal=proposal, accepted=False, reason=" ", actor=None, now=clock.now())
        settle_proposal(
            proposal=proposal, accepted=False, reason="Acte de naissance", actor=None, now=clock.now()
        )
        child.person.refresh_from_db()
        assert child.person.first_name == "Lea"

    def test_alone_an_agent_answers(self, parents: Any) -> None:
        guardian = GuardianFactory()
        child = ChildFactory(families=[guardian.family])
        proposal = proposed(child, guardian, "2019-05-05", "birth_date")
        assert list(proposals_to_settle()) == [proposal]
        settle_proposal(
            proposal=proposal, accepted=True, reason="Livret de famille", actor=None, now=clock.now()
        )
        child.person.refresh_from_db()
        assert child.person.birth_date.isoformat() == "2019-05-05"

    def test_what_cannot_be_proposed(self, parents: Any) -> None:
        child, here, _there, step = parents
        with pytest.raises(CommonError):
            proposed(child, step)
        with pytest.raises(CommonError, match="déjà ce qui"):
            proposed(child, here, "Lea")
        for value in ("2020-00-00", "hier"):
            with pytest.raises(ValidationError):
                proposed(child, here, value, "birth_date")
        with pytest.raises(ValidationError):
            proposed(child, here, "")
        with pytest.raises(CommonError):
            proposed(child, here, "x", "school")
        proposed(child, here)
        with pytest.raises(CommonError, match="attend déjà"):
            proposed(child, here, "Léah")
