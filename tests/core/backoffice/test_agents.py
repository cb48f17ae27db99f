"""Agents and trades: who works here, and what each trade may do."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from core.accounts.models import Assignment, User
from core.accounts.roles_matrix import matrix
from core.contracts.access import Trade
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Client) -> User:
    agent = AgentFactory(username="anne", last_name="Peyrat", trades=[Trade.ADMIN])
    client.force_login(agent)
    return agent


def text(answer: Any) -> str:
    return answer.content.decode()


def test_agents_are_listed_found_and_filtered(
    client: Client, boss: User, django_assert_max_num_queries: Any
) -> None:
    site = SiteFactory(name="École Villon", code="villon")
    AgentFactory(username="lina", last_name="Moreau", trades=[Trade.FIELD], trades__site=site)
    AgentFactory(username="parti", last_name="Ancien", is_active=False)
    UserFactory(username="un-parent", last_name="Parent")
    with django_assert_max_num_queries(14):
        page = text(client.get("/gestion/agents/"))
    assert "Moreau" in page
    assert "Animation (École Villon)" in page
    assert "Ancien" not in page
    assert "un-parent" not in page
    assert "Ancien" in text(client.get("/gestion/agents/?etat=ferme"))
    for query in ("q=moréau", "metier=field", "lieu=villon"):
        page = text(client.get(f"/gestion/agents/?{query}"))
        assert "lina" in page, query
        assert "Peyrat</a>" not in page, query
    assert "Aucun agent ne correspond" in text(client.get("/gestion/agents/?q=zzz"))


def test_an_account_is_opened_and_the_agent_chooses_the_password(client: Client, boss: User) -> None:
    asked = {"first_name": "Paul", "last_name": "Roy", "username": "paul.roy", "email": "paul@example.org"}
    answer = client.post("/gestion/agents/nouveau/", asked, follow=True)
    made = User.objects.get(username="paul.roy")
    assert "n’a aucun métier" in text(answer)
    assert (made.is_staff, made.has_usable_password()) == (True, False)
    (letter,) = mail.outbox
    assert letter.to == ["paul@example.org"]
    assert "/nouveau-mot-de-passe/" in letter.body
    again = text(client.post("/gestion/agents/nouveau/", asked))
    assert "Un compte a déjà cette adresse" in again or "existe déjà" in again
    assert 'value="Paul"' in again
    assert JournalEntry.objects.get(act="accounts.agent_created").object_id == str(made.pk)


def test_a_trade_is_given_on_a_site_until_a_day_and_withdrawn(client: Client, boss: User) -> None:
    agent, site = AgentFactory(), SiteFactory(name="École Bonheur")
    here = f"/gestion/agents/{agent.pk}/"
    trade = Group.objects.get(name=Trade.SITE_MANAGER.value)
    asked = {"trade": trade.pk, "site": site.pk, "service": "", "until": "2027-07-05"}
    page = text(client.post(here, asked, follow=True))
    assert "Direction de site" in page
    assert "5 juillet 2027" in page
    role = Assignment.objects.get(user=agent)
    assert (role.site, role.until) == (site, date(2027, 7, 5))
    assert "déjà ce métier" in text(client.post(here, asked))
    assert "déjà passé" in text(client.post(here, asked | {"until": "2026-01-01"}))
    away = f"{here}metiers/{role.pk}/retirer/"
    assert "n’aura plus le métier" in text(client.get(away))
    assert "aucun métier" in text(client.post(away, follow=True))


def test_administration_has_no_site_and_does_not_empty_itself(client: Client, boss: User) -> None:
    group = Group.objects.get(name=Trade.ADMIN.value)
    page = client.post(f"/gestion/agents/{AgentFactory().pk}/", {"trade": group.pk, "site": SiteFactory().pk})
    assert "ne se limite ni à un lieu" in text(page)
    (role,) = boss.assignments.all()
    page = client.post(f"/gestion/agents/{boss.pk}/metiers/{role.pk}/retirer/", follow=True)
    assert "au moins une personne dans l’administration" in text(page)
    assert "au moins une" in text(client.post(f"/gestion/agents/{boss.pk}/desactiver/", follow=True))


def test_a_closed_account_is_out_at_once(client: Client, boss: User) -> None:
    agent = AgentFactory(trades=[Trade.CHILDHOOD])
    theirs = Client()
    theirs.force_login(agent)
    assert theirs.get("/gestion/familles/").status_code == 200
    here = f"/gestion/agents/{agent.pk}/"
    assert "s’arrêtent tout de suite" in text(client.get(f"{here}desactiver/"))
    assert "désactivé" in text(client.post(f"{here}desactiver/", follow=True))
    assert theirs.get("/gestion/familles/").status_code == 302
    client.post(f"{here}rouvrir/")
    assert theirs.get("/gestion/familles/").status_code == 200
    acts = [entry.act for entry in JournalEntry.objects.filter(object_id=agent.pk).order_by("pk")]
    assert acts == ["accounts.agent_deactivated", "accounts.agent_reactivated"]


def test_the_account_of_an_agent_is_changed_and_the_journal_holds_no_name(client: Client, boss: User) -> None:
    agent = AgentFactory(first_name="Ancienne", username="a", email="a@example.org")
    asked = {
        "first_name": "Nouvelle",
        "last_name": agent.last_name,
        "username": "a",
        "email": "a@example.org",
    }
    assert "Nouvelle" in text(client.post(f"/gestion/agents/{agent.pk}/modifier/", asked, follow=True))
    assert JournalEntry.objects.get(act="accounts.agent_changed").changes == {"fields": ["first_name"]}


# Trades


def posted(change: Callable[[dict[str, set[str]]], None] | None = None) -> dict[str, list[str]]:
    """What the page of trades sends, with some boxes changed."""
    held = {Trade(name): set(names) for name, names in matrix().held.items()}
    before = {
        f"avant-{trade.name}": sorted(names) for trade, names in held.items() if trade is not Trade.ADMIN
    }
    if change:
        change({trade.name: names for trade, names in held.items()})
    after = {
        f"droit-{trade.name}": sorted(names) for trade, names in held.items() if trade is not Trade.ADMIN
    }
    return before | after


def test_the_page_of_trades_shows_every_act_in_french(
    client: Client, boss: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        page = text(client.get("/gestion/metiers/"))
    shown = matrix()
    assert len(shown.names) > 60
    for _heading, actions in shown.sections:
        for action in actions:
            assert not action.label.startswith("Can "), action.name
    assert "Quotients familiaux : consulter" in page
    assert "Ouvrir la gestion" in page
    assert page.count('type="checkbox"') == len(shown.names) * len(Trade)


def test_a_box_gives_or_takes_a_right(client: Client, boss: User) -> None:
    def swap(held: dict[str, set[str]]) -> None:
        held["KITCHEN"].add("families.view_quotient")
        held["CASHIER"].discard("families.view_child")

    answer = client.post("/gestion/metiers/", posted(swap), follow=True)
    assert "2 droits changés" in text(answer)
    assert AgentFactory(trades=[Trade.KITCHEN]).has_perm("families.view_quotient")
    assert not AgentFactory(trades=[Trade.CASHIER]).has_perm("families.view_child")
    assert JournalEntry.objects.filter(act="accounts.trade_changed", actor=boss.pk).count() == 2
    assert "Rien n’a changé" in text(client.post("/gestion/metiers/", posted(), follow=True))


def test_reserved_acts_and_unknown_ones_are_given_to_nobody(client: Client, boss: User) -> None:
    def grab(held: dict[str, set[str]]) -> None:
        held["KITCHEN"] |= {"accounts.add_assignment", "auth.change_group", "sessions.delete_session"}

    client.post("/gestion/metiers/", posted(grab))
    kitchen = AgentFactory(trades=[Trade.KITCHEN])
    assert not kitchen.has_perm("accounts.add_assignment")
    assert not kitchen.has_perm("auth.change_group")
    assert not kitchen.has_perm("sessions.delete_session")


def test_boxes_changed_meanwhile_are_not_overwritten(client: Client, boss: User) -> None:
    def give(held: dict[str, set[str]]) -> None:
        held["KITCHEN"].add("families.view_quotient")

    sent = posted(give)
    client.post("/gestion/metiers/", posted(lambda held: held["KITCHEN"].add("families.view_family")))
    page = text(client.post("/gestion/metiers/", sent))
    assert "entre-temps" in page
    assert not AgentFactory(trades=[Trade.KITCHEN]).has_perm("families.view_quotient")


def test_these_pages_are_for_the_administration(client: Client) -> None:
    agent = AgentFactory(trades=[Trade.CHILDHOOD])
    client.force_login(agent)
    for address in ("agents/", "agents/nouveau/", f"agents/{agent.pk}/", "metiers/", "journal/"):
        assert client.get(f"/gestion/{address}").status_code == 404, address


def test_wagtails_own_screens_of_accounts_and_groups_are_closed(client: Client, boss: User) -> None:
    for address in ("users/", "users/add/", f"users/{boss.pk}/", "groups/", "groups/new/", "groups/1/"):
        assert client.get(f"/gestion/{address}").status_code == 404, address
        assert client.post(f"/gestion/{address}").status_code == 404, address
    page = text(client.get("/gestion/"))
    assert "/gestion/users/" not in page
    assert "/gestion/groups/" not in page
    assert "/gestion/agents/" in page
