"""Each trade finds its own screens, and nothing of a plugin that is off."""

import pytest
from wagtail.admin.menu import admin_menu, settings_menu

from core.backoffice import screens
from core.backoffice.screens import Entry
from core.contracts.access import Trade
from core.contracts.backoffice import Menu, Screen
from core.testing.factories import AgentFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db


def menu(rf, user, which=admin_menu):
    request = rf.get("/gestion/")
    request.user = user
    return [item.label for item in sorted(which.menu_items_for_request(request), key=lambda item: item.order)]


def test_the_administration_has_one_menu_for_settings(rf):
    anne = AgentFactory(trades=[Trade.ADMIN], is_superuser=True)
    labels = menu(rf, anne)
    assert "Familles" in labels
    assert "Configuration" in labels
    assert not {"Paramètres", "Aide", "Rapports"} & set(labels)
    assert "Modules" in menu(rf, anne, settings_menu)


def test_a_cook_sees_no_family(rf):
    cook = AgentFactory(trades=[Trade.KITCHEN])
    assert "Familles" not in menu(rf, cook)
    assert "Modules" not in menu(rf, cook, settings_menu)


def test_an_entry_needs_its_plugin_and_its_permission(switch):
    screen = Screen(
        menu=Menu.FAMILIES,
        label="X",
        icon="group",
        permission="families.view_family",
        url_name="backoffice:families",
    )
    entry = Entry("lent", screen, None)
    agent = AgentFactory(trades=[Trade.CHILDHOOD])
    with fake_plugin("lent"):
        assert entry.is_shown(agent)
        assert not entry.is_shown(AgentFactory(trades=[Trade.KITCHEN]))
        switch("lent", False)
        assert not entry.is_shown(agent)


def test_screens_of_plugins_vanish_from_menu_and_home(client, switch):
    client.force_login(AgentFactory(trades=[Trade.ADMIN], is_superuser=True))
    by_plugin = {}
    for entry in screens.entries():
        if entry.slug:
            by_plugin.setdefault(entry.slug, set()).add(entry.url)
    for slug, urls in by_plugin.items():
        home = client.get("/gestion/").content.decode()
        assert all(url in home for url in urls), slug
        assert all(client.get(url).status_code == 200 for url in urls), slug
        switch(slug, False)
        home = client.get("/gestion/").content.decode()
        assert not any(url in home for url in urls), slug
        assert all(client.get(url).status_code == 404 for url in urls), slug
        switch(slug, True)


def test_every_screen_opens_for_whoever_is_shown_it_and_for_nobody_else(client):
    for trade in Trade:
        agent = AgentFactory(trades=[trade])
        client.force_login(agent)
        for entry in screens.entries():
            status = 200 if entry.is_shown(agent) else 404
            assert client.get(entry.url).status_code == status, f"{trade} {entry.url}"


def test_the_home_page_of_each_trade(client):
    for trade in Trade:
        client.force_login(AgentFactory(first_name="Dominique", trades=[trade]))
        page = client.get("/gestion/")
        assert page.status_code == 200
        assert "Bonjour Dominique" in page.content.decode()


def test_the_side_bar_searches_families_for_those_who_may(client):
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    assert '"/gestion/familles/"' in client.get("/gestion/").content.decode()
    client.force_login(AgentFactory(trades=[Trade.KITCHEN]))
    assert "/gestion/familles/" not in client.get("/gestion/").content.decode()
