"""Everybody but whoever did it is told: of what both homes have in common, and of who may act for a household."""

from datetime import date
from typing import Any

import pytest

from core.contracts.family import Act
from core.families.models import Child, Guardian, Person
from core.families.services.common import answer_proposal, propose_change, settle_proposal, withdraw_proposal
from core.families.services.custody import answer_exception, propose_exception, withdraw_exception
from core.families.services.mandates import accept_mandate, propose_mandate, revoke_mandate
from core.kernel import clock, retirement
from core.notifications.models import Message
from core.testing.factories import AgentFactory, ChildFactory, GuardianFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture
def homes() -> Any:
    """A child of two homes: the guardian of each, and in the first one somebody without the parental authority."""
    here, there = (
        GuardianFactory(person__email="a@example.org"),
        GuardianFactory(person__email="b@example.org"),
    )
    step = GuardianFactory(family=here.family, position=2, parental_authority=False, payer_share=0)
    child = ChildFactory(families=[here.family, there.family], person__first_name="Léo")
    return child, here, there, step


def plain(message: Message) -> str:
    return message.text.replace("\u00a0", " ")


def told() -> list[tuple[Person, str]]:
    """(person, subject) of each message, then none of them is left."""
    found = [(row.person, row.subject) for row in Message.objects.order_by("created_at", "person__email")]
    Message.objects.all().delete()
    assert all(person for person, _subject in found)
    return found  # type: ignore[return-value]


def test_a_common_fact(homes: Any) -> None:
    child, here, there, _step = homes
    given: dict[str, Any] = {"actor": None, "now": clock.now()}

    def propose(by: Guardian = here) -> Any:
        fresh = Child.objects.get(pk=child.pk)
        return propose_change(child=fresh, guardian=by, fact="first_name", value="Léon", **given)

    proposal = propose()
    message = Message.objects.get()
    assert "propose un changement : prénom." in message.text
    assert "Léon" not in message.text + message.html
    assert f"/espace-famille/ma-famille/enfants/{child.pk}/" in message.text
    assert told() == [(there.person, "Un changement est proposé pour Léo")]
    withdraw_proposal(proposal=proposal, guardian=here, actor=None)
    assert told() == [(there.person, "Le changement proposé pour Léo est retiré")]

    proposal = propose(there)
    assert told() == [(here.person, "Un changement est proposé pour Léo")]
    answer_proposal(proposal=proposal, guardian=here, agreed=False, **given)
    assert told() == [(there.person, "Le changement proposé pour Léo est contesté")]
    settle_proposal(
        proposal=proposal,
        accepted=False,
        reason="L’acte dit 100 % Talence.",
        actor=AgentFactory(),
        now=clock.now(),
    )
    assert "L’acte dit 100 % Talence." in Message.objects.all()[0].text
    refused = "Le changement proposé pour Léo est refusé"
    assert told() == [(here.person, refused), (there.person, refused)]

    answer_proposal(proposal=propose(), guardian=there, agreed=True, **given)
    assert (here.person, "Le changement proposé pour Léon est fait") in told()


def test_days_of_custody(homes: Any) -> None:
    child, here, there, _step = homes
    given: dict[str, Any] = {"actor": None, "today": TODAY, "now": clock.now()}

    def propose(first: int, last: int) -> Any:
        days = {"first_day": date(2027, 1, first), "last_day": date(2027, 1, last)}
        return propose_exception(child=child, guardian=here, mine=True, **days, **given)

    asked = propose(1, 2)
    text = plain(Message.objects.get())
    assert "demande un changement de garde du vendredi 1er janvier 2027 au samedi 2 janvier 2027." in text
    assert told() == [(there.person, "Un changement de garde est demandé pour Léo")]
    answer_exception(exception=asked, guardian=there, agreed=True, **given)
    assert told() == [(here.person, "Le changement de garde demandé pour Léo est accepté")]

    answer_exception(exception=propose(4, 4), guardian=there, agreed=False, **given)
    text = plain(Message.objects.get(person=here.person))
    assert "le lundi 4 janvier 2027" in text
    assert {person for person, _subject in told()} == {here.person, there.person}

    withdraw_exception(exception=propose(6, 6), guardian=here, actor=None)
    assert {person for person, _subject in told()} == {there.person}


def test_a_mandate(homes: Any) -> None:
    child, here, _there, step = homes
    mandate, secret = propose_mandate(
        guardian=here,
        actor=here.person.user,
        name="Jeanne Martin",
        relation="grandparent",
        children=[child.pk],
        acts=[Act.BOOK],
        valid_to=date(2027, 1, 31),
        today=TODAY,
        now=clock.now(),
    )
    assert secret not in Message.objects.get().text
    assert told() == [(step.person, "Une délégation est proposée à Jeanne Martin")]

    accepting = UserFactory(email="jeanne@example.org")
    mandate = accept_mandate(mandate=mandate, user=accepting, today=TODAY, now=clock.now())
    text = plain(Message.objects.get(person=mandate.delegate))
    assert "pour Léo, jusqu’au dimanche 31 janvier 2027 compris." in text
    assert "voir où les enfants sont attendus, réserver et annuler des jours." in text
    assert {person for person, _subject in told()} == {here.person, step.person, mandate.delegate}

    revoke_mandate(mandate=mandate, actor=accepting, now=clock.now())
    assert {person for person, _subject in told()} == {here.person, step.person}


def test_the_messages_of_a_plugin_go_with_it() -> None:
    now = clock.now()
    Message.objects.bulk_create(
        Message(topic=topic, subject="x", address="x@example.org", next_attempt_at=now, created_at=now)
        for topic in ("lent.retour", "lente.retour", "core.delegation")
    )
    kept = [row.topic for rows in retirement._core_rows("lent") for row in rows if isinstance(row, Message)]
    assert kept == ["lent.retour"]
