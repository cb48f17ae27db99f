"""The core's operations: who reaches which family, how many statements, and what is listed."""

import pytest

from core.testing.factories import (
    ChildFactory,
    ContactFactory,
    FamilyFactory,
    GuardianFactory,
    QuotientFactory,
    SiteFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def household():
    guardian = GuardianFactory(person__first_name="Claire")
    child = ChildFactory(families=[guardian.family], site=SiteFactory(name="École Frédéric Chopin"))
    ContactFactory(family=guardian.family, name="Jeanne Roux")
    QuotientFactory(family=guardian.family, value_cents=52_000)
    return guardian, child


def test_a_parent_reads_the_composition_of_the_household(client, household):
    guardian, child = household
    client.force_login(guardian.person.user)
    body = client.get("/api/v1/famille/").json()
    assert body["id"] == str(guardian.family.pk)
    assert [person["prenom"] for person in body["responsables"]] == ["Claire"]
    assert body["enfants"][0]["id"] == str(child.pk)
    assert body["enfants"][0]["ecole"]["nom"] == "École Frédéric Chopin"
    assert body["personnes_a_prevenir"][0]["nom"] == "Jeanne Roux"
    assert body["quotient"]["valeur"] == "520.00"


def test_a_child_without_a_school_and_a_family_without_a_quotient(client):
    guardian = GuardianFactory()
    ChildFactory(families=[guardian.family])
    client.force_login(guardian.person.user)
    body = client.get("/api/v1/famille/").json()
    assert body["enfants"][0]["ecole"] is None
    assert body["quotient"] is None


def test_the_composition_costs_a_fixed_number_of_statements(client, household, django_assert_max_num_queries):
    guardian, _child = household
    ChildFactory.create_batch(4, families=[guardian.family])
    client.force_login(guardian.person.user)
    with django_assert_max_num_queries(
        7
    ):  # session, account, state, guardians, children, quotients, contacts
        assert client.get("/api/v1/famille/").status_code == 200


def test_another_familys_child_is_not_found(client, household):
    guardian, child = household
    other = ChildFactory(families=[FamilyFactory()])
    client.force_login(guardian.person.user)
    assert client.get(f"/api/v1/enfants/{child.pk}/").json()["id"] == str(child.pk)
    refused = client.get(f"/api/v1/enfants/{other.pk}/")
    assert refused.status_code == 404
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["title"] == "Introuvable"


def test_a_visitor_is_asked_to_identify(client, household):
    refused = client.get("/api/v1/famille/")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")
    assert refused.json()["title"] == "Identification nécessaire"


def test_an_account_without_a_family_is_told_whom_to_call(client):
    client.force_login(UserFactory())
    refused = client.get("/api/v1/famille/")
    assert refused.status_code == 403
    assert refused.json()["code"] == "sans-famille"


def test_the_root_lists_what_is_on(client):
    addresses = {line["adresse"] for line in client.get("/api/v1/").json()["ressources"]}
    assert {"/api/v1/famille/", "/api/v1/schema/", "/api/v1/docs/"} <= addresses


def test_without_a_plugin_for_families_there_is_no_family_api(client, household, monkeypatch):
    guardian, _child = household
    monkeypatch.setattr("core.kernel.state.serves", lambda audience: False)
    client.force_login(guardian.person.user)
    assert client.get("/api/v1/famille/").status_code == 404
    addresses = {line["adresse"] for line in client.get("/api/v1/").json()["ressources"]}
    assert "/api/v1/famille/" not in addresses
    assert "/api/v1/famille/" not in client.get("/api/v1/schema/").json()["paths"]
