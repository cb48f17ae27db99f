"""What a family reads of the journal."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import User
from core.contracts.access import Trade
from core.contracts.family import FamilyContext
from core.families import trace
from core.families.models import Family
from core.families.selectors import context_of
from core.kernel import journal
from core.testing.factories import AgentFactory, ChildFactory, GuardianFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
HEALTH, QUOTIENT = "families.court_decision_read", "families.quotient_recorded"


def context(user: User) -> FamilyContext:
    found = context_of(user, TODAY)
    assert found
    return found


def read(user: User) -> list[trace.Line]:
    mine = context(user)
    return trace.lines(mine, trace.entries_for(mine))


@pytest.fixture
def homes() -> tuple[User, User, Family, Family, Any]:
    """Nora and Thomas, their two families, and their child."""
    nora, thomas = GuardianFactory(), GuardianFactory()
    child = ChildFactory(families=[nora.family, thomas.family], person__first_name="Léa")
    return nora.person.user, thomas.person.user, nora.family, thomas.family, child


def test_a_parent_reads_the_service_and_the_reason_never_the_agent(homes: Any) -> None:
    nora, _thomas, hers, _his, child = homes
    agent = AgentFactory(first_name="Sylvie", last_name="Darrieux", trades=[Trade.CHILDHOOD])
    journal.read(
        actor=agent, act=HEALTH, object=child, concerning=[child, hers], reason="Sortie du 3 décembre"
    )
    journal.record(actor=agent, act=QUOTIENT, object=hers, concerning=[hers], changes={"value_cents": [1, 2]})
    last, first = read(nora)
    assert (first.who, first.about, first.reason) == ("Enfance", "Léa", "Sortie du 3 décembre")
    assert (first.what, first.is_read) == ("Décision de justice lue", True)
    assert (last.who, last.about, last.what) == ("Enfance", "votre famille", "Quotient familial enregistré")
    assert "Sylvie" not in repr(read(nora))


def test_what_concerns_the_other_home_is_not_told(homes: Any) -> None:
    nora, thomas, hers, his, child = homes
    agent = AgentFactory(trades=[Trade.CHILDHOOD])
    journal.record(actor=agent, act=QUOTIENT, object=his, concerning=[his], reason="QF de Thomas")
    journal.record(actor=agent, act=QUOTIENT, object=his, concerning=[his, child], reason="adresse de Thomas")
    journal.record(actor=agent, act=QUOTIENT, object=child, concerning=[his, hers, child], reason="les deux")
    journal.record(actor=agent, act=HEALTH, object=child, concerning=[child], reason="commun")
    assert [line.reason for line in read(nora)] == ["commun", ""]
    assert [line.reason for line in read(thomas)] == ["commun", "", "adresse de Thomas", "QF de Thomas"]


def test_who_acted_is_said_in_words(homes: Any) -> None:
    nora, thomas, hers, _his, child = homes
    partner = GuardianFactory(family=hers, position=2, person__first_name="Ali").person.user
    for actor in (None, nora, partner, thomas):
        journal.record(actor=actor, act=QUOTIENT, object=hers, concerning=[hers, child])
    assert [line.who for line in read(nora)] == [
        "une personne autorisée",
        "Ali",
        "vous",
        "traitement automatique",
    ]


def test_acts_of_the_house_are_not_shown(homes: Any) -> None:
    nora, _thomas, hers, _his, _child = homes
    journal.record(actor=None, act="accounts.role_given", object=nora, concerning=[hers])
    assert read(nora) == []


@pytest.fixture
def lent() -> Iterator[None]:
    """A plugin for families, so that the Espace Famille exists."""
    with fake_plugin("lent", family_tiles=lambda context: []):
        yield


def test_the_page_and_the_operation_say_the_same(
    lent: None, homes: Any, client: Client, django_assert_num_queries: Any
) -> None:
    nora, _thomas, hers, _his, child = homes
    agent = AgentFactory(trades=[Trade.CHILDHOOD])
    client.force_login(nora)
    assert "Rien pour le moment" in client.get("/espace-famille/mon-espace/journal/").content.decode()
    for rank in range(40):
        reason = f"<b>Raison {rank}</b>"
        journal.read(actor=agent, act=HEALTH, object=child, concerning=[child, hers], reason=reason)
    page = client.get("/espace-famille/mon-espace/journal/").content.decode()
    assert "&lt;b&gt;Raison 39" in page
    assert "Raison 5&lt;" not in page
    assert "Raison 5&lt;" in client.get("/espace-famille/mon-espace/journal/?page=2").content.decode()
    mine = context(nora)
    with django_assert_num_queries(2):
        assert len(trace.lines(mine, trace.entries_for(mine)[:30])) == 30
    answer = client.get("/api/v1/famille/journal/?taille=10").json()
    assert (answer["nombre"], len(answer["resultats"])) == (40, 10)
    assert set(answer["resultats"][0]) == {"le", "acte", "par", "concerne", "raison", "lecture"}
    assert (answer["resultats"][0]["par"], answer["resultats"][0]["concerne"]) == ("Enfance", "Léa")


def test_the_rights_of_whoever_asks(client: Client) -> None:
    from core.testing.factories import SiteFactory

    site = SiteFactory()
    agent = AgentFactory(trades=[Trade.SITE_MANAGER], trades__site=site)
    assert client.get("/api/v1/moi/droits/").status_code == 401
    client.force_login(agent)
    answer = client.get("/api/v1/moi/droits/").json()
    assert (answer["metiers"], answer["tout"]) == (["Direction de site"], False)
    held = {line["droit"]: line["ou"] for line in answer["droits"]}
    assert held["families.view_family"] == [{"lieu": str(site.pk), "service": None}]
    assert "accounts.add_user" not in held
