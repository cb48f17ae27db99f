"""Roles: an action, for a service, on a site, until a day."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError

from core.accounts import roles, roles_services
from core.accounts.models import Assignment, User
from core.accounts.roles import ALL, Place, Rights
from core.accounts.trades import AGENT, sync_groups
from core.contracts.access import Trade
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, SiteFactory, UserFactory
from core.town.models import Service, Site

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
SEES = "families.view_family"


def trade(wanted: Trade) -> Group:
    return Group.objects.get(name=wanted.value)


def fresh(user: User) -> User:
    """The account as the next request reads it."""
    return User.objects.get(pk=user.pk)


def test_a_place_covers_what_is_inside_it() -> None:
    here, there = uuid4(), uuid4()
    assert Place().covers(here, "cuisine")
    assert Place(site=here).covers(here, "cuisine")
    assert not Place(site=here).covers(there, None)
    assert not Place(here, "cuisine").covers(here, "enfance")
    assert Place(here, "cuisine").covers(None, None)


def test_one_place_without_a_site_is_everywhere() -> None:
    here = uuid4()
    rights = Rights({SEES: frozenset({Place(here), Place()}), AGENT: frozenset({Place(here)})})
    assert rights.sites(SEES) is ALL
    assert rights.sites(AGENT) == {here}
    assert rights.sites("families.add_quotient") == frozenset()
    assert Rights(everything=True).sites(SEES) is ALL


def test_an_agent_of_a_site_may_act_there_and_nowhere_else(django_assert_num_queries: Any) -> None:
    here, there = SiteFactory(), SiteFactory()
    agent = fresh(AgentFactory(trades=[Trade.SITE_MANAGER], trades__site=here))
    with django_assert_num_queries(1):
        assert agent.has_perm(SEES)
        assert agent.has_perm(AGENT)
        assert not agent.has_perm("families.add_quotient")
        assert roles.may(agent, SEES, site=here.pk)
        assert not roles.may(agent, SEES, site=there.pk)
        assert roles.sites_of(agent, SEES) == {here.pk}
    with django_assert_num_queries(1):
        assert list(roles.within(agent, SEES, Site.objects.all(), site="pk")) == [here]
    assert not roles.within(agent, "families.add_quotient", Site.objects.all()).exists()


def test_roles_add_up_and_an_own_permission_holds_everywhere() -> None:
    here, there = SiteFactory(), SiteFactory()
    service = Service.objects.create(code="cuisine", name="Cuisine centrale")
    agent = AgentFactory(trades=[Trade.SITE_MANAGER], trades__site=here)
    Assignment.objects.create(user=agent, trade=trade(Trade.SITE_MANAGER), site=there, service=service)
    agent = fresh(agent)
    assert roles.sites_of(agent, SEES) == {here.pk, there.pk}
    assert roles.may(agent, SEES, there.pk, "cuisine")
    assert not roles.may(agent, SEES, there.pk, "enfance")
    assert agent.acting_service == "Cuisine centrale, Direction de site"
    agent.user_permissions.add(Permission.objects.get(codename="view_family"))
    assert roles.sites_of(fresh(agent), SEES) is ALL


def test_a_role_ends_with_its_last_day() -> None:
    agent = AgentFactory(trades=[Trade.CASHIER], trades__until=TODAY)
    assert fresh(agent).has_perm(SEES)
    Assignment.objects.update(until=TODAY - timedelta(days=1))
    agent = fresh(agent)
    assert not agent.has_perm(SEES)
    assert agent.groups.exists()
    from core.kernel import clock

    roles_services.end_roles(clock.now())
    assert not agent.groups.exists()


def test_nobody_a_parent_and_a_closed_account_may_do_nothing() -> None:
    assert not UserFactory().has_perm(SEES)
    closed = AgentFactory(trades=[Trade.ADMIN], is_active=False)
    assert not closed.has_perm(SEES)
    assert User(is_superuser=True).has_perm(SEES)
    assert roles.rights_of(None).held == {}


def test_a_role_is_given_once_journalled_and_mirrored_for_wagtail() -> None:
    boss, agent, site = AgentFactory(trades=[Trade.ADMIN]), UserFactory(), SiteFactory()
    given = {"user": agent, "trade": trade(Trade.SITE_MANAGER), "site": site, "actor": boss, "today": TODAY}
    role = roles_services.give_role(**given)
    assert agent.has_perm(SEES)
    assert list(agent.groups.all()) == [trade(Trade.SITE_MANAGER)]
    with pytest.raises(ValidationError, match="déjà ce métier"):
        roles_services.give_role(**given)
    roles_services.withdraw_role(role=role, actor=boss, today=TODAY)
    assert not fresh(agent).has_perm(SEES)
    assert not agent.groups.exists()
    entries = JournalEntry.objects.filter(object_id=agent.pk).order_by("pk")
    assert [entry.act for entry in entries] == ["accounts.role_given", "accounts.role_withdrawn"]
    assert entries[0].changes["role"][1]["site"] == site.code
    assert entries[0].actor == boss.pk


def test_an_administrator_remains() -> None:
    boss = AgentFactory(trades=[Trade.ADMIN])
    (role,) = boss.assignments.all()
    with pytest.raises(roles_services.LastAdministrator):
        roles_services.withdraw_role(role=role, actor=boss, today=TODAY)
    with pytest.raises(roles_services.LastAdministrator):
        roles_services.set_active(user=boss, active=False, actor=boss, today=TODAY)
    other = AgentFactory(trades=[Trade.ADMIN])
    roles_services.set_active(user=boss, active=False, actor=other, today=TODAY)
    with pytest.raises(roles_services.LastAdministrator):
        roles_services.set_active(user=other, active=False, actor=other, today=TODAY)


def test_what_agents_take_away_from_a_trade_stays_away() -> None:
    name = Trade.CASHIER.value
    before = {name: frozenset({SEES})}
    after = {name: frozenset({"families.add_quotient"})}
    boss = AgentFactory(trades=[Trade.ADMIN])
    assert roles_services.change_trades(before=before, after=after, actor=boss) == 2
    sync_groups()
    cashier = AgentFactory(trades=[Trade.CASHIER])
    assert not cashier.has_perm(SEES)
    assert cashier.has_perm("families.add_quotient")
    assert cashier.has_perm("families.view_child")
    (entry,) = JournalEntry.objects.filter(act="accounts.trade_changed")
    assert entry.changes == {SEES: [True, False], "families.add_quotient": [False, True]}


def test_a_page_of_trades_that_is_out_of_date_changes_nothing() -> None:
    name = Trade.CASHIER.value
    with pytest.raises(roles_services.Stale):
        roles_services.change_trades(
            before={name: frozenset({"families.add_quotient"})}, after={name: frozenset({SEES})}, actor=None
        )
    assert not JournalEntry.objects.exists()


def test_administration_holds_everything_whatever_is_posted() -> None:
    name = Trade.ADMIN.value
    roles_services.change_trades(before={name: frozenset({SEES})}, after={name: frozenset()}, actor=None)
    assert AgentFactory(trades=[Trade.ADMIN]).has_perm(SEES)
