"""What each one wants to be told, telephones, and addresses that give messages back."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import checks as django_checks
from django.core import mail
from django.core.management import call_command
from django.template import engines
from django.template.loaders.locmem import Loader
from django.test import Client
from pytest_django.fixtures import Settings

from core.contracts.access import Trade
from core.contracts.notifications import Choice, Topic
from core.families.models import Guardian
from core.kernel.models import JournalEntry
from core.notifications import bounces, checks, preferences, sms, topics
from core.notifications.models import FailingAddress, Message, TopicChoice
from core.notifications.services import notify
from core.testing.factories import AgentFactory, GuardianFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
NEWS = Topic(
    code="core.essai", label="Un livre est arrivé", template="essai/mot", choice=Choice.OPTIONAL, by_sms=True
)
ALWAYS = Topic(code="core.essai-toujours", label="Un livre manque", template="essai/mot")


def no_tiles(context: Any) -> list[Any]:
    return []


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    templates = {f"essai/mot.{kind}": "Un livre vous attend" for kind in ("subject.txt", "txt", "html")}
    monkeypatch.setattr(
        engine, "template_loaders", [Loader(engine, templates), *engine.template_loaders], raising=False
    )
    for topic in (NEWS, ALWAYS):
        monkeypatch.setitem(topics._core, topic.code, topic)
    with fake_plugin("lent", family_tiles=no_tiles):
        yield


@pytest.fixture
def guardian() -> Guardian:
    return GuardianFactory(person__email="nora@example.org", person__phone="+33612345678")


@pytest.fixture
def said(django_capture_on_commit_callbacks: Any) -> Callable[..., Message]:
    def say(to: Any, topic: Topic = NEWS, key: str = "") -> Message:
        with django_capture_on_commit_callbacks(execute=True):
            message = notify(to=to, topic=topic.code, context={}, key=key)
        assert message
        message.refresh_from_db()
        return message

    return say


def test_somebody_who_does_without_is_not_written_to(
    guardian: Guardian, said: Callable[..., Message]
) -> None:
    user = guardian.person.user
    assert user and said(guardian.person).state == "sent"
    preferences.choose(user=user, by_email=[], by_sms=[])
    assert [said(to, topic).state for to, topic in ((guardian.person, NEWS), (user, NEWS), (user, ALWAYS))] == [
        "unwanted", "unwanted", "sent",
    ]  # fmt: skip
    assert len(mail.outbox) == 2


def test_what_protects_cannot_be_refused(guardian: Guardian, said: Callable[..., Message]) -> None:
    assert guardian.person.user
    TopicChoice.objects.create(user=guardian.person.user, topic=ALWAYS.code, by_email=False)
    assert said(guardian.person, ALWAYS).state == "sent"
    shown = {one.topic.code: one for one in preferences.of(guardian.person.user)}
    assert (shown[ALWAYS.code].may_refuse, shown[ALWAYS.code].by_email) == (False, True)


def test_the_page_writes_what_was_ticked(client: Client, guardian: Guardian, settings: Settings) -> None:
    client.force_login(guardian.person.user)
    address = "/espace-famille/mon-espace/messages/"
    assert "SMS" not in client.get(address).content.decode()
    settings.PARVIS_SMS = "console"
    assert "M’envoyer aussi un SMS" in client.get(address).content.decode()
    assert client.post(address, {"rhythm": "never", "by_sms": [NEWS.code]}).status_code == 302
    choice = TopicChoice.objects.get(topic=NEWS.code)
    assert (choice.by_email, choice.by_sms) == (False, True)
    assert client.post(address, {"rhythm": "never", "by_email": ["core.autre"]}).status_code == 200


def test_a_telephone_is_written_to_when_asked(
    guardian: Guardian, said: Callable[..., Message], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guardian.person.user
    settings.PARVIS_SMS = "console"
    preferences.choose(user=guardian.person.user, by_email=[NEWS.code], by_sms=[NEWS.code])
    for _twice in range(2):
        said(guardian.person, key="livre-1")
    assert capsys.readouterr().out == "SMS +33612345678 : Un livre vous attend\n"
    assert sorted(Message.objects.values_list("channel", "state", "key")) == [
        ("email", "sent", "livre-1"),
        ("sms", "sent", "livre-1-sms"),
    ]
    settings.PARVIS_SMS = ""
    said(guardian.person, key="livre-2")
    assert Message.objects.filter(channel="sms").count() == 1


def test_an_unknown_provider_is_said_at_the_start(settings: Settings) -> None:
    assert checks.known_sms_provider() == []
    settings.PARVIS_SMS = "pigeon"
    (error,) = checks.known_sms_provider()
    assert isinstance(error, django_checks.Error) and "console" in error.msg
    with pytest.raises(ValueError, match="console"):
        sms.register(sms.ConsoleProvider())


# What comes back -----------------------------------------------------------------------------------------------------


def report(action: str = "failed", status: str = "5.1.1") -> bytes:
    mime = (
        "From: MAILER-DAEMON@example.org\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nRevenu.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; Nora@example.org\nAction: {action}\nStatus: {status}\n\n--b--\n"
    )
    return mime.encode()


def test_a_report_marks_the_address_and_the_message(
    guardian: Guardian, said: Callable[..., Message], monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    message = said(guardian.person)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report())))
    call_command("bounce", stdout=io.StringIO())
    message.refresh_from_db()
    assert (message.state, message.error) == ("bounced", "5.1.1")
    assert said(guardian.person).state == "unreachable"
    assert len(mail.outbox) == 1
    assert JournalEntry.objects.get(act="notifications.address_failing").actor is None
    client.force_login(guardian.person.user)
    page = client.get("/espace-famille/mon-espace/messages/").content.decode()
    assert "ne vous arrivent plus" in page and "nora@example.org" in page
    listed = client.get("/espace-famille/mon-espace/messages/recus/").content.decode()
    assert "Revenu" in listed and "Un livre vous attend" in listed


@pytest.mark.parametrize(
    "given", [report(status="4.2.2"), report(action="delayed"), b"", b"\xff\x00", EmailMessage().as_bytes()]
)
def test_what_is_no_lasting_refusal_marks_nothing(given: bytes) -> None:
    assert bounces.read(given) == []


@pytest.mark.parametrize("status", ["4.2.2", "2.0.0", "x", "5.1"])
def test_a_code_that_says_otherwise_is_refused(status: str) -> None:
    with pytest.raises(ValueError, match=status):
        bounces.record(address="nora@example.org", status=status, now=NOW, actor=None)
    assert not FailingAddress.objects.exists()


def test_agents_mark_and_restore(client: Client, guardian: Guardian, said: Callable[..., Message]) -> None:
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    address = "/gestion/messages/adresses/"
    for _twice in range(2):
        assert client.post(address, {"address": "NORA@example.org"}).status_code == 302
    row = FailingAddress.objects.get()
    assert "nora@example.org" in client.get(address).content.decode()
    assert said(guardian.person).state == "unreachable"
    assert "Sans adresse" in client.get("/gestion/messages/?etat=unreachable").content.decode()
    assert client.post(f"{address}{row.pk}/retablir/").status_code == 302
    assert said(guardian.person).state == "sent"
    assert JournalEntry.objects.filter(act__startswith="notifications.").count() == 2


def test_a_provider_tells_it_by_the_api(client: Client, guardian: Guardian) -> None:
    address = "/api/v1/gestion/messages/retours/"
    told = {"adresse": "nora@example.org", "code": "5.1.1"}
    client.force_login(guardian.person.user)
    assert client.post(address, told, content_type="application/json").status_code == 404
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    assert client.post(address, {**told, "code": "4.2.2"}, content_type="application/json").status_code == 400
    assert client.post(address, told, content_type="application/json").status_code == 204
    assert FailingAddress.objects.get().status == "5.1.1"


def test_the_api_of_preferences(client: Client, guardian: Guardian) -> None:
    client.force_login(guardian.person.user)
    address = "/api/v1/moi/messages/"
    found = client.get(address).json()
    assert found["rythme"] == "weekly"
    assert {row["sujet"]: row["toujours_envoye"] for row in found["sujets"]}[ALWAYS.code] is True
    changed = client.put(
        address, {"rythme": "daily", "par_courriel": []}, content_type="application/json"
    ).json()
    assert changed["rythme"] == "daily"
    assert {row["sujet"]: row["par_courriel"] for row in changed["sujets"]}[NEWS.code] is False
    assert client.get("/api/v1/famille/je-pense-a/").json() == []
