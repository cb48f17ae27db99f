"""Documents joined to a request, on both sides: each once, reused elsewhere, never those of somebody else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from core.contracts.access import Trade
from core.contracts.requests import RequestKind
from core.documents import services as documents
from core.documents.errors import InUse
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.requests import kinds, services
from core.requests.models import ServiceRequest
from core.testing.conformance.context import signed_in
from core.testing.factories import AgentFactory, FamilyFactory, GuardianFactory
from tests.core.documents.files import deposited, kind, made

pytestmark = pytest.mark.django_db

KIND = RequestKind(
    code="essai.joint",
    label="Essai",
    service="",
    delay_days=10,
    permission="families.change_family",
    sections=lambda data: [],
    accept=lambda acceptance: "C’est fait.",
)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(kinds._core, KIND.code, KIND)
    yield


@pytest.fixture
def guardian() -> Any:
    return made(GuardianFactory)


def asked(guardian: Any) -> ServiceRequest:
    user, now = guardian.person.user, clock.now()
    request = services.draft(
        kind=KIND.code, user=user, title="Un essai", data={}, now=now, family_id=guardian.family_id
    )
    return services.submit(request_id=request.pk, actor=user, now=now)


def join(client: Client, request: ServiceRequest, document: Any) -> str:
    url = f"/espace-famille/demandes/{request.pk}/joindre/"
    return client.post(url, {"piece": str(document.pk)}, follow=True).content.decode()


def test_one_document_serves_several_requests_and_stays(guardian: Any) -> None:
    client, document = signed_in(guardian.person.user), deposited(guardian.family, guardian.person.user)
    first, second = asked(guardian), asked(guardian)
    assert (
        "Joindre un document déjà envoyé"
        in client.get(f"/espace-famille/demandes/{first.pk}/").content.decode()
    )
    for request in (first, second):
        assert "est joint à votre demande" in join(client, request, document)
    assert "Choisissez un document de la liste" in join(client, first, document)
    assert document.attachments.count() == 2
    assert JournalEntry.objects.filter(act="requests.document_attached").count() == 2
    with pytest.raises(InUse):
        documents.withdraw(document_id=document.pk, actor=None)
    assert document.files.count() == 1


def test_what_is_somebody_else_s_or_refused_is_not_joined(guardian: Any) -> None:
    client, request = signed_in(guardian.person.user), asked(guardian)
    refused = deposited(guardian.family, guardian.person.user)
    documents.refuse(document_id=refused.pk, actor=None, reason="Flou.", now=clock.now())
    for document in (deposited(made(FamilyFactory)), refused):
        assert "Choisissez un document de la liste" in join(client, request, document)
    stranger = signed_in(made(GuardianFactory).person.user)
    url = f"/espace-famille/demandes/{request.pk}/joindre/"
    assert stranger.post(url, {"piece": str(refused.pk)}).status_code == 404
    assert not request.attachments.exists()


def test_nothing_is_joined_to_what_is_closed(guardian: Any) -> None:
    client, request = signed_in(guardian.person.user), asked(guardian)
    document = deposited(guardian.family, guardian.person.user)
    services.cancel(request_id=request.pk, actor=guardian.person.user, now=clock.now())
    join(client, request, document)
    assert not request.attachments.exists()


def test_an_agent_joins_and_opens_what_he_may_read(guardian: Any) -> None:
    request, document = asked(guardian), deposited(guardian.family)
    money = deposited(
        guardian.family, guardian.person.user, type=kind("caf", label="Quotient", reading="money")
    )
    agent = signed_in(made(AgentFactory, trades=[Trade.CHILDHOOD]))
    url = f"/gestion/demandes/{request.pk}/"
    for one in (document, money):
        agent.post(url, {"acte": "attach", "piece": str(one.pk)})
    shown = agent.get(url).content.decode()
    assert f"/gestion/pieces/{document.pk}/" in shown
    assert [one.by_agent for one in request.attachments.all()] == [True, True]
    family = signed_in(guardian.person.user).get(f"/espace-famille/demandes/{request.pk}/").content.decode()
    assert "joint par la mairie" in family


def test_who_may_not_read_a_document_learns_no_title(guardian: Any) -> None:
    other = made(GuardianFactory, family=guardian.family, position=2, parental_authority=False, payer_share=0)
    request = asked(guardian)
    money = deposited(
        guardian.family, guardian.person.user, type=kind("caf", label="Quotient", reading="money")
    )
    join(signed_in(guardian.person.user), request, money)
    shown = signed_in(other.person.user).get(f"/espace-famille/demandes/{request.pk}/").content.decode()
    assert "Document réservé" in shown
    assert "Quotient" not in shown


def test_the_api_joins(guardian: Any) -> None:
    client, request = signed_in(guardian.person.user), asked(guardian)
    document = deposited(guardian.family, guardian.person.user)
    url = f"/api/v1/demandes/{request.pk}/pieces/"
    for _ in range(2):
        answer = client.post(url, {"piece": str(document.pk)}, content_type="application/json")
    assert answer.status_code == 201
    assert [one["piece"] for one in client.get(url).json()] == [str(document.pk)]
    stranger = deposited(made(FamilyFactory))
    assert client.post(url, {"piece": str(stranger.pk)}, content_type="application/json").status_code == 404
