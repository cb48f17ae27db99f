"""Whose family a request serves: several households, delegates, guardians without authority; nothing by default."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.family import ALL_ACTS, Act
from core.contracts.navigation import Tile, TileItem
from core.families.mandates import MACHINE, State, in_force
from core.families.models import Guardian, Mandate
from core.families.selectors import context_of, reach_of
from core.families.services import set_payer_shares
from core.families.services.mandates import (
    MandateError,
    accept_mandate,
    expire_mandates,
    mandate_of_link,
    propose_mandate,
    revoke_mandate,
)
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.testing.factories import ChildFactory, FamilyFactory, GuardianFactory, UserFactory
from core.testing.hooks import fake_plugin

TODAY = date(2026, 11, 23)


@given(st.lists(st.sampled_from(State), min_size=1, max_size=8))
def test_what_has_ended_never_begins_again(wanted: list[State]) -> None:
    state, ended = State.PROPOSED, False
    for move in wanted:
        if MACHINE.allows(state, move):
            assert not ended
            assert move is not State.PROPOSED
            state = move
            ended = state in (State.REVOKED, State.EXPIRED)
    assert not ended or MACHINE.ends(state)


@given(st.sampled_from(State), st.dates(), st.dates())
def test_only_an_active_mandate_lets_act_and_until_its_last_day(state: State, last: date, day: date) -> None:
    assert in_force(state, last, day) == (state is State.ACTIVE and day <= last)


@pytest.fixture
def home(db: None) -> Guardian:
    guardian = GuardianFactory(person__first_name="Nora", person__last_name="Lacaze")
    ChildFactory(families=[guardian.family], person__first_name="Léa")
    ChildFactory(families=[guardian.family], person__first_name="Sami", person__birth_date=date(2021, 1, 1))
    return guardian


def give(home: Guardian, acts: tuple[Act, ...] = (Act.BOOK,), **kwargs: Any) -> tuple[Mandate, str]:
    children = [link.child_id for link in home.family.child_links.order_by("pk")][:1]
    wanted = {"valid_to": TODAY + timedelta(days=30), "children": children} | kwargs
    return propose_mandate(
        guardian=home,
        actor=home.person.user,
        name="Jeanne Roux",
        relation="grandparent",
        acts=acts,
        today=TODAY,
        now=clock.now(),
        **wanted,
    )


def mandated(home: Guardian, *acts: Act) -> Any:
    """An account that holds a mandate for the first child."""
    mandate, _secret = give(home, acts)
    user = UserFactory()
    accept_mandate(mandate=mandate, user=user, today=TODAY, now=clock.now())
    return user


class TestHouseholds:
    def test_a_guardian_of_two_families_chooses(self, home: Guardian, django_assert_num_queries: Any) -> None:
        other = GuardianFactory(person=home.person, family=FamilyFactory(name="ZZ"))
        user = home.person.user
        reach = reach_of(user, TODAY)
        assert [household.name for household in reach.households] == [home.family.name, "ZZ"]
        with django_assert_num_queries(3):
            chosen = context_of(user, TODAY, other.family_id)
        assert chosen and chosen.id == other.family_id
        assert context_of(user, TODAY, FamilyFactory().pk).id == home.family_id  # type: ignore[union-attr]

    def test_without_authority_nothing_but_the_days(self, home: Guardian) -> None:
        step = GuardianFactory(family=home.family, position=2, parental_authority=False, payer_share=0)
        context = context_of(step.person.user, TODAY)
        assert context and context.acts == {Act.PLANNING}
        assert not context.authority
        Guardian.objects.filter(pk=step.pk).update(payer_share=50, may_book=True)
        assert context_of(step.person.user, TODAY).acts == {Act.PLANNING, Act.BOOK, Act.MONEY}  # type: ignore[union-attr]
        with pytest.raises(IntegrityError), transaction.atomic():
            Guardian.objects.filter(pk=step.pk).update(may_see_health=True)

    def test_shares_make_a_whole(self, home: Guardian) -> None:
        other = GuardianFactory(family=home.family, position=2, payer_share=0)
        set_payer_shares(family=home.family, shares={home.pk: 60, other.pk: 40}, actor=None)
        assert sorted(Guardian.objects.values_list("payer_share", flat=True)) == [40, 60]
        for shares in ({home.pk: 60}, {home.pk: 150, other.pk: -50}, {GuardianFactory().pk: 100}):
            with pytest.raises(ValidationError):
                set_payer_shares(family=home.family, shares=shares, actor=None)


class TestMandates:
    def test_a_delegate_sees_what_was_given_and_no_more(self, home: Guardian) -> None:
        user = mandated(home, Act.BOOK)
        context = context_of(user, TODAY)
        assert context and context.mandate
        assert context.acts == {Act.PLANNING, Act.BOOK}
        assert [child.first_name for child in context.children] == ["Léa"]
        assert (context.guardian.id, context.authority) == (home.pk, False)
        assert context_of(home.person.user, TODAY).acts == ALL_ACTS  # type: ignore[union-attr]
        assert [entry.act for entry in JournalEntry.objects.order_by("pk")] == [
            "families.mandate_proposed",
            "families.mandate_accepted",
        ]

    def test_money_and_health_only_when_given(self, home: Guardian) -> None:
        assert context_of(mandated(home), TODAY).acts == {Act.PLANNING}  # type: ignore[union-attr]
        assert context_of(mandated(home, *Act), TODAY).acts == ALL_ACTS  # type: ignore[union-attr]

    def test_it_ends_the_day_after_its_last(self, home: Guardian) -> None:
        user = mandated(home)
        assert context_of(user, TODAY + timedelta(days=30))
        assert context_of(user, TODAY + timedelta(days=31)) is None
        assert expire_mandates(today=TODAY + timedelta(days=31), now=clock.now()) == 1
        assert expire_mandates(today=TODAY + timedelta(days=31), now=clock.now()) == 0

    def test_a_link_serves_once(self, home: Guardian) -> None:
        mandate, secret = give(home)
        assert secret not in str(Mandate.objects.values_list())
        assert mandate_of_link(secret=secret, now=clock.now()) == mandate
        assert mandate_of_link(secret=secret, now=clock.now() + timedelta(days=16)) is None
        accept_mandate(mandate=mandate, user=UserFactory(), today=TODAY, now=clock.now())
        assert mandate_of_link(secret=secret, now=clock.now()) is None
        with pytest.raises(MandateError):
            accept_mandate(mandate=mandate, user=UserFactory(), today=TODAY, now=clock.now())

    def test_revoked_it_gives_nothing(self, home: Guardian) -> None:
        user = mandated(home)
        mandate = Mandate.objects.get()
        revoke_mandate(mandate=mandate, actor=home.person.user, now=clock.now())
        assert context_of(user, TODAY) is None
        with pytest.raises(MandateError):
            revoke_mandate(mandate=mandate, actor=home.person.user, now=clock.now())

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"valid_to": TODAY - timedelta(days=1)}, "passée"),
            ({"valid_to": TODAY + timedelta(days=400)}, "un an"),
            ({"children": []}, "enfants"),
        ],
    )
    def test_what_cannot_be_given(self, home: Guardian, changes: dict[str, Any], reason: str) -> None:
        with pytest.raises(MandateError, match=reason):
            give(home, **changes)
        with pytest.raises(MandateError, match="enfants"):
            give(home, children=[ChildFactory().pk])
        step = GuardianFactory(family=home.family, position=2, parental_authority=False)
        with pytest.raises(MandateError, match="autorité parentale"):
            give(step)

    def test_the_other_parent_needs_no_mandate_here(self, home: Guardian) -> None:
        mandate, _secret = give(home)
        with pytest.raises(MandateError, match="déjà responsable"):
            accept_mandate(mandate=mandate, user=home.person.user, today=TODAY, now=clock.now())


def line(label: str, needs: Act | None = None) -> TileItem:
    return TileItem(tile=Tile.DASHBOARD, label=label, url="/x/", icon="receipt", needs=needs)


@pytest.fixture
def lent() -> Any:
    with fake_plugin(
        "lent",
        family_tiles=lambda: [line("Pour les parents"), line("Payer", Act.MONEY), line("Voir", Act.PLANNING)],
    ):
        yield


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
class TestPages:
    def test_the_choice_is_kept_and_said(self, lent: Any, home: Guardian) -> None:
        other = GuardianFactory(person=home.person, family=FamilyFactory(name="Famille ZZ"))
        client = signed_in(home.person.user)
        assert f"Vous voyez <strong>{home.family.name}" in client.get("/espace-famille/").content.decode()
        change = "/espace-famille/changer-de-famille/"
        assert client.post(change, {"famille": str(other.family_id)}).status_code == 302
        assert "Vous voyez <strong>Famille ZZ" in client.get("/espace-famille/").content.decode()
        assert client.post(change, {"famille": str(FamilyFactory().pk)}).status_code == 404
        assert client.post(change, {"famille": "n’importe quoi"}).status_code == 404

    def test_a_delegate_opens_only_what_was_given(self, lent: Any, home: Guardian) -> None:
        client = signed_in(mandated(home))
        page = client.get("/espace-famille/").content.decode()
        assert "au nom de Nora Lacaze" in page
        assert "Voir" in page
        assert "Payer" not in page
        assert "Pour les parents" not in page
        mine, other = (child.pk for child in home.family.children.order_by("person__birth_date"))
        child = "/espace-famille/ma-famille/enfants/{}/"
        assert client.get(child.format(mine)).status_code == 200
        assert client.get(child.format(other)).status_code == 404
        for refused in (
            child.format(mine) + "garde/",
            child.format(mine) + "identite/",
            "/espace-famille/delegations/",
        ):
            assert client.get(refused).status_code == 404, refused
        assert client.post(child.format(mine) + "autorisations/").status_code == 404

    def test_from_the_link_to_the_end(self, lent: Any, home: Guardian) -> None:
        parent, carer = signed_in(home.person.user), signed_in(UserFactory())
        child = home.family.children.first()
        page = parent.post(
            "/espace-famille/delegations/",
            {
                "name": "Jeanne Roux",
                "relation": "carer",
                "children": [str(child.pk)],
                "given": ["reserver"],
                "valid_to": "2027-01-31",
            },
        ).content.decode()
        link = page.split('value="http://testserver')[1].split('"')[0]
        assert link not in parent.get("/espace-famille/delegations/").content.decode()
        assert "Nora Lacaze vous confie" in carer.get(link).content.decode()
        assert carer.post(link).status_code == 302
        assert "au nom de Nora Lacaze" in carer.get("/espace-famille/").content.decode()
        assert carer.get(link).status_code == 404
        mandate = Mandate.objects.get()
        stranger = signed_in(GuardianFactory().person.user)
        for verb in ("retirer", "rendre"):
            assert stranger.post(f"/espace-famille/delegations/{mandate.pk}/{verb}/").status_code == 404
        assert parent.post(f"/espace-famille/delegations/{mandate.pk}/retirer/").status_code == 302
        assert carer.get("/espace-famille/ma-famille/").url.endswith("sans-famille/")  # type: ignore[attr-defined]

    def test_a_form_that_is_wrong_keeps_what_was_typed(self, lent: Any, home: Guardian) -> None:
        page = signed_in(home.person.user).post(
            "/espace-famille/delegations/", {"name": "Jeanne <b>", "valid_to": "2026-13-01"}
        )
        text = page.content.decode()
        assert page.status_code == 200
        assert "Jeanne &lt;b&gt;" in text
        assert Mandate.objects.count() == 0
