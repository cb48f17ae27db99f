"""The desk through the API: the acts of the page, under its rule, traced and told alike."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from core.contracts.access import Trade
from core.families.models import Contact, Family, Guardian
from core.kernel.models import JournalEntry
from core.testing.factories import (
    AgentFactory,
    ChildFactory,
    ContactFactory,
    GuardianFactory,
    SiteFactory,
    UserFactory,
)
from core.town.services import import_calendar

pytestmark = pytest.mark.django_db

JSON = "application/json"


@pytest.fixture
def home() -> Guardian:
    found: Guardian = GuardianFactory(person__first_name="Claire", person__email="claire@example.org")
    return found


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    return client


def at(home: Guardian, rest: str = "") -> str:
    return f"/api/v1/gestion/familles/{home.family_id}/{rest}"


def entry() -> JournalEntry:
    found = JournalEntry.objects.order_by("-pk").first()
    assert found
    return found


def test_an_address_changes_once_read(
    agent: Client, home: Guardian, django_capture_on_commit_callbacks: Any
) -> None:
    record = agent.get(at(home)).json()
    typed = {
        "vu": record["vu"],
        "canal": "telephone",
        "demande_par": str(home.pk),
        "adresse": "12 rue du Port",
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = agent.patch(at(home), typed, content_type=JSON)
    assert (answer.status_code, answer.json()["adresse"]) == (200, "12 rue du Port")
    said = entry()
    assert (said.act, said.reason, said.on_behalf_of) == (
        "families.household_changed", "Par téléphone", home.person_id,
    )  # fmt: skip
    assert [message.to for message in mail.outbox] == [["claire@example.org"]]
    assert "rue du Port" not in str(mail.outbox[0].body)
    stale = agent.patch(at(home), typed | {"adresse": "13 rue du Port"}, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "dossier-change")
    again = agent.patch(at(home), typed | {"vu": answer.json()["vu"]}, content_type=JSON)
    assert again.status_code == 200
    assert JournalEntry.objects.filter(act="families.household_changed").count() == 1


def test_a_guardian_is_added_then_changed(agent: Client, home: Guardian) -> None:
    typed = {"canal": "guichet", "prenom": "Thomas", "nom": "Le Goff", "telephone": "06 12 34 56 78"}
    added = agent.post(at(home, "responsables/"), typed, content_type=JSON)
    assert added.status_code == 201
    first, second = added.json()["responsables"]
    assert (first["prenom"], second["prenom"], second["telephone"]) == ("Claire", "Thomas", "+33612345678")
    assert second["autorite_parentale"] is False
    twice = agent.post(at(home, "responsables/"), typed, content_type=JSON)
    assert (twice.status_code, Guardian.objects.filter(family=home.family).count()) == (400, 2)
    where = at(home, f"responsables/{second['id']}/")
    changed = agent.patch(
        where, {"canal": "mairie", "vu": second["vu"], "courriel": "t@example.org"}, content_type=JSON
    )
    assert changed.json()["responsables"][1]["courriel"] == "t@example.org"
    other = GuardianFactory()
    assert (
        agent.patch(
            at(home, f"responsables/{other.pk}/"), {"canal": "mairie", "vu": "x"}, content_type=JSON
        ).status_code
        == 404
    )


def test_a_child_with_a_school(agent: Client, home: Guardian) -> None:
    import_calendar(start_years=[2026], zone="A")
    school = SiteFactory(code="chopin")
    typed = {
        "canal": "courrier",
        "prenom": "Léa",
        "nom": "Roux",
        "naissance": "2019-05-04",
        "ecole": "chopin",
        "niveau": "CP",
    }
    added = agent.post(at(home, "enfants/"), typed, content_type=JSON)
    assert added.status_code == 201, added.json()
    child = home.family.children.get()
    assert (str(child), child.schoolings.get().site) == ("Léa Roux", school)
    assert agent.post(at(home, "enfants/"), typed, content_type=JSON).status_code == 400
    for wrong, field in (
        ({"naissance": "2030-01-01"}, "naissance"),
        ({"naissance": "1990-01-01"}, "naissance"),
        ({"niveau": ""}, "niveau"),
        ({"ecole": "lune"}, "ecole"),
        ({"naissance": "2020-00-00"}, "naissance"),
        ({"prenom": ""}, "prenom"),
    ):
        answer = agent.post(at(home, "enfants/"), typed | {"prenom": "Noé"} | wrong, content_type=JSON)
        assert answer.status_code == 400, wrong
        assert [error["champ"] for error in answer.json()["errors"]] == [field]


def test_a_contact_comes_changes_and_goes(agent: Client, home: Guardian) -> None:
    child, stranger = ChildFactory(families=[home.family]), ChildFactory()
    typed = {"canal": "guichet", "nom": "Jeanne", "telephone": "05 57 00 00 00", "enfant": str(child.pk)}
    added = agent.post(at(home, "contacts/"), typed, content_type=JSON)
    assert added.status_code == 201, added.json()
    (shown,) = added.json()["personnes_a_prevenir"]
    assert (shown["enfant"], shown["ordre"]) == (str(child.pk), 1)
    wrong = agent.post(at(home, "contacts/"), typed | {"enfant": str(stranger.pk)}, content_type=JSON)
    assert wrong.json()["errors"][0]["champ"] == "enfant"
    bad = agent.post(at(home, "contacts/"), typed | {"telephone": "12"}, content_type=JSON)
    assert bad.json()["errors"][0]["champ"] == "telephone"
    where = at(home, f"contacts/{shown['id']}/")
    changed = agent.patch(
        where, {"canal": "guichet", "vu": shown["vu"], "peut_venir_chercher": True}, content_type=JSON
    )
    assert changed.json()["personnes_a_prevenir"][0]["peut_venir_chercher"] is True
    theirs = ContactFactory()
    assert (
        agent.post(
            at(home, f"contacts/{theirs.pk}/retirer/"), {"canal": "guichet"}, content_type=JSON
        ).status_code
        == 404
    )
    gone = agent.post(f"{where}retirer/", {"canal": "guichet"}, content_type=JSON)
    assert gone.json()["personnes_a_prevenir"] == []
    assert Contact.objects.get() == theirs


def test_who_asks_is_of_the_household(agent: Client, home: Guardian) -> None:
    typed = {
        "canal": "guichet",
        "demande_par": str(GuardianFactory().pk),
        "nom": "Jeanne",
        "telephone": "05 57 00 00 00",
    }
    answer = agent.post(at(home, "contacts/"), typed, content_type=JSON)
    assert answer.json()["errors"][0]["champ"] == "demande_par"
    without = agent.post(
        at(home, "contacts/"), {"nom": "Jeanne", "telephone": "0557000000"}, content_type=JSON
    )
    assert without.json()["errors"][0]["champ"] == "canal"


def test_nobody_else_writes_nor_reads(home: Guardian) -> None:
    elsewhere = AgentFactory(trades=[Trade.CHILDHOOD], trades__site=SiteFactory())
    for user in (home.person.user, UserFactory(), AgentFactory(trades=[Trade.CASHIER]), elsewhere):
        client = Client()
        client.force_login(user)
        assert client.get(at(home)).status_code == 404
        assert client.patch(at(home), {}, content_type=JSON).status_code == 404
        assert client.post(at(home, "enfants/"), {}, content_type=JSON).status_code == 404
    assert Client().get(at(home)).status_code == 401
    assert Family.objects.get().address == home.family.address
