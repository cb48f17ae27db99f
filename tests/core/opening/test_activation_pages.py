"""A parent with a code and a phone; and what a stranger learns: nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

from core.accounts.models import User
from core.families.models import Person
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.opening import services, tokens
from core.opening.codes import State
from core.opening.models import ActivationCode
from core.testing.factories import ChildFactory, GuardianFactory, UserFactory

pytestmark = pytest.mark.django_db

SECRET = "Cour!Tilleul7"
START = "/compte/activer/"
WRONG = "Ce code ne va pas avec ce nom"


@pytest.fixture
def person() -> Person:
    found: Person = GuardianFactory(
        person__user=None,
        person__first_name="Nora",
        person__last_name="Lacaze",
        person__birth_date=date(1985, 7, 14),
    ).person
    return found


def give(person: Person, channel: str = "letter") -> services.Given:
    document = "carte" if channel == "desk" else ""
    return services.issue(
        person_id=person.pk, channel=channel, actor=None, now=clock.now(), identity_document=document
    )


def first(client: Client, given: object, **values: str) -> Any:
    return client.post(
        START, {"code": str(given), "last_name": "LACAZE", "birth_date": "14/7/1985", **values}
    )


def second(client: Client, address: str, **values: str) -> Any:
    typed = {"username": "Nora.Lacaze", "email": "nora@example.org", "password": SECRET, "again": SECRET}
    return client.post(address, {**typed, **values})


def test_from_the_letter_to_the_family(
    client: Client, person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    ChildFactory(families=[person.guardianships.get().family], person__first_name="Léa")
    step = first(client, give(person).code)
    assert step.status_code == 302
    assert "Bonjour Nora" in client.get(step.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = second(client, step.url)
    assert done.status_code == 302
    home = client.get("/espace-famille/").content.decode()
    assert "Bonjour Nora" in home
    assert "nora.lacaze" in home, "the identifier is said"
    user = User.objects.get(username="nora.lacaze")
    assert user.email == "", "an address counts once it is confirmed"
    (sent,) = mail.outbox
    link = next(word for word in sent.body.split() if "/compte/verifier/" in word)
    address = link.partition("//")[2].partition("/")[2]
    assert "Confirmer cette adresse" in client.get(f"/{address}").content.decode()
    user.refresh_from_db()
    assert user.email == "", "a mailbox that opens links confirms nothing"
    assert "est confirmée" in client.post(f"/{address}").content.decode()
    user.refresh_from_db()
    person.refresh_from_db()
    assert (user.email, person.email) == ("nora@example.org", "nora@example.org")
    assert client.post("/connexion/", {"login": "nora@example.org", "password": SECRET}).status_code == 302


def test_every_refusal_says_the_same(client: Client, person: Person) -> None:
    given = give(person)
    used = give(GuardianFactory(person__user=None).person)
    services.revoke(code_id=used.row.pk, actor=UserFactory(), now=clock.now())
    expired = give(GuardianFactory(person__user=None, person__last_name="Lacaze").person)
    ActivationCode.objects.filter(pk=expired.row.pk).update(
        issued_at=clock.now() - timedelta(days=40), expires_at=clock.now() - timedelta(days=1)
    )
    pages = [
        first(client, "K7PM-2XQD-9RTB"),
        first(client, given.code, last_name="Castex"),
        first(client, given.code, birth_date="15/07/1985"),
        first(client, used.code),
        first(client, expired.code),
    ]
    assert {page.status_code for page in pages} == {200}
    assert all(WRONG in page.content.decode() for page in pages)
    assert "LACAZE" in pages[0].content.decode(), "what was typed is kept"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "abc"}, "douze signes"),
        ({"code": ""}, "à corriger"),
        ({"birth_date": "2020-00-00"}, "une date qui existe"),
        ({"birth_date": "31/02/1985"}, "une date qui existe"),
        ({"birth_date": "01/01/2050"}, "à venir"),
        ({"birth_date": "01/01/1800"}, "120 ans"),
    ],
)
def test_bad_input_is_told_and_kept(client: Client, typed: dict[str, str], said: str) -> None:
    page = first(client, "K7PM-2XQD-9RTB", **typed).content.decode()
    assert said in page
    assert "LACAZE" in page


@pytest.mark.parametrize("name", ["O'Brien", "<b>Zoé</b>", "🦊", "نورا", "X", "de la Tour-d’Auvergne " * 3])
def test_names_of_all_kinds(client: Client, name: str) -> None:
    person = GuardianFactory(
        person__user=None, person__first_name=name, person__last_name=name.strip()
    ).person
    step = first(client, give(person).code, last_name=name)
    assert step.status_code == 302
    page = client.get(step.url).content.decode()
    assert "<b>" not in page.replace("<b></b>", "")
    assert second(client, step.url).status_code == 302
    assert Person.objects.get(pk=person.pk).user


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"username": "é t é"}, "des lettres sans accent"),
        ({"username": "a@b.fr"}, "des lettres sans accent"),
        ({"username": "pris"}, "déjà pris"),
        ({"username": "PRIS"}, "déjà pris"),
        ({"password": "bonjour", "again": "bonjour"}, "password"),
        ({"again": "autre"}, "Les deux mots de passe sont différents"),
        ({"email": "nora"}, "email"),
    ],
)
def test_a_bad_account_is_told_and_kept(
    client: Client, person: Person, typed: dict[str, str], said: str
) -> None:
    UserFactory(username="pris")
    step = first(client, give(person).code)
    answer = second(client, step.url, **typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert SECRET not in page, "a password is never written in a page"
    kept = {"username": "Nora.Lacaze", "email": "nora@example.org", **typed}
    assert kept["username"] in page
    assert kept["email"] in page
    assert Person.objects.get(pk=person.pk).user is None


def test_the_second_step_twice_and_too_late(client: Client, person: Person) -> None:
    step = first(client, give(person).code)
    second(client, step.url)
    client.logout()
    again = second(client, step.url, username="autre")
    assert again.url == START
    assert User.objects.filter(username="autre").count() == 0
    assert second(client, f"{START}faux/").url == START
    assert client.get(START).status_code == 200


def test_what_was_typed_survives_a_step_that_lasted_too_long(
    client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = give(person)
    step = first(client, given.code)
    monkeypatch.setattr(tokens, "STEP_LIFE", timedelta(seconds=-1))
    assert second(client, step.url).url == START
    monkeypatch.undo()
    step = first(client, given.code)
    assert 'value="Nora.Lacaze"' in client.get(step.url).content.decode()


def test_an_account_without_a_family_is_linked(client: Client, person: Person) -> None:
    user = UserFactory(username="elodie")
    client.force_login(user)
    step = first(client, give(person).code)
    assert "elodie" in client.get(step.url).content.decode()
    assert client.post(step.url).url == "/espace-famille/"
    person.refresh_from_db()
    assert person.user == user
    other = GuardianFactory(person__user=None, person__last_name="Lacaze").person
    step = first(client, give(other).code)
    client.post(step.url)
    assert Person.objects.get(pk=other.pk).user is None


def test_too_many_tries_from_one_place(client: Client, person: Person) -> None:
    given = give(person)
    for _ in range(30):
        first(client, "K7PM-2XQD-9RTB")
    answer = first(client, given.code)
    assert answer.status_code == 429
    assert "Attendez une heure" in answer.content.decode()


def test_without_a_plugin_for_families_nobody_opens_an_account(client: Client) -> None:
    from core.kernel import discovery
    from core.kernel.models import PluginState

    for plugin in discovery.installed().plugins:
        PluginState.objects.create(slug=plugin.slug, enabled=False)
    for address in (START, "/compte/demander/"):
        assert client.get(address).status_code == 404


# The agents' side ------------------------------------------------------------------------------------------------


@pytest.fixture
def agent() -> User:
    user: User = UserFactory()
    names = ("view_family", "add_activationcode", "access_admin")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def test_the_letter(client: Client, agent: User, person: Person) -> None:
    guardian = person.guardianships.get()
    client.force_login(agent)
    address = f"/gestion/activations/{guardian.pk}/"
    page = client.get(address).content.decode()
    assert "Éditer la lettre" in page
    assert client.get(f"{address}lettre/").status_code == 302, "a letter is given by a POST"
    answer = client.post(f"{address}lettre/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"].startswith("no-store")
    text = _text(answer.content)
    code = next(word for word in text.split() if word.count("-") == 2 and len(word) == 14)
    assert "Nora Lacaze" in text
    assert first(client, code).status_code == 302
    entry = JournalEntry.objects.get(act="opening.code_issued")
    assert entry.actor == agent.pk
    assert code not in client.get(address).content.decode(), "nobody reads it again"
    client.post(f"{address}annuler/")
    assert ActivationCode.objects.get().state == State.REVOKED


def _text(pdf: bytes) -> str:
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(page.extract_text() for page in reader.pages)


def test_the_desk_wants_a_document(client: Client, agent: User, person: Person) -> None:
    guardian = person.guardianships.get()
    client.force_login(agent)
    address = f"/gestion/activations/{guardian.pk}/"
    assert "À donner" not in client.post(address, {"identity_document": ""}).content.decode()
    assert not ActivationCode.objects.exists()
    shown = client.post(address, {"identity_document": "passeport"})
    assert "Le code à donner maintenant" in shown.content.decode()
    assert shown["Cache-Control"].startswith("no-store")
    assert ActivationCode.objects.get().identity_document == "passeport"


def test_an_account_is_given_back_at_the_desk(client: Client, agent: User) -> None:
    person = GuardianFactory(person__last_name="Lacaze", person__user__username="nora").person
    client.force_login(agent)
    address = f"/gestion/activations/{person.guardianships.get().pk}/"
    assert "Éditer la lettre" not in client.get(address).content.decode()
    client.post(f"{address}lettre/")
    assert not ActivationCode.objects.exists()
    code = give(person, "desk").code
    client.logout()
    step = first(client, code)
    page = client.get(step.url).content.decode()
    assert "nora" in page
    assert client.post(step.url, {"password": SECRET, "again": SECRET}).status_code == 302
    assert client.post("/connexion/", {"login": "nora", "password": SECRET}).status_code == 302


def test_agents_without_the_right_find_nothing(client: Client, person: Person) -> None:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_family", "access_admin")))
    client.force_login(user)
    address = f"/gestion/activations/{person.guardianships.get().pk}/"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}lettre/").status_code == 404
