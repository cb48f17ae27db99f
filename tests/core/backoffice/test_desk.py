"""What an agent writes for a guardian: once, traced, told to the guardians, never over what changed meanwhile."""

from typing import Any

import pytest
from django.test import Client

from core.contracts.access import Trade
from core.families.models import Child, Contact, Guardian
from core.kernel.models import JournalEntry
from core.notifications.models import Message
from core.testing.factories import AgentFactory, ContactFactory, FamilyFactory, GuardianFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    return client


@pytest.fixture
def guardian() -> Guardian:
    found: Guardian = GuardianFactory(person__email="avant@exemple.fr", person__phone="+33612345678")
    return found


def filled(client: Client, url: str, /, **values: str) -> dict[str, str]:
    """What a browser would send: the values of the form, and those that are typed over them."""
    form = client.get(url).context["form"]
    found = {name: form[name].value() for name in form.fields}
    sent = {name: str(value) for name, value in found.items() if value not in (None, False)}
    return sent | {"channel": "guichet"} | values


def address_of(guardian: Guardian, part: str) -> str:
    return f"/gestion/familles/{guardian.family_id}/{part}"


def test_an_address_is_changed_traced_and_told(agent: Client, guardian: Guardian) -> None:
    address = address_of(guardian, "adresse/")
    data = filled(agent, address, address="3 rue de l’Été", city="Bassens", asked_by=str(guardian.pk))
    answer = agent.post(address, data, follow=True)
    page = answer.content.decode()
    assert "C’est enregistré" in page, answer.context["form"].errors
    assert "3 rue de l’Été" in page
    entry = JournalEntry.objects.get(act="families.household_changed")
    assert entry.changes["address"][1] == "3 rue de l’Été"
    assert (entry.on_behalf_of, entry.reason) == (guardian.person_id, "Au guichet")
    message = Message.objects.get(topic="core.dossier-modifie")
    assert message.address == "avant@exemple.fr"
    assert "rue de l’Été" not in message.text
    assert "Rien n’a changé" in agent.post(address, filled(agent, address), follow=True).content.decode()
    assert Message.objects.count() == 1


def test_an_e_mail_is_told_at_both_addresses(agent: Client, guardian: Guardian) -> None:
    address = address_of(guardian, f"responsables/{guardian.pk}/")
    data = filled(agent, address, email="apres@exemple.fr", phone="06 99 88 77 66", benefits_regime="caf")
    assert agent.post(address, data | {"benefits_number": "12 34 567"}).status_code == 302
    guardian.refresh_from_db()
    assert guardian.person.email == "apres@exemple.fr"
    assert str(guardian.person.phone) == "+33699887766"
    assert guardian.benefits_number == "1234567"
    assert set(Message.objects.values_list("address", flat=True)) == {"avant@exemple.fr", "apres@exemple.fr"}


def test_a_form_that_was_overtaken_writes_nothing_and_keeps_what_was_typed(
    agent: Client, guardian: Guardian
) -> None:
    address = address_of(guardian, "adresse/")
    late = filled(agent, address, address="Trop tard")
    first = agent.post(address, filled(agent, address, address="Arrivée d’abord"))
    assert first.status_code == 302, first.context["form"].errors
    answer = agent.post(address, late)
    page = answer.content.decode()
    assert "a changé pendant que vous écriviez" in page
    assert 'value="Trop tard"' in page
    guardian.family.refresh_from_db()
    assert guardian.family.address == "Arrivée d’abord"
    again = late | {"seen": answer.context["form"]["seen"].value()}
    assert agent.post(address, again).status_code == 302


NAMES = ("O'Brien", "<b>Lou</b>", "Zoé 🌻", "بن علي", "Y")


@pytest.mark.parametrize("name", NAMES)
def test_a_child_is_added_once(agent: Client, guardian: Guardian, name: str) -> None:
    address = address_of(guardian, "enfants/nouveau/")
    data = filled(agent, address, first_name=name, last_name=name, birth_date="2020-05-04")
    sheet = agent.post(address, data, follow=True).content.decode()
    assert "<b>Lou</b>" not in sheet
    assert Child.objects.get().person.first_name == name
    twice = agent.post(address, data).content.decode()
    assert "déjà dans ce foyer" in twice
    assert Child.objects.count() == 1
    assert JournalEntry.objects.filter(act="families.child_added").count() == 1


def test_an_adult_is_added_once_and_pays_nothing(agent: Client, guardian: Guardian) -> None:
    address = address_of(guardian, "responsables/nouveau/")
    data = filled(agent, address, first_name="Karim", last_name="Benali", authority="on")
    assert agent.post(address, data).status_code == 302
    added = Guardian.objects.get(person__first_name="Karim")
    assert (added.payer_share, added.parental_authority, added.position) == (0, True, 2)
    assert "déjà responsable" in agent.post(address, data | {"last_name": "BENALI"}).content.decode()


def test_somebody_to_call_comes_changes_and_goes(agent: Client, guardian: Guardian) -> None:
    address = address_of(guardian, "contacts/nouveau/")
    data = filled(agent, address, name="Jeanne", phone="0612345678")
    assert agent.post(address, data).status_code == 302
    assert "déjà notée" in agent.post(address, data).content.decode()
    found = Contact.objects.get()
    address = address_of(guardian, f"contacts/{found.pk}/")
    assert agent.post(address, filled(agent, address, relation="tante")).status_code == 302
    found.refresh_from_db()
    assert found.relation == "tante"
    assert agent.post(address, filled(agent, address) | {"retirer": "oui"}).status_code == 302
    assert Contact.objects.count() == 0
    acts = JournalEntry.objects.filter(act__startswith="families.contact").values_list("act", flat=True)
    assert {act.rpartition("_")[2] for act in acts} == {"added", "changed", "removed"}


@pytest.mark.parametrize(
    ("part", "wrong", "said"),
    [
        ("enfants/nouveau/", {"birth_date": "2020-00-00"}, "date valide"),
        ("enfants/nouveau/", {"birth_date": "2030-01-01"}, "à venir"),
        ("enfants/nouveau/", {"level": "CP"}, "l’école et le niveau"),
        ("contacts/nouveau/", {"name": "J", "phone": "12"}, "numéro de téléphone valide"),
        ("responsables/nouveau/", {"email": "a@"}, "adresse électronique valide"),
        ("responsables/nouveau/", {"benefits_number": "12"}, "CAF ou de la MSA"),
        ("adresse/", {"name": ""}, "Ce champ est obligatoire"),
        ("adresse/", {"reference": "F1"}, "référence"),
    ],
)
def test_what_cannot_be_is_said_and_kept(
    agent: Client, guardian: Guardian, part: str, wrong: dict[str, Any], said: str
) -> None:
    FamilyFactory(reference="F1")
    address = address_of(guardian, part)
    answer = agent.post(address, filled(agent, address, **wrong))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page, answer.context["form"].errors
    for value in wrong.values():
        assert f'value="{value}"' in page or not value


def test_only_whoever_may_and_only_of_this_family(agent: Client, guardian: Guardian) -> None:
    contact, stranger = ContactFactory(), GuardianFactory()
    assert agent.get(address_of(guardian, f"contacts/{contact.pk}/")).status_code == 404
    assert agent.get(address_of(guardian, f"responsables/{stranger.pk}/")).status_code == 404
    assert "Changer l’adresse" in agent.get(address_of(guardian, "")).content.decode()
    agent.force_login(AgentFactory(trades=[Trade.CASHIER]))
    assert "Changer l’adresse" not in agent.get(address_of(guardian, "")).content.decode()
    assert agent.get(address_of(guardian, "adresse/")).status_code == 404
