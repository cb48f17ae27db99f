"""Requests: one life for every kind, an effect that happens once, and nobody sees what is not theirs."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.contracts.requests import Acceptance, Obstacle, RequestKind, Section
from core.kernel import clock
from core.kernel.models import JournalEntry, PluginState
from core.notifications.models import Message
from core.requests import checks, kinds, selectors, services
from core.requests.errors import NotNow, RequestError, Stale
from core.requests.models import RequestEvent, ServiceRequest
from core.requests.states import CLOSED, MACHINE, State
from core.testing.factories import FamilyFactory, GuardianFactory, SiteFactory, UserFactory
from core.testing.hooks import fake_plugin

EFFECTS: list[str] = []


def _accept(acceptance: Acceptance) -> str:
    if acceptance.choices.get("obstacle"):
        EFFECTS.append("undone")
        raise Obstacle("Pas maintenant.")
    EFFECTS.append(acceptance.request.reference)
    return "C’est fait."


KIND = RequestKind(
    code="essai.demande",
    label="Essai",
    service="",
    delay_days=10,
    permission="families.change_family",
    sections=lambda data: [Section("quoi", "Quoi", (("Mot", str(data.get("mot", ""))),))],
    accept=_accept,
)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(kinds._core, KIND.code, KIND)
    EFFECTS.clear()
    yield


def made(user: Any, state: str = "submitted", **values: Any) -> ServiceRequest:
    now = clock.now()
    request = services.draft(
        kind=KIND.code, user=user, title="Un essai", data={"mot": "<b>oui</b>"}, now=now, **values
    )
    if state != "draft":
        services.submit(request_id=request.pk, actor=user, now=now)
    request.refresh_from_db()
    return request


def handler(**values: Any) -> Any:
    user = UserFactory(**values)
    names = ("change_family", "change_servicerequest", "access_admin")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


@pytest.mark.django_db
def test_submitting_is_acknowledged(django_capture_on_commit_callbacks: Any) -> None:
    user = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        request = made(user)
    assert request.reference.startswith("D26-")
    assert request.due_on == clock.today() + timedelta(days=10)
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    assert request.reference in sent.subject
    assert "jeudi 3 décembre" in sent.body.replace("\u00a0", " ").replace("\u202f", " ")
    assert f"/espace-famille/demandes/{request.pk}/" in sent.body


@pytest.mark.django_db
def test_twice_is_once() -> None:
    user, agent, now = UserFactory(), handler(), clock.now()
    form = uuid4()
    assert made(user, submission=form) == made(user, submission=form)
    request = made(user)
    letter = uuid4()
    for _ in range(2):
        services.answer(request_id=request.pk, actor=user, text="Bonjour", now=now, submission=letter)
        services.accept(request_id=request.pk, actor=agent, choices={}, now=now)
    assert request.messages.count() == 1
    assert [request.reference] == EFFECTS
    assert Message.objects.filter(topic="core.demande-acceptee").count() == 1


@pytest.mark.django_db
def test_an_obstacle_leaves_everything_as_it_was() -> None:
    request, agent = made(UserFactory()), handler()
    entries, messages = JournalEntry.objects.count(), Message.objects.count()
    with pytest.raises(Obstacle):
        services.accept(request_id=request.pk, actor=agent, choices={"obstacle": True}, now=clock.now())
    request.refresh_from_db()
    assert request.state == State.SUBMITTED
    assert (JournalEntry.objects.count(), Message.objects.count()) == (entries, messages)


@pytest.mark.django_db
def test_who_acts_on_an_older_version_is_told() -> None:
    request, agent, now = made(UserFactory()), handler(), clock.now()
    services.ask(request_id=request.pk, actor=agent, text="Quelle école ?", now=now)
    with pytest.raises(Stale):
        services.refuse(request_id=request.pk, actor=agent, reason="Non", now=now, version=request.version)


@pytest.mark.django_db
def test_an_answer_brings_the_request_back_to_the_agent() -> None:
    user, agent, now = UserFactory(), handler(), clock.now()
    request = made(user)
    services.ask(request_id=request.pk, actor=agent, text="Quelle école ?", now=now)
    request.refresh_from_db()
    assert (request.state, request.assigned_to) == (State.WAITING, agent)
    services.answer(request_id=request.pk, actor=user, text="Villon", now=now)
    request.refresh_from_db()
    assert request.state == State.IN_PROGRESS
    services.refuse(request_id=request.pk, actor=agent, reason="Hors de la commune", now=now)
    with pytest.raises(NotNow):
        services.answer(request_id=request.pk, actor=user, text="Et pourtant", now=now)


ACTS = st.sampled_from(
    ["submit", "cancel", "answer", "take", "ask", "accept", "blocked", "refuse", "settle", "rewrite"]
)


class EveryStory(TestCase):
    """Whatever is clicked, in whatever order, however often: the table holds, and the effect happens once at most."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(ACTS, max_size=14))
    def test_no_illegal_transition(self, story: list[str]) -> None:
        kinds.register(KIND)
        EFFECTS.clear()
        user, agent, now = UserFactory(), UserFactory(), clock.now()
        request = services.draft(kind=KIND.code, user=user, title="Essai", data={}, now=now)
        who = {"request_id": request.pk, "now": now}
        acts = {
            "submit": lambda: services.submit(**who, actor=user),
            "cancel": lambda: services.cancel(**who, actor=user),
            "answer": lambda: services.answer(**who, actor=user, text="a"),
            "take": lambda: services.take(**who, actor=agent),
            "ask": lambda: services.ask(**who, actor=agent, text="b"),
            "accept": lambda: services.accept(**who, actor=agent, choices={}),
            "blocked": lambda: services.accept(**who, actor=agent, choices={"obstacle": True}),
            "refuse": lambda: services.refuse(**who, actor=agent, reason="c"),
            "settle": lambda: services.settle(**who, actor=user, outcome="d"),
            "rewrite": lambda: services.rewrite(request_id=request.pk, title="e", data={}),
        }
        for act in story:
            with suppress(RequestError, Obstacle):
                acts[act]()  # type: ignore[no-untyped-call]
        request.refresh_from_db()
        steps = list(RequestEvent.objects.filter(request=request).values_list("state", flat=True))
        assert steps[0] == State.DRAFT
        assert all(MACHINE.allows(before, after) for before, after in pairwise(steps))
        assert steps[-1] == request.state
        assert EFFECTS.count(request.reference) <= 1
        assert bool(request.closed_at) == (request.state in CLOSED)
        assert Message.objects.filter(key__startswith=f"demande-{request.pk}-acceptee").count() <= 1


