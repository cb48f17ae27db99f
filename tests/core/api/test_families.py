"""What a parent does on the pages of the household, through the API."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from core.contracts.family import Act
from core.families.services.custody import set_rule
from core.families.services.mandates import accept_mandate, propose_mandate
from core.kernel import clock
from core.testing.factories import (
    ChildFactory,
    ContactFactory,
    FamilyFactory,
    GuardianFactory,
    QuotientFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def homes() -> Any:
    here, there = GuardianFactory(), GuardianFactory()
    child = ChildFactory(families=[here.family, there.family])
    set_rule(child=child, valid_from=date(2026, 9, 1), kind="parity", home=1)
    return child, here, there


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, address: str, **data: Any) -> Any:
    return client.post(f"/api/v1/{address}", data, content_type="application/json")


def test_an_account_of_two_families_names_one(homes: Any) -> None:
    _child, here, _there = homes
    other = GuardianFactory(person=here.person, family=FamilyFactory(name="ZZ"))
    client = signed_in(here.person.user)
    keys = [line["cle"] for line in client.get("/api/v1/familles/").json()]
    assert keys == [str(here.family_id), str(other.family_id)]
    assert client.get(f"/api/v1/famille/?famille={keys[1]}").json()["nom"] == "ZZ"
    assert client.get("/api/v1/famille/").json()["id"] == keys[0]
    for wrong in (FamilyFactory().pk, "zut"):
        assert client.get(f"/api/v1/famille/?famille={wrong}").status_code == 404


def test_a_delegate_reaches_what_was_given(homes: Any) -> None:
    child, here, _there = homes
    mandate, _secret = propose_mandate(
        guardian=here,
        actor=None,
        name="Jeanne",
        relation="carer",
        children=[child.pk],
        acts=[Act.BOOK],
        valid_to=date(2027, 1, 31),
        today=TODAY,
        now=clock.now(),
    )
    user = UserFactory()
    accept_mandate(mandate=mandate, user=user, today=TODAY, now=clock.now())
    client = signed_in(user)
    (line,) = client.get("/api/v1/familles/").json()
    assert (line["au_nom_de"], line["droits"]) == (str(here.person), ["planning", "reserver"])
    assert client.get(f"/api/v1/enfants/{child.pk}/").status_code == 200
    for address in (
        "famille/",
        "delegations/",
        f"enfants/{child.pk}/garde/",
        f"enfants/{child.pk}/autorisations/",
    ):
        assert client.get(f"/api/v1/{address}").status_code == 404, address


def test_a_guardian_without_authority_reads_neither_quotient_nor_contacts() -> None:
    guardian = GuardianFactory(parental_authority=False, payer_share=0)
    QuotientFactory(family=guardian.family)
    ContactFactory(family=guardian.family)
    body = signed_in(guardian.person.user).get("/api/v1/famille/").json()
    assert (body["quotient"], body["personnes_a_prevenir"]) == (None, [])


def test_custody_is_read_and_an_exception_takes_both(homes: Any) -> None:
    child, here, there = homes
    mine, theirs = signed_in(here.person.user), signed_in(there.person.user)
    address = f"enfants/{child.pk}/garde/"
    days = mine.get(f"/api/v1/{address}?du=2026-11-23&au=2026-12-06").json()
    assert [(stay["du"], stay["au"], stay["chez_nous"]) for stay in days] == [
        ("2026-11-23", "2026-11-29", True),
        ("2026-11-30", "2026-12-06", False),
    ]
    assert mine.get(f"/api/v1/{address}?du=2020-00-00").status_code == 400
    asked = post(mine, f"{address}exceptions/", du="2026-12-01", au="2026-12-02", chez_nous=True)
    assert asked.status_code == 201
    answer = f"{address}exceptions/{asked.json()['id']}/reponse/"
    assert post(mine, answer, reponse="accepter").status_code == 409
    assert post(theirs, answer, reponse="accepter").json()["etat"] == "agreed"
    days = theirs.get(f"/api/v1/{address}?du=2026-12-01&au=2026-12-03").json()
    assert [stay["chez_nous"] for stay in days] == [False, True]
    stranger = signed_in(GuardianFactory().person.user)
    assert post(stranger, answer, reponse="refuser").status_code == 404


def test_authorisations_and_proposals(homes: Any) -> None:
    child, here, there = homes
    mine, theirs = signed_in(here.person.user), signed_in(there.person.user)
    base = f"enfants/{child.pk}"
    post(mine, f"{base}/autorisations/reponse/", objet="outings", autorise=True)
    said = post(theirs, f"{base}/autorisations/reponse/", objet="outings", autorise=False).json()
    (outings,) = [line for line in said if line["objet"] == "outings"]
    assert (outings["autorise"], outings["reponses_contraires"], outings["ma_reponse"]) == (
        False,
        True,
        False,
    )
    assert post(mine, f"{base}/propositions/", champ="birth_date", valeur="2020-00-00").status_code == 400
    made = post(mine, f"{base}/propositions/", champ="birth_place", valeur="Lormont")
    assert made.status_code == 201
    answer = f"{base}/propositions/{made.json()['id']}/reponse/"
    assert post(mine, answer, reponse="accepter").status_code == 409
    assert post(theirs, answer, reponse="accepter").json()["etat"] == "applied"
    child.person.refresh_from_db()
    assert child.person.birth_place == "Lormont"


def test_mandates(homes: Any) -> None:
    child, here, _there = homes
    client = signed_in(here.person.user)
    wanted = {"personne": "Jeanne", "lien": "carer", "enfants": [str(child.pk)], "jusqu_au": "2027-01-31"}
    assert post(client, "delegations/", **wanted | {"jusqu_au": "2020-01-01"}).status_code == 409
    made = post(client, "delegations/", **wanted, droits=["reserver"])
    assert made.status_code == 201
    assert "secret" not in str(client.get("/api/v1/delegations/").json())
    mandate = made.json()["delegation"]["id"]
    assert post(client, f"delegations/{mandate}/retirer/").json()["etat"] == "revoked"
    assert post(client, f"delegations/{mandate}/retirer/").status_code == 409
    assert (
        post(signed_in(GuardianFactory().person.user), f"delegations/{mandate}/retirer/").status_code == 404
    )
