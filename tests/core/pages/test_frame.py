"""What every page shows: urgent notices while they hold, menus that editors made, links that the law wants."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from wagtail.models import PageViewRestriction

from core.contracts.access import Trade
from core.kernel import clock, configuration, state
from core.kernel.models import JournalEntry
from core.pages.frame import frame
from core.pages.models import ContentPage, FooterEntry, HomePage, MenuEntry, SpacePage
from core.testing.factories import AgentFactory, SiteFactory
from core.town.models import Notice

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
"""The instant at which the tests' clock stands."""
HOUR = timedelta(hours=1)


def notice(title: str = "Grève mardi", **values: Any) -> Notice:
    return Notice.objects.create(
        **{"title": title, "starts_at": NOW - HOUR, "ends_at": NOW + HOUR, "tone": Notice.Tone.ATTENTION}
        | values
    )


def titles(now: datetime = NOW) -> list[str]:
    return [shown.title for shown in frame(now).notices]


def test_the_clock_of_this_file() -> None:
    assert clock.now() == NOW


def test_a_notice_holds_from_its_start_until_its_end() -> None:
    notice()
    assert titles(NOW - HOUR) == ["Grève mardi"]
    assert titles(NOW - HOUR - timedelta(seconds=1)) == []
    assert titles(NOW + HOUR - timedelta(seconds=1)) == ["Grève mardi"]
    assert titles(NOW + HOUR) == []


def test_the_gravest_stands_first_and_places_are_named_once() -> None:
    bonheur, villon = SiteFactory(name="École Bonheur"), SiteFactory(name="École Villon")
    notice("Marché déplacé", tone=Notice.Tone.INFO)
    notice("Fuite de gaz", tone=Notice.Tone.DANGER)
    notice().sites.set([villon, bonheur])
    shown = frame(NOW).notices
    assert [one.title for one in shown] == ["Fuite de gaz", "Grève mardi", "Marché déplacé"]
    assert shown[1].sites == ("École Bonheur", "École Villon")


def test_a_notice_is_on_every_public_page(home: HomePage, simple_page: ContentPage, client: Client) -> None:
    notice(text="Pas de cantine : prévoyez un repas.", address="/contacts/").sites.add(
        SiteFactory(name="École Villon")
    )
    swept = 0
    for address in ("/", "/contacts/", "/contacts/ecrire/", "/accessibilite/", "/mentions-legales/",
                    "/donnees-personnelles/", "/plan-du-site/", "/se-deplacer/", "/connexion/"):  # fmt: skip
        page = client.get(address).content.decode()
        assert "Grève mardi" in page, address
        assert "École Villon" in page, address
        assert "En savoir plus" in page, address
        swept += 1
    assert swept == 9
    assert "Grève mardi" in client.get("/rien/").content.decode()


def test_a_notice_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notice(ends_at=NOW - 2 * HOUR)
    with pytest.raises(ValidationError):
        Notice(title="x", starts_at=NOW, ends_at=NOW + HOUR, address="javascript:alert(1)").full_clean()


def test_the_frame_costs_no_statement(home: HomePage, django_assert_num_queries: Callable) -> None:
    notice().sites.set([SiteFactory(), SiteFactory()])
    MenuEntry.objects.create(page=home, address="/contacts/", label="Nous joindre", sort_order=0)
    with state.snapshot():
        frame(NOW)  # the switches of plugins, and once the document
        with django_assert_num_queries(0):
            assert frame(NOW).menu
            assert frame(NOW).notices
    with state.snapshot(), django_assert_num_queries(1):
        frame(NOW)  # another request reads the switches, as it does anyway


# Menus


def test_entries_follow_their_page_and_vanish_with_it(home: HomePage, simple_page: ContentPage) -> None:
    private = home.add_child(instance=ContentPage(title="Élus", slug="elus"))
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    MenuEntry.objects.create(page=home, target=private, sort_order=0)
    MenuEntry.objects.create(
        page=home, address="https://www.service-public.fr/", label="Démarches", sort_order=2
    )
    MenuEntry.objects.create(page=home, target=simple_page, sort_order=1)
    FooterEntry.objects.create(page=home, target=simple_page, label="Bus : plan", sort_order=0)
    found = frame(NOW)
    assert [(item.label, item.url) for item in found.menu] == [
        ("Se déplacer", "/se-deplacer/"),
        ("Démarches", "https://www.service-public.fr/"),
    ]
    assert [item.label for item in found.footer] == ["Bus\u00a0: plan"]
    simple_page.slug = "transports"
    simple_page.save()
    assert frame(NOW).menu[0].url == "/transports/"
    simple_page.unpublish()
    assert [item.label for item in frame(NOW).menu] == ["Démarches"]


def test_an_entry_to_a_page_of_a_plugin_follows_its_switch(
    home: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = home.add_child(instance=SpacePage(title="L’Espace Famille", slug="comprendre"))
    serving = {"families": False}
    monkeypatch.setattr(state, "serves", lambda audience: serving.get(audience, False))
    MenuEntry.objects.create(page=home, target=space, sort_order=0)
    assert frame(NOW).menu == ()
    serving["families"] = True
    assert [item.url for item in frame(NOW).menu] == ["/comprendre/"]


def test_the_copy_is_written_from_the_tables_alone(home: HomePage) -> None:
    row = notice()
    version = configuration.history("core.frame").get()
    row.delete()
    assert titles() == []
    with pytest.raises(configuration.Refused):
        configuration.restore(version=version, author="essai", at=NOW)


@pytest.mark.parametrize("values", [{}, {"label": "Rien"}, {"address": "/contacts/"}])
def test_an_entry_leads_somewhere_and_has_words(home: HomePage, values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MenuEntry.objects.create(page=home, **values)


def test_menus_are_edited_with_the_home_page(home: HomePage, client: Client) -> None:
    client.force_login(AgentFactory(trades=[Trade.EDITOR]))
    page = client.get(f"/gestion/pages/{home.pk}/edit/").content.decode()
    assert "Menu et pied de page" in page


def test_the_footer_says_what_the_law_wants(home: HomePage, client: Client) -> None:
    page = client.get("/").content.decode()
    footer = page[page.index("site-footer") :]
    for words in ("Accessibilité : non conforme", "Mentions légales", "Données personnelles", "Plan du site"):
        assert words in footer


# In the hands of agents


def test_communication_publishes_a_notice_and_writing_cannot(home: HomePage, client: Client) -> None:
    site = SiteFactory(name="École Villon")
    typed = {
        "tone": "attention", "title": "Canicule", "text": "Les sorties sont reportées.", "sites": [str(site.pk)],
        "address": "", "label": "", "starts_at": "2026-11-23 08:00", "ends_at": "2026-11-24 18:00",
    }  # fmt: skip
    client.force_login(AgentFactory(trades=[Trade.WRITER]))
    assert client.get("/gestion/commune/annonces/").status_code == 200
    assert client.post("/gestion/commune/annonces/nouveau/", typed).status_code == 404
    client.force_login(AgentFactory(trades=[Trade.EDITOR]))
    assert "École Villon" in client.get("/gestion/commune/annonces/nouveau/").content.decode()
    assert client.post("/gestion/commune/annonces/nouveau/", typed).status_code == 302
    assert list(Notice.objects.get().sites.all()) == [site]
    assert JournalEntry.objects.filter(act="town.row_written", object_kind="town.notice").exists()
    assert titles() == ["Canicule"]
