"""Nobody learns who has an account: same answer, same work, same limits, whether it exists or not."""

import re
import time
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.api.models import Scope
from core.api.services import create_token, revoke_token
from core.kernel import clock
from core.testing.factories import UserFactory

pytestmark = pytest.mark.django_db

_ITS_OWN = ("Content-Length", "Expires", "Set-Cookie")
_MOVING = re.compile(r'value="[A-Za-z0-9]{64}"')


@pytest.fixture(autouse=True)
def nora() -> Any:
    return UserFactory(username="nora", email="nora@example.org")


def told(answer: Any, *typed: str) -> tuple[Any, ...]:
    """All that a stranger sees of an answer, without the proof of the form and what they typed themselves."""
    text = _MOVING.sub("", answer.content.decode())
    for value in typed:
        text = text.replace(value, "")
    headers = {name: value for name, value in answer.items() if name not in _ITS_OWN}
    cookies = sorted(answer.cookies)
    return answer.status_code, headers, cookies, text


def asked(address: str, data: dict[str, str]) -> tuple[tuple[Any, ...], int, int, int]:
    """What is told, and how much work was done for it: hashes, statements, messages."""
    before = len(mail.outbox)
    with (
        patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as hashes,
        CaptureQueriesContext(connection) as statements,
    ):
        answer = Client().post(address, data)
    return told(answer, *data.values()), hashes.call_count, len(statements), len(mail.outbox) - before


class TestSignIn:
    @pytest.mark.parametrize(
        ("known", "unknown"), [("nora", "quidam"), ("nora@example.org", "personne@example.org")]
    )
    def test_same_answer_and_same_work(self, known: str, unknown: str) -> None:
        one = asked("/connexion/", {"login": known, "password": "faux"})
        other = asked("/connexion/", {"login": unknown, "password": "faux"})
        assert one[0] == other[0]
        assert one[1] == other[1] == 1

    def test_a_closed_account_looks_like_none(self) -> None:
        UserFactory(username="ancienne-fiche", is_active=False)
        one = asked("/connexion/", {"login": "ancienne-fiche", "password": "faux"})
        assert one[:2] == asked("/connexion/", {"login": "quidam", "password": "faux"})[:2]

    def test_an_address_that_two_accounts_share_takes_no_longer(self) -> None:
        UserFactory(username="sacha", email="nora@example.org")
        one = asked("/connexion/", {"login": "nora@example.org", "password": "faux"})
        assert one[:2] == asked("/connexion/", {"login": "personne@example.org", "password": "faux"})[:2]

    def test_limits_fall_alike(self, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/key"}
        seen: dict[str, list[Any]] = {"nora": [], "quidam": []}
        for login, answers in seen.items():
            for _turn in range(5):
                answers.append(asked("/connexion/", {"login": login, "password": "faux"})[0])
        assert seen["nora"] == seen["quidam"]
        assert "Trop d’essais" in seen["nora"][-1][3]
        assert "Trop d’essais" not in seen["nora"][0][3]


@pytest.mark.parametrize("address", ["/connexion/mot-de-passe-oublie/", "/connexion/identifiant-oublie/"])
def test_what_one_forgot(address: str) -> None:
    one = asked(address, {"email": "nora@example.org"})
    other = asked(address, {"email": "personne@example.org"})
    assert one[0] == other[0]
    assert one[1] == other[1]
    assert one[3] == other[3] == 1, "a message goes out in both cases: sending is what takes time"
    assert [message.to for message in mail.outbox] == [["nora@example.org"], ["personne@example.org"]]
    assert "nora" in mail.outbox[0].body
    assert "Aucun compte n’a cette adresse" in mail.outbox[1].body


def test_every_identifier_of_an_address_is_sent() -> None:
    UserFactory(username="sacha", email="Nora@Example.org")
    UserFactory(username="ancienne-fiche", email="nora@example.org", is_active=False)
    asked("/connexion/identifiant-oublie/", {"email": "nora@example.org"})
    body = mail.outbox[0].body
    assert "- nora" in body and "- sacha" in body and "ferme" not in body


def test_forgotten_identifiers_are_limited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"forgotten_identifier": "2/m/key"}
    statuses = [
        asked("/connexion/identifiant-oublie/", {"email": "nora@example.org"})[0][0] for _ in range(3)
    ]
    assert statuses == [302, 302, 429]
    assert len(mail.outbox) == 2


def test_an_address_of_somebody_else_is_not_told(client: Client) -> None:
    """Asking to change for an address that has an account answers as for any other."""
    sacha = UserFactory(username="sacha")
    answers = []
    for address in ("nora@example.org", "personne@example.org"):
        client = Client()
        client.force_login(sacha)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(sacha.pk)
        session.save()
        answers.append(told(client.post("/compte/adresse/", {"email": address, "action_add": ""}), address))
        sacha.emailaddress_set.all().delete()
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["nora@example.org"], ["personne@example.org"]]


def test_api(client: Client, nora: Any) -> None:
    """A token of nobody, of a closed account, and one that was revoked: one answer."""
    now = clock.now()
    made = {"name": "x", "scopes": [Scope.READ], "now": now, "lifetime": timedelta(days=1)}
    _, of_closed = create_token(user=UserFactory(is_active=False), **made)
    gone, of_gone = create_token(user=nora, **made)
    revoke_token(token_id=gone.pk, user=nora, now=now)
    found = [
        told(client.get("/api/v1/moi/droits/", headers={"Authorization": f"Bearer {secret}"}), secret)
        for secret in ("parvis_xyz", of_closed, of_gone)
    ]
    assert found[0] == found[1] == found[2]
    assert found[0][0] == 401
