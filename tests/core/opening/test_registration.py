"""A family that the town does not know: asked by its parent, compared by an agent, created or linked once."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

from core.accounts.models import User
from core.contracts.requests import Obstacle
from core.families.models import Child, ChildInFamily, Family, Guardian, Person
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.opening import duplicates, registration, services, tokens
from core.requests import services as requests
from core.requests.models import ServiceRequest
from core.requests.states import State
from core.testing.factories import ChildFactory, GuardianFactory, UserFactory

pytestmark = pytest.mark.django_db

SECRET = "Cour!Tilleul7"
FORM = "/espace-famille/demandes/inscription/"

TYPED = {
    "foyer-civility": "mme",
    "foyer-first_name": "Élodie",
    "foyer-last_name": "Sarrat",
    "foyer-birth_date": "3/2/1988",
    "foyer-phone": "06 12 34 56 78",
    "foyer-address": "12 rue du Port",
    "foyer-postcode": "33530",
    "foyer-city": "Bassens",
    "foyer-note": "",
    "enfant-0-first_name": "Lou",
    "enfant-0-last_name": "Sarrat",
    "enfant-0-birth_date": "14/09/2019",
}


def data(**values: Any) -> dict[str, Any]:
    adult = {
        "civility": "mme", "first_name": "Élodie", "last_name": "Sarrat", "birth_date": "1988-02-03",
        "phone": "+33612345678", "email": "elodie@example.org",
    }  # fmt: skip
    return {
        "adult": adult | values.pop("adult", {}),
        "home": {"address": "12 rue du Port", "postcode": "33530", "city": "BASSENS"},
        "children": [{"first_name": "Lou", "last_name": "Sarrat", "birth_date": "2019-09-14"}],
        "note": "",
        **values,
    }


def asked(user: User, **values: Any) -> ServiceRequest:
    request = registration.write(user=user, data=data(**values), now=clock.now(), submission=uuid4())
    return requests.submit(request_id=request.pk, actor=user, now=clock.now())


@pytest.fixture
def agent() -> User:
    user: User = UserFactory()
    names = ("view_family", "change_family", "change_servicerequest", "access_admin")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def decide(request: ServiceRequest, agent: User, **choices: str) -> ServiceRequest:
    values = {"adult": registration.NEW, "identity_document": "", **choices}
    return requests.accept(request_id=request.pk, actor=agent, choices=values, now=clock.now())


# An account without a family -------------------------------------------------------------------------------------


def ask(client: Client, email: str) -> str:
    return client.post("/compte/demander/", {"email": email}).content.decode().replace(email, "@")


def test_the_answer_is_the_same_whether_an_account_exists(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    UserFactory(email="connu@example.org", username="connu")
    with django_capture_on_commit_callbacks(execute=True):
        pages = {
            ask(client, email) for email in ("inconnu@example.org", "connu@example.org", "CONNU@example.org")
        }
    assert len(pages) == 1
    assert len(mail.outbox) == 3
    assert "/compte/demander/" in mail.outbox[0].body
    assert "Votre identifiant" not in mail.outbox[0].body
    assert "connu" in mail.outbox[1].body
    assert User.objects.count() == 1


def test_an_address_is_not_flooded(client: Client) -> None:
    for _ in range(3):
        assert client.post("/compte/demander/", {"email": "qui@example.org"}).status_code == 200
    assert client.post("/compte/demander/", {"email": "Qui@example.org"}).status_code == 429
    assert client.post("/compte/demander/", {"email": "autre@example.org"}).status_code == 200


def test_the_link_opens_an_account_without_a_family(client: Client) -> None:
    address = f"/compte/demander/{tokens.for_sign_up('Elodie@example.org')}/"
    typed = {
        "first_name": "Élodie",
        "last_name": "O’Sarrat",
        "username": "elodie",
        "password": SECRET,
        "again": SECRET,
    }
    assert "Elodie@example.org" in client.get(address).content.decode()
    assert client.post(address, typed | {"again": "x"}).status_code == 200
    assert client.post(address, typed).status_code == 302
    user = User.objects.get(username="elodie")
    assert user.emailaddress_set.get().verified
    assert "Inscrire ma famille" in client.get("/espace-famille/").content.decode()
    client.logout()
    assert client.post(address, typed | {"username": "encore"}).url == "/connexion/"
    assert client.get("/compte/demander/faux/").url == "/compte/demander/"


def test_an_account_is_never_linked_on_its_address(client: Client) -> None:
    person = GuardianFactory(person__user=None, person__email="elodie@example.org").person
    services.sign_up(
        email="elodie@example.org",
        username="elodie",
        password=SECRET,
        first_name="Élodie",
        last_name="Sarrat",
    )
    assert Person.objects.get(pk=person.pk).user is None
    client.login(username="elodie", password=SECRET)
    client.force_login(User.objects.get())
    assert "pas encore relié à une famille" in client.get("/espace-famille/").content.decode()


# The form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed(client: Client) -> User:
    user: User = UserFactory(first_name="Élodie", last_name="Sarrat")
    client.force_login(user)
    return user


def test_from_the_form_to_the_queue(client: Client, signed: User, agent: User) -> None:
    assert 'value="Élodie"' in client.get(FORM).content.decode()
    form = str(uuid4())
    for _ in range(2):  # a double click
        read_again = client.post(FORM, TYPED | {"envoi": form})
    request = ServiceRequest.objects.get()
    assert read_again.url == f"/espace-famille/demandes/{request.pk}/"
    page = client.get(read_again.url).content.decode()
    assert "Rien n’est parti pour le moment" in page
    assert "14/09/2019" in page
    assert 'value="12 rue du Port"' in client.get(FORM).content.decode(), "a draft is taken up again"
    for _ in range(2):
        client.post(f"{read_again.url}envoyer/")
    assert mail.outbox == []
    request.refresh_from_db()
    assert request.state == State.SUBMITTED
    assert client.get(FORM).url == read_again.url
    home = client.get("/espace-famille/").content.decode()
    assert request.reference in home
    client.force_login(agent)
    assert request.reference in client.get("/gestion/demandes/").content.decode()
    assert "Élodie Sarrat" in client.get(f"/gestion/demandes/{request.pk}/").content.decode()


def test_one_more_child_loses_nothing(client: Client, signed: User) -> None:
    page = client.post(
        FORM, TYPED | {"ajouter": "1", "foyer-phone": "06 1", "foyer-note": "<b>'🦊"}
    ).content.decode()
    assert 'name="enfant-1-first_name"' in page
    assert 'value="Lou"' in page
    assert 'value="06 1"' in page
    assert "&lt;b&gt;&#x27;🦊" in page
    assert "point à corriger" not in page
    many = TYPED | {
        f"enfant-{rank}-{name}": "" for rank in range(8) for name in ("first_name", "last_name", "birth_date")
    }
    assert 'name="ajouter"' not in client.post(FORM, many | {"ajouter": "1"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"foyer-first_name": ""}, "Prénom"),
        ({"foyer-birth_date": "2020-00-00"}, "une date qui existe"),
        ({"foyer-phone": "12"}, "foyer-phone"),
        ({"foyer-postcode": "3353"}, "cinq chiffres"),
        ({"enfant-0-birth_date": ""}, "enfant-0-birth_date"),
        ({"enfant-0-birth_date": "31/02/2019"}, "une date qui existe"),
        ({"enfant-0-birth_date": "14/09/2030"}, "à venir"),
        (
            {"enfant-0-first_name": "", "enfant-0-last_name": "", "enfant-0-birth_date": ""},
            "au moins un enfant",
        ),
        (
            {
                "enfant-1-first_name": "LOU",
                "enfant-1-last_name": "Sarrat",
                "enfant-1-birth_date": "14/09/2019",
            },
            "déjà au-dessus",
        ),
        ({"foyer-first_name": "x" * 101}, "100"),
    ],
)
def test_bad_input_is_told_and_kept(client: Client, signed: User, typed: dict[str, str], said: str) -> None:
    answer = client.post(FORM, TYPED | typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "à corriger" in page
    assert said in page
    for name, value in (TYPED | typed).items():
        if value and name != "foyer-civility":
            assert value in page, name
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize(
    "name", ["O'Brien", "<b>Zoé</b>", "🦊", "نورا", "X", "a\u200bb", "Nguyễn Thị Minh-Khai"]
)
def test_names_of_all_kinds(client: Client, signed: User, agent: User, name: str) -> None:
    typed = TYPED | {
        f"{prefix}-{part}_name": name for prefix in ("foyer", "enfant-0") for part in ("first", "last")
    }
    answer = client.post(FORM, typed)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "<b>Zoé" not in page
    client.post(f"{answer.url}envoyer/")
    decide(ServiceRequest.objects.get(), agent)
    assert Person.objects.filter(last_name=name.replace("\u200b", " ")).count() == 2
    assert client.get("/espace-famille/").status_code == 200


def test_somebody_with_a_family_has_no_use_for_it(client: Client) -> None:
    client.force_login(GuardianFactory().person.user)
    assert client.get(FORM).url == "/espace-famille/demandes/"


# The agent decides -----------------------------------------------------------------------------------------------


def test_a_new_family(client: Client, agent: User, django_capture_on_commit_callbacks: Any) -> None:
    user = UserFactory()
    request = asked(user)
    client.force_login(agent)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            client.post(
                f"/gestion/demandes/{request.pk}/",
                {"acte": "accept", "version": request.version, "adult": "nouvelle", "identity_document": ""},
            )
    family = Family.objects.get()
    assert (family.name, family.resident, family.city) == ("Famille Sarrat", True, "BASSENS")
    guardian = Guardian.objects.get()
    assert guardian.person.user == user
    assert guardian.person.birth_date == date(1988, 2, 3)
    assert [str(link.child) for link in family.child_links.all()] == ["Lou Sarrat"]
    assert [message.subject for message in mail.outbox] == [f"Votre demande {request.reference} est acceptée"]
    assert JournalEntry.objects.filter(act="opening.family_created", actor=agent.pk).count() == 1
    client.force_login(user)
    assert "Lou" in client.get("/espace-famille/mon-espace/").content.decode()
    assert client.get(f"/espace-famille/demandes/{request.pk}/").status_code == 200


def test_a_known_person_is_suggested_and_linked_after_a_document(client: Client, agent: User) -> None:
    known = GuardianFactory(
        person__user=None,
        person__first_name="Elodie",
        person__last_name="SARRAT",
        person__birth_date=date(1988, 2, 3),
    )
    ChildFactory(families=[known.family], person__first_name="Lou", person__birth_date=date(2019, 9, 14))
    user = UserFactory()
    request = asked(user)
    client.force_login(agent)
    address = f"/gestion/demandes/{request.pk}/"
    page = client.get(address).content.decode()
    assert "mêmes enfants" in page
    assert "même date de naissance" in page
    posted = {
        "acte": "accept",
        "version": request.version,
        "adult": str(known.person_id),
        "child_0": "nouvelle",
    }
    refused = client.post(address, posted | {"identity_document": ""}).content.decode()
    assert "voyez une pièce d’identité" in refused
    assert Person.objects.get(pk=known.person_id).user is None
    client.post(address, posted | {"identity_document": "carte"})
    assert Person.objects.get(pk=known.person_id).user == user
    assert Family.objects.count() == 1
    entry = JournalEntry.objects.get(act="opening.account_linked")
    assert entry.changes == {"piece": "carte", "demande": request.reference}


def test_the_same_child_may_have_a_second_home(agent: User) -> None:
    first = GuardianFactory().family
    lou = ChildFactory(families=[first], person__first_name="Lou", person__birth_date=date(2019, 9, 14))
    decide(asked(UserFactory()), agent, child_0=str(lou.pk), identity_document="carte")
    assert Child.objects.count() == 1
    assert ChildInFamily.objects.filter(child=lou).count() == 2
    full = asked(UserFactory())
    with pytest.raises(Obstacle):
        decide(full, agent, child_0=str(lou.pk), identity_document="carte")
    full.refresh_from_db()
    assert full.state == State.SUBMITTED
    assert Family.objects.count() == 2, "nothing of what was begun stays"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda user, person: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user, person: GuardianFactory(person__user=user),
        lambda user, person: Person.objects.filter(pk=person.pk).update(user=UserFactory()),
        lambda user, person: Guardian.objects.filter(person=person).delete(),
    ],
)
def test_what_changed_meanwhile_is_an_obstacle(agent: User, spoil: Callable[[User, Person], Any]) -> None:
    person, user = GuardianFactory(person__user=None).person, UserFactory()
    request = asked(user)
    spoil(user, person)
    with pytest.raises(Obstacle):
        decide(request, agent, adult=str(person.pk), identity_document="carte")
    request.refresh_from_db()
    assert request.state == State.SUBMITTED


def test_a_refusal_has_a_reason_that_the_parent_reads(
    client: Client, agent: User, django_capture_on_commit_callbacks: Any
) -> None:
    user = UserFactory()
    request = asked(user)
    client.force_login(agent)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            f"/gestion/demandes/{request.pk}/",
            {"acte": "refuse", "version": request.version, "refus-text": "Votre adresse est à Lormont."},
        )
    assert "Lormont" in mail.outbox[-1].body
    client.force_login(user)
    assert "Lormont" in client.get(f"/espace-famille/demandes/{request.pk}/").content.decode()
    assert client.get(FORM).status_code == 200, "one may ask again"


def test_a_code_settles_what_was_asked(agent: User) -> None:
    user, person = UserFactory(), GuardianFactory(person__user=None).person
    request = asked(user)
    given = services.issue(person_id=person.pk, channel="letter", actor=agent, now=clock.now())
    services.link_account(code_id=given.row.pk, user=user, now=clock.now())
    request.refresh_from_db()
    assert request.state == State.ACCEPTED
    assert Family.objects.count() == 1


def test_likeness_is_scored() -> None:
    GuardianFactory(person__first_name="Bruno", person__last_name="Castex")
    name = GuardianFactory(person__first_name="Marc", person__last_name="SARRAT").person
    same = GuardianFactory(
        person__user=None,
        person__first_name="elodie",
        person__last_name="Sarrat",
        person__phone="+33612345678",
    ).person
    mailbox = GuardianFactory(person__last_name="Roy", person__email="elodie@example.org").person
    found = [match.id for match in duplicates.adults_like(data())]
    assert found == [same.pk]
    assert {name.pk, mailbox.pk}.isdisjoint(found), "one name, or one address, is not a likeness"


def test_suggestions_cost_the_same_in_a_large_town(django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        guardian = GuardianFactory(person__first_name="Élodie", person__last_name="Sarrat")
        ChildFactory(
            families=[guardian.family], person__first_name="Lou", person__birth_date=date(2019, 9, 14)
        )
    with django_assert_max_num_queries(9):
        assert len(duplicates.adults_like(data())) == duplicates.AT_MOST
        assert len(duplicates.children_like(data())[0]) == duplicates.AT_MOST
