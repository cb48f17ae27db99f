"""Off means off, for pages too; on again, everything is back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import Page

from core.contracts.access import Trade
from core.kernel import state
from core.pages.models import HomePage, SpacePage
from core.pages.plugin_pages import live_pages, types_that_are_off
from core.testing.factories import AgentFactory
from core.town.demo import load_town
from plugins.actualites.models import DocumentsPage, NewsIndexPage, NewsPage

pytestmark = pytest.mark.django_db
Switch = Callable[[str, bool], None]


@pytest.fixture
def town(publish: Any, documents_page: DocumentsPage) -> NewsPage:
    load_town(today=date(2026, 11, 23))
    return publish("Les menus de la cantine", with_picture=True)


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.EDITOR]))
    return client


def addresses(news: NewsPage) -> list[str]:
    return [
        "/actualites/",
        news.get_url(),
        "/actualites/flux.rss",
        "/documents/",
        "/api/v1/actualites/",
        f"/api/v1/actualites/{news.pk}/",
        "/api/v1/documents/",
    ]


def test_addresses(town: NewsPage, client: Client, switch: Switch) -> None:
    for expected in (200, 404, 200):
        switch("actualites", expected == 200)
        for address in addresses(town):
            assert client.get(address).status_code == expected, address


def test_nothing_of_it_on_the_pages_that_stay(town: NewsPage, client: Client, switch: Switch) -> None:
    for on in (True, False, True):
        switch("actualites", on)
        page = client.get("/").content.decode()
        assert "tel:+33-5-57-80-81-87" in page
        for word in ("Les menus de la cantine", "/actualites/", "/documents/", "rss+xml"):
            assert (word in page) is (on and word != "rss+xml"), word


def test_lists_of_pages(town: NewsPage, home: HomePage, switch: Switch) -> None:
    switch("actualites", False)
    with state.snapshot():
        off = set(types_that_are_off())
        assert off >= {NewsIndexPage, NewsPage, DocumentsPage}
        assert {model._meta.app_label for model in off - {SpacePage}} == {"actualites"}
        assert list(live_pages(Page.objects.descendant_of(home))) == []
    switch("actualites", True)
    with state.snapshot():
        assert set(types_that_are_off()) <= {SpacePage}  # there is an Espace Famille, or there is none
        assert live_pages(Page.objects.descendant_of(home)).count() == 3


def test_page_types_cannot_be_created(home: HomePage, news_index: NewsIndexPage, switch: Switch) -> None:
    assert NewsPage.can_create_at(news_index)
    switch("actualites", False)
    assert not NewsPage.can_create_at(news_index)
    assert not NewsIndexPage.can_create_at(home)


def test_editors_neither_see_nor_reach_them(
    town: NewsPage, home: HomePage, news_index: NewsIndexPage, agent: Client, switch: Switch
) -> None:
    NewsIndexPage.objects.update(title="Nouvelles", draft_title="Nouvelles")
    news_index.refresh_from_db()
    explore = reverse("wagtailadmin_explore", args=[home.pk])
    choose = reverse("wagtailadmin_choose_page_child", args=[home.pk])
    edit = reverse("wagtailadmin_pages:edit", args=[town.pk])
    add = reverse("wagtailadmin_pages:add", args=["actualites", "newspage", news_index.pk])
    for on in (True, False, True):
        switch("actualites", on)
        for listing in (explore, choose):
            assert (news_index.title in agent.get(listing).content.decode()) is on, listing
        assert agent.get(edit).status_code == (200 if on else 404)
        assert (agent.get(add).status_code == 200) is on


def test_nor_in_their_search_nor_in_their_recent_edits(town: NewsPage, switch: Switch) -> None:
    user = AgentFactory(trades=[Trade.EDITOR])
    log(instance=town, action="wagtail.edit", user=user)
    agent = Client()
    agent.force_login(user)
    found = f"/gestion/pages/{town.pk}/"
    search = f"{reverse('wagtailadmin_pages:search')}?q={town.title}"
    for on in (True, False, True):
        switch("actualites", on)
        for listing in (search, "/gestion/"):
            assert (found in agent.get(listing).content.decode()) is on, listing
        for act in ("history", "move", "workflow_history"):
            status = agent.get(reverse(f"wagtailadmin_pages:{act}", args=[town.pk])).status_code
            assert (status != 404) is on, act
