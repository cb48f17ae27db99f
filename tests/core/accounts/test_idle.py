"""A session that sleeps is closed after what the trade allows; what one was writing is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.accounts import idle, kept
from core.accounts.housekeeping import clear_places
from core.contracts.access import Trade
from core.kernel import clock, configuration
from core.testing.factories import PASSWORD, AgentFactory, UserFactory

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTES = {field.name: field.default for field in idle.sheet().schema}


class TestRule:
    def test_each_trade_has_its_own(self) -> None:
        assert {"families", *(trade.name.lower() for trade in Trade)} == set(MINUTES)

    @pytest.mark.parametrize(
        ("trades", "minutes"),
        [([], 120), (["billing"], 30), (["field"], 120), (["field", "billing"], 30), (["unheard_of"], 120)],
    )
    def test_examples(self, trades: list[str], minutes: int) -> None:
        assert idle.limit(trades, MINUTES) == minutes

    @given(st.lists(st.sampled_from(sorted(MINUTES))), st.sampled_from(sorted(set(MINUTES) - {"families"})))
    def test_one_trade_more_never_allows_more(self, trades: list[str], more: str) -> None:
        own = [trade for trade in trades if trade != "families"]
        if own:
            assert idle.limit([*own, more], MINUTES) <= idle.limit(own, MINUTES)


@pytest.mark.django_db
class TestSleep:
    @pytest.fixture(autouse=True)
    def nine(self, time_machine: Any) -> Any:
        self.travel = time_machine.move_to
        self.travel(START, tick=False)

    def later(self, **elapsed: int) -> None:
        self.travel(START + timedelta(**elapsed), tick=False)

    def test_an_agent_is_signed_out_and_told(self, client: Client) -> None:
        client.force_login(AgentFactory(trades=[Trade.BILLING]))
        self.later(minutes=31)
        answer = client.get("/gestion/familles/")
        assert answer.url.startswith("/connexion/")  # type: ignore[attr-defined]
        assert "rien ne s’est passé pendant 30 minutes" in client.get("/connexion/").content.decode()

    def test_acting_keeps_it_open(self, client: Client) -> None:
        client.force_login(AgentFactory(trades=[Trade.BILLING]))
        for minutes in (20, 40, 60, 80):
            self.later(minutes=minutes)
            assert client.get("/compte/").status_code == 200

    def test_parents_are_allowed_longer(self, client: Client) -> None:
        client.force_login(UserFactory())
        self.later(minutes=119)
        assert client.get("/compte/").status_code == 200
        self.later(minutes=119 + 121)
        assert client.get("/compte/").status_code == 302

    def test_agents_of_the_town_hall_choose(self, client: Client) -> None:
        client.force_login(UserFactory())
        document = idle.sheet().values() | {"families": 10}
        configuration.record(key=idle.KEY, document=dict(document), after=0, author="x", at=clock.now())
        self.later(minutes=11)
        assert client.get("/compte/").status_code == 302

    def test_they_choose_on_a_page_that_keeps_versions(self, client: Client) -> None:
        client.force_login(AgentFactory(trades=[Trade.ADMIN]))
        assert "Durée des connexions" in client.get("/gestion/configuration/").content.decode()
        page = client.get("/gestion/modules/accounts/reglages/").content.decode()
        assert "Parents" in page
        data = {name: str(value) for name, value in MINUTES.items()} | {"version-after": "0"}
        refused = client.post("/gestion/modules/accounts/reglages/", data | {"families": "3"})
        assert "nombre entier de 5 à 480" in refused.content.decode()
        assert (
            client.post("/gestion/modules/accounts/reglages/", data | {"families": "60"}).status_code == 302
        )
        assert idle.sheet().values()["families"] == 60

    def test_a_new_trade_counts_within_a_minute(self, client: Client) -> None:
        agent = AgentFactory(trades=[Trade.FIELD])
        client.force_login(agent)
        agent.groups.set(AgentFactory(trades=[Trade.BILLING]).groups.all())
        self.later(minutes=2)
        client.get("/compte/")
        self.later(minutes=2 + 31)
        assert client.get("/compte/").status_code == 302

    def test_the_session_of_the_api_too(self, client: Client) -> None:
        client.force_login(UserFactory())
        self.later(hours=3)
        assert client.get("/api/v1/moi/droits/").status_code == 401

    def test_no_page_costs_a_statement_more(self, client: Client) -> None:
        client.force_login(UserFactory())
        client.get("/compte/jetons/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/compte/jetons/")
        session = client.session
        del session[idle.MARK]
        session.save()
        with CaptureQueriesContext(connection) as without:
            client.get("/compte/jetons/")
        assert len(asked) == len(without)

    def test_a_public_page_stays_open(self, client: Client) -> None:
        client.force_login(UserFactory())
        self.later(hours=3)
        assert client.get("/contacts/").status_code == 200


@pytest.mark.django_db
class TestKept:
    @pytest.fixture(autouse=True)
    def nine(self, time_machine: Any) -> Any:
        self.travel = time_machine.move_to
        self.travel(START, tick=False)

    def sleeping(
        self, client: Client, data: dict[str, Any], address: str = "/espace-famille/absences/"
    ) -> Any:
        self.nora = UserFactory(username="nora")
        client.force_login(self.nora)
        self.travel(START + timedelta(hours=3), tick=False)
        return client.post(address, data)

    def sign_in(self, client: Client, username: str = "nora") -> Any:
        return client.post(
            "/connexion/",
            {"login": username, "password": PASSWORD, "next": "/compte/reprendre/"},
            follow=True,
        )

    def test_what_one_wrote_waits_for_a_signature(self, client: Client) -> None:
        typed = {
            "raison": "Rhume « fort » <b>",
            "jours": ["2026-12-03", "2026-12-04"],
            "mot_password": "secret",
        }
        answer = self.sleeping(client, typed)
        assert answer.url == "/connexion/?next=%2Fcompte%2Freprendre%2F"
        page = client.get(answer.url).content.decode()
        assert "est gardé un quart d’heure" in page and "Rhume" not in page
        page = self.sign_in(client).content.decode()
        assert 'action="/espace-famille/absences/"' in page
        assert page.count('name="jours"') == 2
        assert "Rhume « fort » &lt;b&gt;" in page
        assert "secret" not in page and page.count("csrfmiddlewaretoken") == 2

    def test_one_may_give_it_up(self, client: Client) -> None:
        self.sleeping(client, {"raison": "Rhume"})
        self.sign_in(client)
        assert client.post("/compte/reprendre/").url == "/espace-famille/absences/"  # type: ignore[attr-defined]
        assert client.get("/compte/reprendre/").status_code == 302

    def test_not_for_somebody_else(self, client: Client) -> None:
        UserFactory(username="sacha")
        self.sleeping(client, {"raison": "Rhume"})
        assert "Rhume" not in self.sign_in(client, "sacha").content.decode()
        assert kept.KEY not in client.session

    def test_not_for_ever(self, client: Client) -> None:
        self.sleeping(client, {"raison": "Rhume"})
        self.travel(START + timedelta(hours=3, minutes=16), tick=False)
        assert "Rhume" not in self.sign_in(client).content.decode()

    def test_nothing_that_is_not_ours_or_too_large(self, client: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        self.sleeping(strict, {"raison": "Rhume"})
        assert kept.KEY not in strict.session
        client.force_login(self.nora)
        self.travel(START + timedelta(hours=9), tick=False)
        client.post("/espace-famille/absences/", {"raison": "a" * 60_000})
        assert kept.KEY not in client.session

    def test_never_what_touches_the_account(self, client: Client) -> None:
        self.sleeping(client, {"oldpassword": "x"}, "/compte/mot-de-passe/")
        assert kept.KEY not in client.session


@pytest.mark.django_db
class TestSessions:
    def opened(self, browser: str = "Mozilla/5.0 (Android 14) Firefox/130.0") -> Client:
        client = Client(headers={"User-Agent": browser})
        client.post("/connexion/", {"login": "nora", "password": PASSWORD})
        return client

    @pytest.fixture(autouse=True)
    def nora(self) -> Any:
        return UserFactory(username="nora")

    def test_one_reads_where_one_is_connected(self) -> None:
        phone = self.opened()
        desktop = self.opened("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36")
        page = desktop.get("/compte/connexions/").content.decode()
        assert "Firefox, Android" in page and "Chrome, Windows" in page
        assert page.count("Cet appareil") == 1
        assert phone.get("/compte/").status_code == 200

    def test_one_device_is_disconnected(self, nora: Any) -> None:
        phone, desktop = self.opened(), self.opened()
        other = UserSession.objects.exclude(session_key=desktop.session.session_key).get()
        assert desktop.post("/compte/connexions/fermer/", {"session": other.pk}).status_code == 302
        assert phone.get("/compte/").status_code == 302
        assert desktop.get("/compte/").status_code == 200

    def test_all_the_others(self) -> None:
        phone, tablet, desktop = self.opened(), self.opened(), self.opened()
        desktop.post("/compte/connexions/")
        assert [client.get("/compte/").status_code for client in (phone, tablet, desktop)] == [302, 302, 200]

    def test_not_somebody_elses(self, client: Client) -> None:
        phone = self.opened()
        client.force_login(UserFactory())
        row = UserSession.objects.get(session_key=phone.session.session_key)
        for value in (row.pk, "x", "", "9" * 30):
            assert client.post("/compte/connexions/fermer/", {"session": value}).status_code == 404
        assert client.get("/compte/connexions/fermer/").status_code == 405
        assert phone.get("/compte/").status_code == 200

    def test_a_new_password_disconnects_the_others(self) -> None:
        phone, desktop = self.opened(), self.opened()
        new = {"password1": "Tilleul-Garonne-9", "password2": "Tilleul-Garonne-9"}
        desktop.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, **new})
        assert phone.get("/compte/").status_code == 302
        assert desktop.get("/compte/").status_code == 200

    def test_places_are_forgotten_with_the_session(self) -> None:
        phone, desktop = self.opened(), self.opened()
        Session.objects.filter(session_key=phone.session.session_key).delete()
        clear_places(clock.now())
        assert list(UserSession.objects.values_list("session_key", flat=True)) == [
            desktop.session.session_key
        ]
