"""What a parent, another parent, a program and an agent do."""

from datetime import timedelta

import pytest
from django.test import Client
from school import TODAY, household, piano, publish_tariff

from core.accounts.models import User
from core.contracts.access import Trade
from core.testing.factories import AgentFactory
from plugins.musique.models import Course, Enrolment

pytestmark = pytest.mark.django_db
SPACE = "/espace-famille/musique/"
API = "/api/v1/musique/"


@pytest.fixture(autouse=True)
def tariff() -> None:
    publish_tariff()


def parent(client: Client, **kwargs: int) -> tuple[str, str]:
    """Signed in; the child's first name and identifier."""
    family = household(**kwargs)
    client.force_login(User.objects.get(pk=family.guardian.user_id))
    return family.children[0].first_name, str(family.children[0].id)


def test_a_parent_sees_the_price_and_why_then_enrols_and_takes_it_back(client: Client) -> None:
    name, child = parent(client)
    course = piano()
    page = f"{SPACE}{course.pk}/{child}/"
    listed = client.get(SPACE).content.decode()
    assert page in listed and "63,00" in listed
    asked = client.get(page).content.decode()
    assert "81,00" in asked and "quotient" in asked.lower()
    wrong = client.post(page, {"instrument": "autre"})
    assert wrong.status_code == 200 and not Enrolment.objects.exists()
    told = client.post(page, {"instrument": "prete"}, follow=True).content.decode()
    assert f"{name} est inscrit" in told
    held = Enrolment.objects.get()
    assert (held.price_cents, held.instrument_lent) == (8100, True)
    assert "déjà inscrit" in client.get(page, follow=True).content.decode()
    client.post(f"{SPACE}inscriptions/{held.pk}/annuler/")
    held.refresh_from_db()
    assert held.cancelled_at


def test_what_is_full_or_closed_says_so(client: Client) -> None:
    _name, child = parent(client)
    course = piano(capacity=0)
    assert "Ce cours est complet." in client.get(SPACE).content.decode()
    page = f"{SPACE}{course.pk}/{child}/"
    assert "complet" in client.post(page, {"instrument": "le-mien"}, follow=True).content.decode()
    Course.objects.all().delete()
    assert "Aucun cours pour le moment" in client.get(SPACE).content.decode()


def test_another_family_s_child_and_enrolment_are_nothing(client: Client) -> None:
    _name, theirs = parent(client)
    course = piano()
    client.post(f"{SPACE}{course.pk}/{theirs}/", {"instrument": "le-mien"})
    held = Enrolment.objects.get()
    parent(client)
    assert client.get(f"{SPACE}{course.pk}/{theirs}/").status_code == 404
    assert client.post(f"{SPACE}inscriptions/{held.pk}/annuler/").status_code == 404
    assert client.delete(f"{API}inscriptions/{held.pk}/").status_code == 404


def test_a_program_does_the_same(client: Client) -> None:
    _name, child = parent(client)
    course = piano()
    (listed,) = client.get(f"{API}cours/").json()["resultats"]
    assert (listed["nom"], listed["places_libres"]) == ("Piano", 2)
    wanted = {"cours": str(course.pk), "enfant": child, "instrument_prete": True}
    made = client.post(f"{API}inscriptions/", wanted, content_type="application/json")
    assert (made.status_code, made.json()["prix"]) == (201, "81.00")
    again = client.post(f"{API}inscriptions/", wanted, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "musique-refus")
    assert client.delete(f"{API}inscriptions/{made.json()['id']}/").status_code == 204
    assert client.get(f"{API}inscriptions/").json() == []


def test_an_agent_reads_the_list_and_takes_a_child_off(client: Client) -> None:
    name, child = parent(client)
    course = piano()
    client.post(f"{SPACE}{course.pk}/{child}/", {"instrument": "le-mien"})
    held = Enrolment.objects.get()
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    assert name in client.get("/gestion/musique/eleves/").content.decode()
    page = f"/gestion/musique/inscriptions/{held.pk}/annuler/"
    assert name in client.get(page).content.decode()
    client.post(page)
    assert Course.objects.get().taken == 0
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [(-1, 20, "jusqu’au"), (9, 20, "à partir du"), (-20, -1, ""), (31, 40, "")],
)
def test_a_parent_is_reminded_of_the_term(client: Client, opens: int, closes: int, said: str) -> None:
    """While one may enrol, and from a month before."""
    parent(client)
    term = piano().term
    term.enrolment_from, term.enrolment_until = (TODAY + timedelta(days=days) for days in (opens, closes))
    term.save()
    page = client.get("/espace-famille/je-pense-a/").content.decode()
    assert (term.name in page) is bool(said)
    assert said in page
