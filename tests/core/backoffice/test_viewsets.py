"""The bases: nothing outside the scope, nothing without the permission, no name left behind."""

import sys
from datetime import date
from types import ModuleType

import pytest
from django.contrib.auth.models import Permission
from django.urls import include, path, reverse
from wagtail.admin.auth import require_admin_access
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.utils.urlpatterns import decorate_urlpatterns

from core.backoffice.viewsets import ScopedChooserViewSet, ScopedModelViewSet
from core.contracts.access import Trade
from core.families.models import Person
from core.testing.factories import AgentFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

BASE = "/gestion/personnes-essai/"


class PersonChooser(ScopedChooserViewSet):
    model = Person
    choose_one_text = "Choisir une personne"

    def scope(self, user):
        return Person.objects.exclude(last_name="Caché")


class People(ScopedModelViewSet):
    model = Person
    name = "personnes-essai"
    form_fields = ["first_name", "last_name", "birth_date"]
    list_display = ["first_name", "last_name"]
    list_filter = ["birth_date"]
    list_export = ["first_name", "last_name"]
    search_fields = ["last_name"]
    ordering = ["last_name"]
    actions = frozenset({"list", "add", "change", "delete", "inspect"})
    chooser = PersonChooser
    empty_message = "Personne pour le moment."

    def scope(self, user):
        return Person.objects.exclude(last_name="Caché")


class ReadOnly(People):
    name = "personnes-lues"
    actions = frozenset({"list"})
    chooser = None


@pytest.fixture(autouse=True)
def mounted(settings):
    """Both viewsets beside the real addresses, as the bridge mounts them."""
    from parvis import urls

    own = [
        path(f"gestion/{viewset.name}/", include((viewset.get_urlpatterns(), viewset.url_namespace)))
        for viewset in (People(), ReadOnly())
    ]
    module = ModuleType("urls_with_people")
    module.urlpatterns = [*decorate_urlpatterns(own, require_admin_access), *urls.urlpatterns]
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    yield
    del sys.modules[module.__name__]


@pytest.fixture
def agent(client):
    found = AgentFactory(trades=[Trade.KITCHEN])
    found.user_permissions.set(
        Permission.objects.filter(content_type__app_label="families", codename__endswith="_person")
    )
    client.force_login(found)
    return client


@pytest.fixture
def people():
    return PersonFactory(last_name="Visible"), PersonFactory(last_name="Caché")


def addresses(person):
    return [
        f"{BASE}{person.pk}/",
        f"{BASE}{person.pk}/supprimer/",
        f"{BASE}{person.pk}/fiche/",
        f"{BASE}choix/choisi/{person.pk}/",
    ]


def test_the_list_search_and_export_stay_in_scope(agent, people):
    for query in ({}, {"q": "a"}, {"export": "csv"}, {"ordering": "-last_name"}):
        answer = agent.get(BASE, query)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "Caché" not in body.decode()
    assert "Visible" in agent.get(BASE).content.decode()
    assert "Caché" not in agent.get(f"{BASE}resultats/").content.decode()


def test_an_object_in_scope_opens_and_another_is_not_found(agent, people):
    seen, hidden = people
    assert [agent.get(address).status_code for address in addresses(seen)] == [200] * 4
    assert [agent.get(address).status_code for address in addresses(hidden)] == [404] * 4
    assert [agent.post(address).status_code for address in addresses(hidden)[:2]] == [404] * 2
    hidden.refresh_from_db()


def test_the_chooser_lists_and_takes_only_its_scope(agent, people):
    seen, hidden = people
    page = agent.get(f"{BASE}choix/").json()["html"]
    assert "Visible" in page
    assert "Caché" not in page
    assert "Caché" not in agent.get(f"{BASE}choix/resultats/").content.decode()
    several = agent.get(f"{BASE}choix/choisis/", {"id": [seen.pk, hidden.pk], "multiple": "1"}).json()
    assert [item["id"] for item in several["result"]] == [str(seen.pk)]
    assert agent.get(f"{BASE}choix/create/").status_code == 404


