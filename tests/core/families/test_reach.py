"""Which families an agent reaches."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import User
from core.contracts.access import Trade
from core.families.models import Family, Schooling
from core.families.reach import reached
from core.testing.factories import (
    AgentFactory,
    ChildFactory,
    FamilyFactory,
    GuardianFactory,
    SchoolYearFactory,
    SiteFactory,
)
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db


def agent(site: Any = None) -> User:
    return AgentFactory(trades=[Trade.SITE_MANAGER], trades__site=site)


def test_without_a_limit_all_of_them_and_without_the_right_none() -> None:
    family = FamilyFactory()
    assert list(reached(agent())) == [family]
    assert not reached(AgentFactory(trades=[Trade.KITCHEN])).exists()


def test_the_families_of_the_children_of_the_site_this_year(django_assert_max_num_queries: Any) -> None:
    here, there = SiteFactory(), SiteFactory()
    mine, both, other, former = (FamilyFactory() for _ in range(4))
    ChildFactory(families=[mine, both], site=here)
    ChildFactory(families=[both], site=here)
    ChildFactory(families=[other], site=there)
    last_year = SchoolYearFactory(name="2025-2026", starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
    gone = ChildFactory(families=[former])
    Schooling.objects.create(child=gone, school_year=last_year, site=here, level="CM2")
    looking = agent(here)
    with django_assert_max_num_queries(5):  # roles, what is on, a savepoint around the plugins, families
        assert set(reached(looking)) == {mine, both}


def test_a_family_that_was_merged_away_is_reached_by_nobody() -> None:
    here, kept = SiteFactory(), FamilyFactory()
    absorbed = FamilyFactory(merged_into=kept)
    ChildFactory(families=[kept, absorbed], site=here)
    assert list(reached(agent())) == [kept]
    with fake_plugin("lent", families_at=lambda: [Family.objects.values("pk")]):
        assert list(reached(agent(here))) == [kept]


def test_a_plugin_adds_those_that_it_expects_there() -> None:
    here, guest = SiteFactory(), FamilyFactory()
    FamilyFactory()
    asked = []

    def families_at(sites: Any, today: Any) -> list[Any]:
        asked.append((sites, today))
        return [Family.objects.filter(pk=guest.pk).values("pk")]

    with fake_plugin("lent", families_at=families_at):
        assert list(reached(agent(here))) == [guest]
    assert asked == [(frozenset({here.pk}), date(2026, 11, 23))]


def test_the_sheet_of_a_family_of_another_site_is_not_there(client: Client) -> None:
    here, there = SiteFactory(), SiteFactory()
    mine, other = GuardianFactory().family, GuardianFactory().family
    ChildFactory(families=[mine], site=here)
    ChildFactory(families=[other], site=there)
    client.force_login(agent(here))
    assert client.get(f"/gestion/familles/{mine.pk}/").status_code == 200
    assert client.get(f"/gestion/familles/{other.pk}/").status_code == 404
    page = client.get("/gestion/familles/").content.decode()
    assert mine.name in page
    assert other.name not in page
