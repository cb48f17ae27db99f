"""Writing to a service from the site."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from core.accounts.models import User
from core.notifications.models import Message
from core.pages.models import HomePage
from core.town.demo import load_town
from core.town.models import Contact

pytestmark = pytest.mark.django_db(transaction=False)
WRITE = "/contacts/ecrire/"


@pytest.fixture
def subject(home: HomePage) -> Contact:
    load_town(today=date(2026, 11, 23))
    return Contact.objects.get(email="enfance@ville-bassens.fr")


def typed(subject: Contact, **values: str) -> dict[str, str]:
    return {
        "to": str(subject.pk), "name": "Nora  Lacaze", "email": "nora@exemple.fr", "phone": "06 11 22 33 44",
        "message": "Bonjour,\n<b>Une place</b> à la cantine ?", "website": "", **values,
    }  # fmt: skip


def test_a_message_goes_to_the_service_and_its_author_is_told(
    subject: Contact, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(WRITE, typed(subject))
    assert response.status_code == 302
    assert "Votre message est envoyé" in client.get(response["Location"]).content.decode()
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {"enfance@ville-bassens.fr", "nora@exemple.fr"}
    received = sent["enfance@ville-bassens.fr"]
    assert received.subject.startswith("Message de Nora Lacaze")
    assert "<b>Une place</b> à la cantine ?" in received.body
    assert "nora@exemple.fr" in received.body
    html = received.alternatives[0][0]
    assert "&lt;b&gt;Une place" in html
    told = sent["nora@exemple.fr"]
    assert "lundi 23 novembre" in told.body.replace("\u00a0", " ")
    assert "Une place" not in told.body
    assert not Message.objects.exclude(text="", html="").exists(), "nothing of it stays on the site"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", ""),
        ("to", "11111111-1111-4111-8111-111111111111"),
        ("name", ""),
        ("email", "nora@"),
        ("message", ""),
        ("message", "x" * 4001),
    ],
)
def test_what_was_typed_stays_when_something_is_missing(
    subject: Contact, client: Client, field: str, value: str
) -> None:
    page = client.post(WRITE, typed(subject, **{field: value}))
    assert page.status_code == 200
    html = page.content.decode()
    assert "Erreur" in re.search(r"<title>(.*)</title>", html)[1]  # type: ignore[index]
    assert ("06 11 22 33 44" in html) and (field == "message" or "à la cantine ?" in html)
    assert not Message.objects.exists()


def test_who_fills_the_trap_sends_nothing(subject: Contact, client: Client) -> None:
    assert client.post(WRITE, typed(subject, website="https://spam.example")).status_code == 302
    assert not Message.objects.exists()


def test_a_line_break_in_a_name_writes_no_header(subject: Contact, client: Client) -> None:
    client.post(WRITE, typed(subject, name="Nora\r\nBcc: tous@exemple.fr"))
    assert {message.subject for message in Message.objects.all()} >= {
        "Message de Nora Bcc: tous@exemple.fr : Pour les inscriptions aux services périscolaires et extrascolaires"
    }


def test_too_many_messages_wait(subject: Contact, client: Client) -> None:
    for _ in range(5):
        assert client.post(WRITE, typed(subject)).status_code == 302
    refused = client.post(WRITE, typed(subject))
    assert refused.status_code == 429
    assert "Attendez une heure" in refused.content.decode()
    assert "à la cantine ?" in refused.content.decode()


def test_the_subject_comes_with_the_link_and_an_account_has_its_name_written(
    subject: Contact, client: Client
) -> None:
    user = User.objects.create_user("nora", "nora@exemple.fr", first_name="Nora", last_name="Lacaze")
    client.force_login(user)
    html = client.get(f"{WRITE}?a={subject.pk}").content.decode()
    assert re.search(rf'<option value="{subject.pk}" selected>', html)
    assert 'value="Nora Lacaze"' in html
    assert 'value="nora@exemple.fr"' in html


def test_a_town_without_an_address_says_whom_to_call(home: HomePage, client: Client) -> None:
    html = client.get(WRITE).content.decode()
    assert "Aucun service ne reçoit de message" in html
    assert "<textarea" not in html
