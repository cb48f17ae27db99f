"""An agent of one site sees its children and nothing of the others."""

from datetime import date

import pytest
from django.test import Client

from core.contracts.access import Trade
from core.families.reach import reached
from core.testing.factories import AgentFactory, SiteFactory
from plugins.enfance.models import Enrolment, Session
from plugins.enfance.services import Wanted, save_bookings
from tests.plugins.enfance.factories import NOW, Household, SessionFactory, Town

MONDAY = date(2026, 12, 7)


@pytest.fixture
def session(town: Town, home: Household) -> Session:
    found = town.session(MONDAY)
    wanted = Wanted(add=frozenset({(home.children[0].pk, found.pk)}))
    save_bookings(family=home.context, actor=home.user, now=NOW, wanted=wanted)
    return found


def agent(client: Client, trade: Trade, site: object) -> Client:
    client.force_login(AgentFactory(trades=[trade], trades__site=site))
    return client


def pages(session: Session, home: Household) -> list[str]:
    child = home.children[0].pk
    return [
        f"/gestion/enfance/seances/{session.pk}/",
        f"/gestion/familles/{home.family.pk}/",
        f"/gestion/enfance/seances/{session.pk}/enfants/{child}/annuler/",
    ]


def test_the_lists_of_a_site_hold_its_sessions_only(
    client: Client, session: Session, home: Household
) -> None:
    other = SessionFactory(activity=session.activity, date=MONDAY, site=SiteFactory(name="École d’ailleurs"))
    agent(client, Trade.FIELD, session.site)
    page = client.get("/gestion/enfance/seances/?jour=2026-12-07").content.decode()
    assert f"/seances/{session.pk}/" in page
    assert str(other.pk) not in page
    expected = client.get("/gestion/enfance/enfants-attendus/?jour=2026-12-07").content.decode()
    assert home.children[0].person.last_name in expected
    agent(client, Trade.FIELD, other.site)
    expected = client.get("/gestion/enfance/enfants-attendus/?jour=2026-12-07").content.decode()
    assert home.children[0].person.first_name not in expected


def test_what_is_of_another_site_is_not_there(client: Client, session: Session, home: Household) -> None:
    agent(client, Trade.CHILDHOOD, SiteFactory())
    for address in pages(session, home):
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"reason": "x"}).status_code == 404, address
    agent(client, Trade.CHILDHOOD, session.site)
    for address in pages(session, home):
        assert client.get(address).status_code == 200, address


def test_a_family_is_reached_where_its_child_is_enrolled_not_only_at_school(
    session: Session, home: Household
) -> None:
    elsewhere = SiteFactory()
    looking = AgentFactory(trades=[Trade.SITE_MANAGER], trades__site=elsewhere)
    assert home.family not in reached(looking)
    enrolment = Enrolment.objects.filter(family=home.family).first()
    assert enrolment
    Enrolment.objects.filter(pk=enrolment.pk).update(site=elsewhere)
    assert home.family in reached(looking)
    Enrolment.objects.filter(pk=enrolment.pk).update(valid_from=date(2026, 9, 1), valid_to=date(2026, 11, 22))
    assert home.family not in reached(looking)


def test_the_panel_of_the_sheet_shows_the_bookings_of_the_site(
    client: Client, session: Session, home: Household
) -> None:
    here = f"/seances/{session.pk}/enfants/"
    agent(client, Trade.CHILDHOOD, session.site)
    assert here in client.get(f"/gestion/familles/{home.family.pk}/").content.decode()
    other = SiteFactory()
    Enrolment.objects.filter(pk=Enrolment.objects.filter(family=home.family).values("pk")[:1]).update(
        site=other
    )
    agent(client, Trade.CHILDHOOD, other)
    page = client.get(f"/gestion/familles/{home.family.pk}/")
    assert page.status_code == 200
    assert here not in page.content.decode()


def test_the_day_opens_on_a_site_of_the_agent(client: Client, session: Session) -> None:
    other = SessionFactory(
        activity=session.activity,
        date=date(2026, 12, 10),
        site=SiteFactory(code="ailleurs", name="École d’ailleurs"),
    )
    manager = agent(client, Trade.SITE_MANAGER, other.site)
    for address in ("/gestion/enfance/seances/", "/gestion/enfance/enfants-attendus/"):
        page = manager.get(address).content.decode()
        assert 'value="2026-12-10"' in page, address
        assert 'value="ailleurs"' in page, address
        assert f'value="{session.site.code}"' not in page, address
    filling = manager.get("/gestion/enfance/remplissage/").content.decode()
    assert 'value="ailleurs"' in filling
    assert f'value="{session.site.code}"' not in filling
    Session.objects.filter(pk=other.pk).delete()
    assert 'value="2026-11-23"' in manager.get("/gestion/enfance/seances/").content.decode()
