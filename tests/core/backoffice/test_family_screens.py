"""Agents' screens about a household: duplicates, custody, decisions of courts, parents who disagree."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from core.contracts.access import Trade
from core.contracts.family import Act
from core.families.models import CommonProposal, CourtDecision, CustodyRule, Family, Mandate
from core.families.services.common import answer_proposal, propose_change, say
from core.families.services.mandates import propose_mandate
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, ChildFactory, GuardianFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    return client


@pytest.fixture
def cashier() -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.CASHIER]))
    return client


@pytest.fixture
def parents() -> Any:
    here, there = GuardianFactory(), GuardianFactory()
    return ChildFactory(families=[here.family, there.family]), here, there


def test_from_the_list_of_duplicates_to_one_record(agent: Client, cashier: Client) -> None:
    assert "Aucun dossier" in agent.get("/gestion/familles/doublons/").content.decode()
    names = {"person__first_name": "Nora", "person__last_name": "Lacaze"}
    old, new = GuardianFactory(person__user=None, **names), GuardianFactory(**names)
    page = agent.get("/gestion/familles/doublons/").content.decode()
    address = f"/gestion/familles/{old.family_id}/reunir/{new.family_id}/"
    assert address in page
    shown = agent.get(address).content.decode()
    assert "Responsables reconnus comme les mêmes personnes" in shown
    assert Family.objects.filter(merged_into__isnull=False).count() == 0
    assert cashier.get(address).status_code == 404
    assert agent.post(address).url.endswith(f"/familles/{old.family_id}/")  # type: ignore[attr-defined]
    assert agent.get(f"/gestion/familles/{new.family_id}/").url.endswith(f"{old.family_id}/")  # type: ignore[attr-defined]
    assert agent.get(address).status_code == 404
    assert str(new.family_id) not in agent.get("/gestion/familles/").content.decode()
    assert JournalEntry.objects.filter(act="families.families_merged").count() == 1


def test_a_rule_is_written_and_the_weeks_are_shown(agent: Client, cashier: Client, parents: Any) -> None:
    child, here, there = parents
    address = f"/gestion/familles/{here.family_id}/enfants/{child.pk}/garde/"
    assert "aucune règle" in agent.get(address).content.decode()
    wanted = {
        "garde-valid_from": "2026-09-01",
        "garde-kind": "anchor",
        "garde-home": "1",
        "garde-change_weekday": "5",
        "garde-change_hour": "18:00",
        "garde-first_half_even": "2",
    }
    kept = agent.post(address, wanted)
    assert "première semaine" in kept.content.decode()
    assert 'value="18:00"' in kept.content.decode()
    assert agent.post(address, wanted | {"garde-anchor": "2026-11-27"}).status_code == 302
    rule = CustodyRule.objects.get()
    assert (rule.kind, rule.home, rule.change_weekday, rule.first_half_even) == ("anchor", 1, 5, 2)
    page = agent.get(address).content.decode()
    assert there.family.name in page
    assert cashier.get(address).status_code == 404
    assert (
        agent.get(f"/gestion/familles/{GuardianFactory().family_id}/enfants/{child.pk}/garde/").status_code
        == 404
    )


def test_a_decision_is_read_by_few_and_each_reading_is_written(
    agent: Client, cashier: Client, parents: Any
) -> None:
    child, here, _there = parents
    address = f"/gestion/familles/{here.family_id}/enfants/{child.pk}/decisions/"
    assert cashier.get(address).status_code == 404
    wrong = {
        "court": "Tribunal",
        "decided_on": "2020-00-00",
        "starts_on": "2026-07-01",
        "summary": "<b>",
        "banned": "",
    }
    page = agent.post(address, wrong).content.decode()
    assert "&lt;b&gt;" in page
    assert CourtDecision.objects.count() == 0
    right = wrong | {"decided_on": "2026-06-01", "banned": "Paul O’Brien\n\nPaul O’Brien"}
    assert agent.post(address, right).status_code == 302
    before = JournalEntry.objects.filter(is_read=True).count()
    assert "Paul O’Brien" in agent.get(address).content.decode()
    assert JournalEntry.objects.filter(is_read=True).count() == before + 1
    sheet = agent.get(f"/gestion/familles/{here.family_id}/").content.decode()
    assert "Paul O’Brien ne peut pas venir chercher" in sheet
    assert "Tribunal" not in sheet


def test_an_agent_settles_what_parents_contest(agent: Client, cashier: Client, parents: Any) -> None:
    child, here, there = parents
    given: dict[str, Any] = {"actor": None, "now": clock.now()}
    proposal = propose_change(child=child, guardian=here, fact="birth_place", value="Bordeaux", **given)
    answer_proposal(proposal=proposal, guardian=there, agreed=False, **given)
    for guardian, allowed in ((here, True), (there, False)):
        say(child=child, guardian=guardian, kind="outings", allowed=allowed, **given)
    page = agent.get("/gestion/familles/desaccords/").content.decode()
    assert "Bordeaux" in page
    assert str(child) in page.split("Autorisations contraires")[1]
    address = f"/gestion/familles/desaccords/{proposal.pk}/"
    assert cashier.post(address).status_code == 404
    agent.post(address, {"decision": "appliquer", "reason": ""})
    proposal.refresh_from_db()
    assert proposal.state == CommonProposal.State.CONTESTED
    agent.post(address, {"decision": "appliquer", "reason": "Acte de naissance présenté"})
    child.person.refresh_from_db()
    assert child.person.birth_place == "Bordeaux"


def test_the_sheet_stays_cheap(agent: Client, parents: Any, django_assert_max_num_queries: Any) -> None:
    _child, here, _there = parents
    agent.get(f"/gestion/familles/{here.family_id}/")
    with django_assert_max_num_queries(30):
        page = agent.get(f"/gestion/familles/{here.family_id}/")
    assert "deux foyers" in page.content.decode()


def test_dates_are_written_as_one_reads_them(agent: Client, parents: Any) -> None:
    child, here, _there = parents
    CustodyRule.objects.create(child=child, valid_from=date(2026, 9, 1), kind="single", home=1)
    page = agent.get(f"/gestion/familles/{here.family_id}/enfants/{child.pk}/garde/").content.decode()
    assert "1 septembre 2026" in page


def test_who_pays_and_who_decides(agent: Client, cashier: Client) -> None:
    nora = GuardianFactory(payer_share=100)
    step = GuardianFactory(family=nora.family, position=2, parental_authority=False, payer_share=0)
    child = ChildFactory(families=[nora.family])
    address = f"/gestion/familles/{nora.family_id}/parts-et-droits/"
    assert address in agent.get(f"/gestion/familles/{nora.family_id}/").content.decode()
    assert cashier.get(address).status_code == 404
    shown = agent.get(address).content.decode()
    assert f"Sans autorité parentale, {step} peut" in shown
    assert shown.count("<fieldset><legend>") == 3

    wrong = {"share_1": "60", "share_2": "50", "authority_1": "on", "acts_2": ["reserver"], "reason": ""}
    page = agent.post(address, wrong).content.decode()
    assert "Les parts font 100 % ensemble : ici, 110 %." in page
    assert 'value="60"' in page
    assert 'href="#id_reason">Raison' in page
    health = agent.post(address, {**wrong, "share_2": "40", "reason": "x", "acts_2": ["sante"]})
    assert health.status_code == 200
    assert not JournalEntry.objects.exists()

    right = {**wrong, "share_2": "40", "reason": "Accord écrit du 3 novembre."}
    assert agent.post(address, right).url.endswith(f"/familles/{nora.family_id}/")  # type: ignore[attr-defined]
    step.refresh_from_db()
    assert (step.payer_share, step.parental_authority, step.acts) == (40, False, {Act.PLANNING, Act.BOOK})
    written = {entry.act: entry for entry in JournalEntry.objects.all()}
    assert written.keys() == {"families.shares_set", "families.rights_set"}
    assert {entry.reason for entry in written.values()} == {"Accord écrit du 3 novembre."}
    assert agent.post(address, right).status_code == 302
    assert JournalEntry.objects.count() == 2  # the same again changes nothing

    propose_mandate(
        guardian=nora,
        actor=nora.person.user,
        name="Jeanne",
        relation="carer",
        children=[child.pk],
        acts=[Act.BOOK],
        valid_to=date(2027, 1, 31),
        today=clock.today(),
        now=clock.now(),
    )
    agent.post(address, {**right, "authority_1": ""})
    nora.refresh_from_db()
    assert not nora.parental_authority
    assert Mandate.objects.get().state == Mandate.State.REVOKED
