"""Each hook where the town calls it: what a plugin answers is seen there. The test is named after its hook."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client, RequestFactory

from core.accounts.models import User
from core.accounts.trades import sync_groups
from core.contracts.access import Grant, Trade
from core.contracts.audiences import FAMILIES, Audience
from core.contracts.backoffice import Menu, Screen
from core.contracts.billing import (
    BillableLine,
    InvoiceIssued,
    Period,
    Scope,
    billable_lines,
    on_invoice_issued,
)
from core.contracts.demo import Demo, load_demo
from core.contracts.family import FamilyContext, FamilyMerge, MergeEffect
from core.contracts.jobs import Job
from core.contracts.journal import Act
from core.contracts.lifecycle import Obstacle
from core.contracts.money import Money
from core.contracts.navigation import MenuItem, Tile, TileItem
from core.contracts.notifications import Topic
from core.contracts.open_data import DataFile, DataSet
from core.contracts.pages import Panel
from core.contracts.payments import Answer, Outcome, PaymentOrder, Start
from core.contracts.priced import PricedService
from core.contracts.requests import RequestKind
from core.contracts.search import SearchResult
from core.contracts.town import Affected, ChangedDay
from core.families.models import Guardian
from core.families.reach import reached
from core.families.services.merging import plan
from core.kernel import checks, discovery, jobs, journal
from core.kernel.calls import strict
from core.kernel.models import Delivery, PluginState
from core.kernel.obstacles import obstacles
from core.kernel.outbox import attempt, notify
from core.notifications import topics
from core.pages.audiences import audiences
from core.pages.services import ensure_home
from core.requests import kinds
from core.testing.factories import AgentFactory, FamilyFactory, GuardianFactory, SiteFactory
from core.testing.hooks import fake_plugin
from core.town.models import Closure
from core.town.services import import_calendar, written

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TODAY = date(2026, 11, 23)
EMPTY = "ui/empty.html"


@pytest.fixture(autouse=True)
def nobody_else(db: None) -> None:
    """Plugins of the tree have their own tests."""
    PluginState.objects.bulk_create(
        PluginState(slug=plugin.slug, enabled=False) for plugin in discovery.installed().plugins
    )


@pytest.fixture
def parent(client: Client) -> Client:
    client.force_login(GuardianFactory().person.user)
    return client


def signed_in(trade: Trade, **where: Any) -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[trade], **where))
    return client


def panel(title: str) -> Panel:
    return Panel(title=title, template=EMPTY, context={"title": "Rien aujourd’hui"})


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# What is shown --------------------------------------------------------------------------------------------------------


def test_hook_site_menu_items(client: Client) -> None:
    with fake_plugin("marche", site_menu_items=lambda: [MenuItem(label="Marchés", url="/marches/")]):
        assert 'href="/marches/"' in read(client, "/contacts/")
    assert "/marches/" not in read(client, "/contacts/")


def test_hook_home_panels(client: Client) -> None:
    ensure_home()
    with fake_plugin("marche", home_panels=lambda: [panel("Marché du mardi")]):
        assert "Marché du mardi" in read(client, "/")


def test_hook_search_results(client: Client) -> None:
    found = SearchResult(kind="Marchés", title="Marché du mardi", url="/marches/")
    with fake_plugin("marche", search_results=lambda query: [found] if query == "halle" else []):
        assert "Marché du mardi" in read(client, "/recherche/?q=halle")
        assert "Marché du mardi" not in read(client, "/recherche/?q=piscine")


def test_hook_open_data(client: Client) -> None:
    files = (DataFile(form="CSV", url="/marches.csv"),)
    given = DataSet(title="Marchés", description="Les étals de chaque marché.", files=files)
    with fake_plugin("marche", open_data=lambda: [given]):
        assert 'href="/marches.csv"' in read(client, "/donnees-ouvertes/")


def test_hook_family_tiles(parent: Client) -> None:
    item = TileItem(tile=Tile.DASHBOARD, label="Louer une salle", url="/salles/", icon="receipt")
    with fake_plugin("salles", family_tiles=lambda: [item]):
        assert "Louer une salle" in read(parent, f"/espace-famille/{Tile.DASHBOARD}/")


def test_hook_family_panels(parent: Client) -> None:
    with fake_plugin("salles", family_panels=lambda context: [panel(f"Salles de {context.name}")]):
        assert "Salles de Famille" in read(parent, "/espace-famille/")


def test_hook_family_audiences(parent: Client) -> None:
    def groups(family: FamilyContext | None) -> list[Audience]:
        return [Audience(key="activity:salles", label="Salles")] if family else []

    request = RequestFactory().get("/")
    request.user = User.objects.get()
    with fake_plugin("salles", family_audiences=groups):
        assert audiences(request) == {FAMILIES, "activity:salles"}


def test_hook_priced_services(parent: Client) -> None:
    def sold(today: date, family: FamilyContext | None) -> list[PricedService]:
        return [
            PricedService(code="salles", label=f"Salles de {family.name if family else 'tous'}", tariff="x")
        ]

    with fake_plugin("salles", priced_services=sold):
        family = Guardian.objects.get().family
        assert f"Salles de {family.name}" in read(parent, "/espace-famille/tarifs/")


def test_hook_family_sheet_panels() -> None:
    family = GuardianFactory().family
    with fake_plugin("salles", family_sheet_panels=lambda context: [panel(f"Salles de {context.name}")]):
        assert f"Salles de {family.name}" in read(
            signed_in(Trade.CHILDHOOD), f"/gestion/familles/{family.pk}/"
        )


def test_hook_affected_by_calendar() -> None:
    day = date(2026, 12, 3)
    import_calendar(start_years=[2026], zone="A")
    closure = written(
        row=Closure(),
        fields=["first_day"],
        write=lambda: Closure.objects.create(first_day=day, last_day=day, reason="Neige"),
        actor=None,
    )
    asked: list[Any] = []

    def held(days: Any, user: Any) -> list[Affected]:
        asked.append((days, user.is_staff))
        return [Affected(day=day, what="Piscine", people=12)]

    address = f"/gestion/commune/changements/{closure.pk}/"
    with fake_plugin("salles", affected_by_calendar=held):
        page = read(signed_in(Trade.CHILDHOOD), address)
    assert asked == [((ChangedDay(day),), True)]
    assert "Piscine" in page and "12" in page


# Agents ---------------------------------------------------------------------------------------------------------------


def test_hook_backoffice_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.backoffice import screens

    screen = Screen(
        menu=Menu.FAMILIES,
        label="Salles louées",
        icon="home",
        permission="families.view_family",
        url_name="backoffice:families",
    )
    with fake_plugin("salles", backoffice_screens=lambda: [screen]):
        screens.entries.cache_clear()
        shown = screens.entries_for(AgentFactory(trades=[Trade.CHILDHOOD]))[Menu.FAMILIES]
        assert "Salles louées" in [entry.screen.label for entry in shown]
    screens.entries.cache_clear()


def test_hook_grants() -> None:
    with fake_plugin("salles", grants=lambda: [Grant(Trade.KITCHEN, ("families.view_contact",))]):
        sync_groups()
    kitchen = Group.objects.get(name=Trade.KITCHEN.value)
    assert "view_contact" in kitchen.permissions.values_list("codename", flat=True)


def test_hook_families_at() -> None:
    site, family = SiteFactory(), FamilyFactory()
    agent = AgentFactory(trades=[Trade.SITE_MANAGER], trades__site=site)
    assert list(reached(agent)) == []

    def there(sites: frozenset[UUID], today: date) -> list[Any]:
        found = type(family).objects.filter(pk=family.pk) if site.pk in sites else type(family).objects.none()
        return [found.values("pk")]

    with fake_plugin("salles", families_at=there):
        assert list(reached(agent)) == [family]


def test_hook_journal_acts() -> None:
    with fake_plugin("salles", journal_acts=lambda: [Act("salles.rented", "Salle louée")]):
        assert journal.acts()["salles.rented"].label == "Salle louée"
    assert "salles.rented" not in journal.acts()


def test_hook_notification_topics() -> None:
    topic = Topic(code="salles.cle", label="Clés", template="salles/mail/cle")
    with fake_plugin("salles", notification_topics=lambda: [topic]):
        assert topics.find("salles.cle") == topic
    with pytest.raises(LookupError):
        topics.find("salles.cle")


def test_hook_request_kinds(switch: Any) -> None:
    kind = RequestKind(
        code="salles.louer",
        label="Louer une salle",
        service="accueil",
        delay_days=10,
        permission="families.view_family",
        sections=lambda data: [],
        accept=lambda acceptance: "Votre salle est louée.",
    )
    with fake_plugin("salles", request_kinds=lambda: [kind]):
        assert kinds.find("salles.louer") == kind
        switch("salles", False)
        with pytest.raises(LookupError):
            kinds.find("salles.louer")


# Money, families, work ------------------------------------------------------------------------------------------------


def line(key: str) -> BillableLine:
    return BillableLine(
        source="salles",
        key=key,
        payer=uuid4(),
        share=Fraction(1),
        beneficiary=None,
        service="salles",
        site=None,
        service_date=TODAY,
        label="Salle des fêtes",
        quantity=1,
        unit="jour",
        components=(),
        amount=Money(4000),
        explanation="",
    )


def test_hook_billable_lines() -> None:
    scope = Scope(Period.of(TODAY))

    def lines(scope: Scope) -> Iterator[BillableLine]:
        yield line(f"{scope.period.first_day}")

    with fake_plugin("salles", billable_lines=lines):
        found = [item.key for slug, item in strict(billable_lines, scope=scope) if slug == "salles"]
    assert found == ["2026-11-01"]


def test_hook_on_invoice_issued() -> None:
    heard: list[UUID] = []
    event = InvoiceIssued(invoice=uuid4(), payer=uuid4(), family=uuid4())
    with fake_plugin("salles", on_invoice_issued=lambda event: heard.append(event.invoice)):
        with transaction.atomic():
            notify(on_invoice_issued, event)
        waiting = Delivery.objects.get(slug="salles")
        attempt(pk=waiting.pk, now=waiting.next_attempt_at)
    assert heard == [event.invoice]


class Provider:
    code = "troc"
    name = "Troc"

    def start(self, order: PaymentOrder) -> Start:
        return Start("1", order.return_url)

    def query(self, transaction: str) -> Answer:
        return Answer(Outcome.PAID)

    def transaction_of(self, notification: Any) -> str | None:
        return None


def test_hook_payment_providers() -> None:
    """Two that share a code are refused before anybody pays."""
    with fake_plugin("troc", payment_providers=lambda: [Provider()]):
        assert checks.unique_payment_providers() == []
        with fake_plugin("echange", payment_providers=lambda: [Provider()]):
            assert ["troc" in error.msg for error in checks.unique_payment_providers()] == [True]


def test_hook_merge_families() -> None:
    kept, absorbed = GuardianFactory().family, GuardianFactory().family
    effect = MergeEffect("Salles louées", 2)

    def merge(merge: FamilyMerge) -> Iterator[MergeEffect]:
        assert merge.dry_run
        yield effect

    with fake_plugin("salles", merge_families=merge):
        assert effect in plan(kept=kept, absorbed=absorbed, today=TODAY, now=NOW).effects


def test_hook_jobs() -> None:
    done: list[datetime] = []
    job = Job(name="ronde", label="Ronde", schedule=timedelta(hours=1), run=done.append)
    with fake_plugin("gardien", jobs=lambda: [job]):
        outcomes = {outcome.entry.key: outcome.error for outcome in jobs.run_due(now=NOW)}
    assert outcomes["gardien.ronde"] == ""
    assert len(done) == 1


def test_hook_disable_obstacles() -> None:
    found = Obstacle("Une salle est louée ce soir.")
    with fake_plugin("salles", disable_obstacles=lambda: [found]):
        assert obstacles("salles") == [found]


def test_hook_load_demo() -> None:
    with fake_plugin("salles", load_demo=lambda demo: [f"Salles le {demo.today}"]):
        told = [text for slug, text in strict(load_demo, demo=Demo(today=TODAY)) if slug == "salles"]
    assert told == ["Salles le 2026-11-23"]
