"""One message to one person: written with its fact, sent once, tried again, and its row says what became of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.template import engines
from django.template.loaders.locmem import Loader

from core.contracts.notifications import Topic
from core.kernel import clock, outbox
from core.kernel.retries import ATTEMPTS
from core.notifications import checks, delivery, topics
from core.notifications.models import Message
from core.notifications.services import notify
from core.testing.factories import PersonFactory, UserFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

TEMPLATES = {
    "essai/mot.subject.txt": "{% autoescape off %}Bonjour\n{{ name }}{% endautoescape %}",
    "essai/mot.txt": "{% autoescape off %}Bonjour {{ name }}{% endautoescape %}",
    "essai/mot.html": '{% extends "notifications/message.html" %}{% block answer %}Bonjour {{ name }}{% endblock %}',
}
OPEN = Topic(code="essai.mot", label="Un mot", template="essai/mot")
SECRET = Topic(code="essai.secret", label="Un secret", template="essai/mot", keeps_text=False)


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(
        engine, "template_loaders", [Loader(engine, TEMPLATES), *engine.template_loaders], raising=False
    )
    monkeypatch.setitem(topics._core, OPEN.code, OPEN)
    monkeypatch.setitem(topics._core, SECRET.code, SECRET)
    yield


@pytest.fixture
def said(django_capture_on_commit_callbacks: Any) -> Callable[..., Message]:
    """`notify`, committed."""

    def say(**values: Any) -> Message:
        with django_capture_on_commit_callbacks(execute=True):
            message = notify(**{"topic": OPEN.code, "context": {"name": "Nora"}, **values})
        assert message
        message.refresh_from_db()
        return message

    return say


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*args: Any) -> None:
        raise ConnectionRefusedError("nora@example.org")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        yield


def test_a_message_leaves_once_committed(said: Callable[..., Message]) -> None:
    person = PersonFactory(email="nora@example.org")
    notify(to=person, topic=OPEN.code, context={"name": "x"})
    assert mail.outbox == []
    message = said(to=person)
    (sent,) = mail.outbox
    assert sent.to == ["nora@example.org"]
    assert sent.body == "Bonjour Nora\n"
    assert "Bonjour Nora" in sent.alternatives[0].content  # type: ignore[attr-defined]
    assert (message.state, message.attempts) == ("sent", 1)
    assert message.sent_at


@pytest.mark.parametrize(
    "name", ["O’Brien", "<b>Zoé</b>", "🦊", "‏نورا", "X", "a\r\nBcc: x@example.org", "l'été"]
)
def test_names_of_all_kinds(said: Callable[..., Message], name: str) -> None:
    said(to="qui@example.org", context={"name": name})
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert sent.message()["Bcc"] is None
    assert name.splitlines()[0] in sent.body
    assert "<b>" not in sent.alternatives[0].content  # type: ignore[attr-defined]


def test_where_one_writes(said: Callable[..., Message]) -> None:
    user = UserFactory(email="compte@example.org")
    assert said(to=user).address == "compte@example.org"
    assert said(to=PersonFactory(user=user)).address == "compte@example.org"
    nobody = said(to=PersonFactory())
    assert (nobody.state, nobody.address) == ("unreachable", "")
    assert len(mail.outbox) == 2


def test_the_same_fact_is_told_once(said: Callable[..., Message]) -> None:
    first = said(to="qui@example.org", key="fait-1")
    assert said(to="qui@example.org", key="fait-1") == first
    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith("<fait-1@")


@pytest.mark.usefixtures("refusing")
def test_a_refusal_is_tried_again_later_then_given_up(said: Callable[..., Message]) -> None:
    message = said(to="qui@example.org")
    assert (message.state, message.error) == ("queued", "ConnectionRefusedError")
    now = clock.now()
    for _ in range(ATTEMPTS + 1):
        now += timedelta(days=2)
        delivery.send_due(now)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", ATTEMPTS)
    assert "nora" not in message.error


def test_a_second_process_does_not_send_it_again(said: Callable[..., Message]) -> None:
    message = said(to="qui@example.org")
    assert delivery.attempt(pk=message.pk, now=clock.now() + timedelta(days=1)) is None
    assert len(mail.outbox) == 1


def test_what_a_stop_left_behind_is_sent_by_tick() -> None:
    notify(to="qui@example.org", topic=OPEN.code, context={"name": "Nora"})  # never committed: no task
    delivery.send_due(clock.now())
    assert len(mail.outbox) == 1


def test_a_secret_is_forgotten_once_sent(said: Callable[..., Message]) -> None:
    message = said(to="qui@example.org", topic=SECRET.code)
    assert "Nora" in mail.outbox[0].body
    assert (message.text, message.html) == ("", "")
    assert said(to="qui@example.org").text


def test_silence_writes_nothing() -> None:
    with outbox.silence():
        assert notify(to="qui@example.org", topic=OPEN.code, context={}) is None
    assert not Message.objects.exists()


def test_topics_are_declared_once() -> None:
    assert checks.unique_topics() == []
    with pytest.raises(LookupError):
        notify(to="qui@example.org", topic="nulle.part", context={})
    with fake_plugin("lent", notification_topics=lambda: [OPEN]):
        assert [error.id for error in checks.unique_topics()] == ["notifications.E001"]