@pytest.mark.django_db
def test_a_person_sees_their_own_and_those_of_their_household() -> None:
    guardian, partner, stranger = GuardianFactory(), UserFactory(), UserFactory()
    GuardianFactory(family=guardian.family, person__user=partner, position=2)
    own, shared = made(guardian.person.user), made(guardian.person.user, family_id=guardian.family_id)
    assert set(selectors.mine(guardian.person.user)) == {own, shared}
    assert set(selectors.mine(partner, [guardian.family_id])) == {shared}
    assert not selectors.mine(stranger).exists()


@pytest.mark.django_db
def test_agents_handle_the_kinds_whose_permission_they_hold() -> None:
    request = made(UserFactory())
    made(UserFactory(), "draft")
    assert list(selectors.handled_by(handler())) == [request]
    assert not selectors.handled_by(UserFactory()).exists()


@pytest.mark.django_db
def test_a_kind_of_a_plugin_waits_while_it_is_off() -> None:
    lent = RequestKind(**{**{name: getattr(KIND, name) for name in KIND.__slots__}, "code": "prete.demande"})
    with fake_plugin("prete", request_kinds=lambda: [lent]):
        user, agent = UserFactory(), handler()
        request = services.draft(kind="prete.demande", user=user, title="Essai", data={}, now=clock.now())
        services.submit(request_id=request.pk, actor=user, now=clock.now())
        assert list(selectors.handled_by(agent)) == [request]
        PluginState.objects.create(slug="prete", enabled=False)
        assert not selectors.handled_by(agent).exists()
        assert not selectors.mine(user).exists()
        with pytest.raises(LookupError):
            services.accept(request_id=request.pk, actor=agent, choices={}, now=clock.now())
        PluginState.objects.filter(slug="prete").delete()
        assert list(selectors.mine(user)) == [request]


def test_kinds_are_declared_once() -> None:
    assert checks.unique_kinds() == []
    with fake_plugin("prete", request_kinds=lambda: [KIND]):
        assert [error.id for error in checks.unique_kinds()] == ["requests.E001"]


# Pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_family_follows_and_answers(client: Client) -> None:
    user, agent = UserFactory(), handler(first_name="Sylvie", last_name="Darrieux")
    request = made(user)
    client.force_login(user)
    address = f"/espace-famille/demandes/{request.pk}/"
    assert request.reference in client.get("/espace-famille/demandes/").content.decode()
    page = client.get(address).content.decode()
    assert "&lt;b&gt;oui&lt;/b&gt;" in page
    services.remark(request_id=request.pk, actor=agent, text="entre nous", now=clock.now())
    services.ask(request_id=request.pk, actor=agent, text="Quelle école ?", now=clock.now())
    page = client.get(address).content.decode()
    assert "La mairie attend votre réponse" in page
    assert "Quelle école ?" in page
    assert "entre nous" not in page
    assert str(agent) not in page
    assert (
        "Il reste un point à corriger" in client.post(f"{address}repondre/", {"text": "  "}).content.decode()
    )
    client.post(f"{address}repondre/", {"text": "Villon 🦊", "envoi": str(uuid4())})
    assert "Villon 🦊" in client.get(address).content.decode()
    assert client.post(f"{address}annuler/").status_code == 302
    late = client.post(f"{address}repondre/", {"text": "trop tard"}).content.decode()
    assert "trop tard" in late, "what was typed is kept"
    assert "ce n’est plus possible" in late


@pytest.mark.django_db
def test_another_persons_request_does_not_exist(client: Client) -> None:
    request = made(UserFactory())
    client.force_login(UserFactory())
    address = f"/espace-famille/demandes/{request.pk}/"
    assert client.get(address).status_code == 404
    for act in ("annuler", "repondre", "envoyer"):
        assert client.post(f"{address}{act}/", {"text": "x"}).status_code == 404
    client.force_login(GuardianFactory().person.user)
    assert client.get(address).status_code == 404
    assert client.get(f"/gestion/demandes/{request.pk}/").status_code in (302, 404)


@pytest.mark.django_db
def test_the_agent_works_through_the_queue(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    user, agent = UserFactory(first_name="<i>Zoé</i>"), handler()
    request = made(user)
    client.force_login(agent)
    assert request.reference in client.get("/gestion/demandes/").content.decode()
    address = f"/gestion/demandes/{request.pk}/"
    client.post(address, {"acte": "take", "version": request.version})
    assert request.reference in client.get("/gestion/demandes/?vue=miennes").content.decode()
    stale = client.post(address, {"acte": "refuse", "version": request.version, "refus-text": "Hors commune"})
    assert "a changé pendant que vous écriviez" in stale.content.decode()
    assert "Hors commune" in stale.content.decode(), "what was typed is kept"
    request.refresh_from_db()
    assert request.state == State.IN_PROGRESS
    assert (
        client.post(address, {"acte": "refuse", "version": request.version, "refus-text": ""}).status_code
        == 200
    )
    assert client.post(address, {"acte": "nimporte"}).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"acte": "accept", "version": request.version})
    assert mail.outbox[-1].subject.endswith("est acceptée")
    assert request.reference in client.get("/gestion/demandes/?vue=closes").content.decode()


@pytest.mark.django_db
def test_an_agent_without_the_kind_sees_nothing_of_it(client: Client) -> None:
    request = made(UserFactory())
    user = UserFactory()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=("change_servicerequest", "access_admin"))
    )
    client.force_login(user)
    assert request.reference not in client.get("/gestion/demandes/").content.decode()
    assert client.get(f"/gestion/demandes/{request.pk}/").status_code == 404


@pytest.mark.django_db
def test_an_agent_of_a_site_sees_the_requests_of_that_site() -> None:
    from core.accounts.roles import Place, Rights

    here, there = SiteFactory(), SiteFactory()
    user = UserFactory()
    mine, _other, _none = made(user, site=here), made(user, site=there), made(user)
    agent = UserFactory()
    agent._rights = Rights(held={KIND.permission: frozenset({Place(site=here.pk)})})
    assert list(selectors.handled_by(agent)) == [mine]


@pytest.mark.django_db
def test_the_queue_costs_the_same_whatever_its_length(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    agent = handler()
    now = clock.now()
    ServiceRequest.objects.bulk_create(
        ServiceRequest(
            reference=f"D26-{rank:06d}", kind=KIND.code, user=agent, title="Essai", state="submitted",
            created_at=now, submitted_at=now, due_on=clock.today() - timedelta(days=rank % 9), assigned_to=agent,
            family=FamilyFactory() if rank < 3 else None,
        )
        for rank in range(400)
    )  # fmt: skip
    client.force_login(agent)
    client.get("/gestion/demandes/")
    with django_assert_max_num_queries(12):
        page = client.get("/gestion/demandes/?vue=retard&page=3")
    assert "en retard" in page.content.decode()
