"""Agents prove a second factor before anything of the town hall; whoever has one is asked for it."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts import factors
from core.contracts.access import Trade
from core.kernel.models import JournalEntry
from core.testing.factories import PASSWORD, AgentFactory, UserFactory

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"


def code(step: int = 0, secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


@pytest.fixture
def mandatory(settings: Any) -> None:
    settings.PARVIS_SECOND_FACTOR = True


@pytest.fixture
def agent() -> Any:
    return AgentFactory(trades=[Trade.CHILDHOOD], username="agente")


def sign_in(client: Client, username: str = "agente") -> Any:
    return client.post("/connexion/", {"login": username, "password": PASSWORD})


@pytest.mark.usefixtures("mandatory")
class TestMandatory:
    @pytest.mark.parametrize(
        "address", ["/gestion/", "/gestion/familles/", "/gestion", "/pointage/", "/compte/jetons/"]
    )
    def test_an_agent_without_one_goes_no_further(self, client: Client, agent: Any, address: str) -> None:
        sign_in(client)
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith("/compte/?suite=")  # type: ignore[attr-defined]
        page = client.get(answer.url).content.decode()  # type: ignore[attr-defined]
        assert "Votre métier demande un second facteur" in page

    def test_nor_through_the_api(self, client: Client, agent: Any) -> None:
        sign_in(client)
        answer = client.get("/api/v1/")
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"

    def test_nor_by_a_post(self, client: Client, agent: Any) -> None:
        sign_in(client)
        assert client.post("/gestion/familles/", {}).status_code == 302

    def test_a_parent_is_not_asked(self, client: Client) -> None:
        client.force_login(UserFactory())
        assert client.get("/api/v1/").status_code != 403
        assert client.get("/compte/jetons/").status_code == 200

    def test_adding_one_opens_at_once_and_closes_older_sessions(
        self, client: Client, agent: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **options: act())
        older = Client()
        sign_in(older)
        sign_in(client)
        client.get("/gestion/familles/")
        client.get("/compte/?suite=/gestion/familles/")
        assert client.get("/compte/application/").url.startswith("/compte/confirmer/")  # type: ignore[attr-defined]
        client.post("/compte/confirmer/?next=/compte/application/", {"password": PASSWORD})
        page = client.get("/compte/application/")
        secret = page.context["form"].secret
        client.post("/compte/application/", {"code": code(secret=secret)})
        assert (
            Authenticator.objects.filter(user=agent).count() == 2
        )  # the application, and its recovery codes
        assert client.get("/gestion/familles/").status_code == 200
        assert 'href="/gestion/familles/"' in client.get("/compte/").content.decode()
        assert older.get("/gestion/familles/").url.startswith("/connexion/")  # type: ignore[attr-defined]

    def test_a_session_that_never_proved_it_is_asked(self, client: Client, agent: Any) -> None:
        client.force_login(agent)
        TOTP.activate(agent, SECRET)
        answer = client.get("/gestion/familles/?q=x")
        assert answer.url == "/compte/confirmer/code/?next=%2Fgestion%2Ffamilles%2F%3Fq%3Dx"  # type: ignore[attr-defined]
        assert client.post(answer.url, {"code": code()}).status_code == 302  # type: ignore[attr-defined]
        assert client.get("/gestion/familles/").status_code == 200

    def test_the_password_does_not_stand_in_for_it(self, client: Client, agent: Any) -> None:
        client.force_login(agent)
        TOTP.activate(agent, SECRET)
        answer = client.post("/compte/confirmer/?next=/compte/application/retirer/", {"password": PASSWORD})
        assert answer.url.startswith("/compte/confirmer/code/")  # type: ignore[attr-defined]

    def test_the_last_one_cannot_be_taken_away(self, client: Client, agent: Any) -> None:
        TOTP.activate(agent, SECRET)
        client.force_login(agent)
        client.post("/compte/confirmer/code/?next=/compte/", {"code": code()})
        page = client.post("/compte/application/retirer/")
        assert "ajoutez-en un autre" in page.content.decode()
        key = Authenticator.objects.create(
            user=agent, type="webauthn", data={"name": "Clé", "credential": {}}
        )
        Authenticator.objects.filter(user=agent, type="totp").delete()
        client.post(f"/compte/cles/{key.pk}/retirer/")
        assert Authenticator.objects.filter(pk=key.pk).exists()

    def test_not_in_the_demo(self, client: Client, agent: Any, settings: Any) -> None:
        settings.PARVIS_SECOND_FACTOR = False
        client.force_login(agent)
        assert client.get("/gestion/familles/").status_code == 200

    def test_no_page_costs_a_statement_more(
        self, client: Client, agent: Any, settings: Any, django_assert_num_queries: Any
    ) -> None:
        TOTP.activate(agent, SECRET)
        client.force_login(agent)
        client.post("/compte/confirmer/code/?next=/compte/", {"code": code()})
        with CaptureQueriesContext(connection) as asked:
            client.get("/gestion/familles/")
        settings.PARVIS_SECOND_FACTOR = False
        with django_assert_num_queries(len(asked)):
            client.get("/gestion/familles/")


class TestSignIn:
    @pytest.fixture(autouse=True)
    def protected(self, agent: Any) -> None:
        TOTP.activate(agent, SECRET)
        RecoveryCodes.activate(agent)

    def test_the_code_is_asked_after_the_password(self, client: Client) -> None:
        assert sign_in(client).url == "/connexion/second-facteur/"
        assert client.get("/compte/").status_code == 302, "not in yet"
        answer = client.post("/connexion/second-facteur/", {"code": code()})
        assert answer.status_code == 302
        assert client.get("/compte/").status_code == 200

    def test_a_code_serves_once_even_a_minute_later(self, client: Client, time_machine: Any) -> None:
        now = int(time.time()) // 30 * 30
        time_machine.move_to(now + 1, tick=False)
        used = code()
        sign_in(client)
        assert client.post("/connexion/second-facteur/", {"code": used}).status_code == 302
        for later in (2, 40):
            time_machine.move_to(now + later, tick=False)
            other = Client()
            sign_in(other)
            page = other.post("/connexion/second-facteur/", {"code": used})
            assert page.status_code == 200
            assert "a déjà servi" in page.content.decode()

    def test_a_recovery_code_serves_once(self, client: Client, agent: Any) -> None:
        one = Authenticator.objects.get(user=agent, type="recovery_codes").wrap().get_unused_codes()[0]
        statuses = []
        for _turn in range(2):
            other = Client()
            sign_in(other)
            statuses.append(other.post("/connexion/second-facteur/", {"code": one}).status_code)
        assert statuses == [302, 200]

    def test_codes_are_not_guessed(self, client: Client, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/key"}
        sign_in(client)
        for _turn in range(3):
            client.post("/connexion/second-facteur/", {"code": "000000"})
        page = client.post("/connexion/second-facteur/", {"code": code()})
        assert "Trop d’essais" in page.content.decode()


def test_secrets_are_not_readable_at_rest(agent: Any, settings: Any) -> None:
    kept = TOTP.activate(agent, SECRET).instance
    kept.refresh_from_db()
    assert SECRET not in str(kept.data)
    assert kept.wrap().validate_code(code())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert decrypt(kept.data["secret"]) == SECRET


class TestLost:
    @pytest.fixture
    def lost(self, agent: Any) -> Any:
        TOTP.activate(agent, SECRET)
        RecoveryCodes.activate(agent)
        return agent

    def test_an_administrator_takes_it_away_and_says_why(self, client: Client, lost: Any) -> None:
        theirs = Client()
        sign_in(theirs)
        theirs.post("/connexion/second-facteur/", {"code": code()})
        admin = AgentFactory(trades=[Trade.ADMIN])
        client.force_login(admin)
        address = f"/gestion/agents/{lost.pk}/second-facteur/"
        assert client.post(address, {"reason": ""}).status_code == 200
        assert factors.has_factor(lost)
        assert client.post(address, {"reason": "Venue au bureau"}).status_code == 302
        assert not factors.has_factor(lost)
        assert theirs.get("/compte/").status_code == 302
        entry = JournalEntry.objects.get(act="accounts.factors_withdrawn")
        assert (entry.actor, entry.object_id, entry.reason) == (admin.pk, str(lost.pk), "Venue au bureau")

    def test_not_ones_own_nor_without_the_right(self, client: Client, lost: Any) -> None:
        admin = AgentFactory(trades=[Trade.ADMIN])
        client.force_login(admin)
        assert client.get(f"/gestion/agents/{admin.pk}/second-facteur/").status_code == 404
        client.force_login(AgentFactory(trades=[Trade.BILLING]))
        assert client.get(f"/gestion/agents/{lost.pk}/second-facteur/").status_code == 404

    def test_the_last_administrator_has_a_command(self, lost: Any, capsys: Any) -> None:
        call_command("reset_factor", "agente", reason="Le DGS, par téléphone")
        assert "2 second(s) facteur(s)" in capsys.readouterr().out
        assert not factors.has_factor(lost)
        with pytest.raises(CommandError, match="personne"):
            call_command("reset_factor", "personne", reason="x")


def test_messages_tell_what_changed(client: Client, agent: Any) -> None:
    TOTP.activate(agent, SECRET)
    agent.emailaddress_set.create(email=agent.email, verified=True, primary=True)
    client.force_login(agent)
    client.post("/compte/confirmer/code/?next=/compte/", {"code": code()})
    client.post("/compte/application/retirer/")
    assert mail.outbox[-1].subject == "Second facteur retiré de votre compte"
    assert "D’où : 127.0.0.1" in mail.outbox[-1].body