def test_a_field_with_a_chooser_refuses_what_is_outside(people):
    from django import forms

    class PickForm(forms.Form):
        person = forms.ModelChoiceField(
            Person.objects.all(), widget=PersonChooser("choix", url_namespace="x").widget_class
        )

    from core.backoffice.viewsets import _ScopedForm

    class View(
        _ScopedForm, type("Base", (), {"get_form": lambda self, cls: PickForm({"person": self.wanted.pk})})
    ):
        request = None

    view = View()
    agent = AgentFactory(trades=[Trade.KITCHEN])
    agent.user_permissions.set(Permission.objects.filter(codename="view_person"))
    view.request = type("Request", (), {"user": agent})()
    for person, valid in zip(people, (True, False), strict=True):
        view.wanted = person
        assert view.get_form().is_valid() is valid


@pytest.mark.parametrize("act", ["view", "add", "change", "delete"])
def test_each_act_needs_its_own_permission(client, people, act):
    found = AgentFactory(trades=[Trade.KITCHEN])
    found.user_permissions.set(Permission.objects.filter(codename=f"{act}_person"))
    client.force_login(found)
    key = people[0].pk
    allowed = {
        "view": [
            BASE,
            f"{BASE}resultats/",
            f"{BASE}{key}/fiche/",
            f"{BASE}choix/",
            f"{BASE}choix/choisi/{key}/",
        ],
        "add": [f"{BASE}nouveau/"],
        "change": [f"{BASE}{key}/"],
        "delete": [f"{BASE}{key}/supprimer/"],
    }
    for needed, urls in allowed.items():
        for url in urls:
            assert client.get(url).status_code == (200 if needed == act else 404), url


def test_a_parent_finds_nothing_and_a_visitor_signs_in(client, people):
    assert client.get(BASE).status_code == 302
    client.force_login(UserFactory())
    assert [client.get(address).status_code for address in [BASE, *addresses(people[0])]] == [404] * 5


def test_saving_leaves_no_name_in_the_log_nor_in_the_reference_index(agent):
    agent.post(
        f"{BASE}nouveau/", {"first_name": "Rosalie", "last_name": "Dupuis", "birth_date": "2019-05-04"}
    )
    person = Person.objects.get(last_name="Dupuis")
    assert person.birth_date == date(2019, 5, 4)
    agent.post(f"{BASE}{person.pk}/", {"first_name": "Rosalie", "last_name": "Dupuis-Roux", "birth_date": ""})
    agent.post(f"{BASE}{person.pk}/supprimer/")
    assert not Person.objects.filter(pk=person.pk).exists()
    kept = list(ModelLogEntry.objects.order_by("pk").values_list("action", "label"))
    assert [action for action, _label in kept] == ["wagtail.create", "wagtail.edit", "wagtail.delete"]
    assert {label for _action, label in kept} == {f"personne {person.pk}"}
    assert not ReferenceIndex.model_is_indexable(Person) or not ReferenceIndex.objects.exists()


def test_what_is_left_out_does_not_exist(agent, people):
    key = people[0].pk
    page = agent.get("/gestion/personnes-lues/").content.decode()
    assert "nouveau" not in page
    for left_out in (
        "nouveau/",
        f"{key}/",
        f"{key}/supprimer/",
        f"{key}/fiche/",
        "choix/",
        f"history/{key}/",
        f"usage/{key}/",
    ):
        assert agent.get(f"/gestion/personnes-lues/{left_out}").status_code == 404


def test_dates_are_native_in_forms_and_filters(agent):
    for address in (f"{BASE}nouveau/", BASE):
        page = agent.get(address).content.decode()
        assert 'type="date"' in page
        assert "<script>" not in page


def test_the_empty_list_says_so(agent):
    assert "Personne pour le moment." in agent.get(BASE).content.decode()
    assert "Personne pour le moment." not in agent.get(BASE, {"q": "zzz"}).content.decode()


def test_addresses_are_french_and_random(people):
    assert reverse("families_personnes_essai:edit", args=[people[0].pk]) == addresses(people[0])[0]
    assert reverse("families_personnes_essai:choix:choose") == f"{BASE}choix/"


def test_every_route_declares_its_rule():
    names = {
        route.name: getattr(route.callback, "access_rule", None) for route in ReadOnly().get_urlpatterns()
    }
    assert {rule.name for rule in names.values()} == {"agent:families.view_person"}
