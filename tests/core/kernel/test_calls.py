"""Collect degrades, strict refuses, boot asks once; answers are checked inside the guard."""

import logging
from datetime import date
from time import sleep
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from core.contracts import billing, navigation, payments
from core.contracts.billing import Period, Scope
from core.contracts.navigation import MenuItem
from core.kernel import calls, discovery, state
from core.kernel.calls import ContributionFailed, boot, collect, strict
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

REQUEST = RequestFactory().get("/")
SCOPE = Scope(Period.of(date(2026, 10, 1)))


def item(label: str, weight: int = 100) -> MenuItem:
    return MenuItem(label=label, url=f"/{label}/", weight=weight)


def labels(slugs: set[str]) -> list[str]:
    return [i.label for i in collect(navigation.site_menu_items, request=REQUEST) if i.label in slugs]


def test_answers_come_by_weight_then_by_plugin() -> None:
    with (
        fake_plugin("zz", site_menu_items=lambda: [item("z1"), item("z2", 5)]),
        fake_plugin("aa", site_menu_items=lambda: [item("a1")]),
    ):
        assert labels({"z1", "z2", "a1"}) == ["z2", "a1", "z1"]


def test_an_implementation_takes_any_subset_of_the_arguments() -> None:
    with fake_plugin("aa", site_menu_items=lambda request: [item(request.path.strip("/") or "racine")]):
        assert labels({"racine"}) == ["racine"]


def boom() -> list[MenuItem]:
    raise RuntimeError("broken")


def late() -> list[MenuItem]:
    yield item("first")
    raise RuntimeError("broken late")


@pytest.mark.parametrize(
    "broken",
    [boom, late, lambda: ["not an item"], lambda: 3],
    ids=["raises", "late", "wrong item", "wrong type"],
)
def test_a_failure_loses_only_that_plugin(broken: object, caplog: pytest.LogCaptureFixture) -> None:
    before = calls.tallies["bb", "site_menu_items"].failures
    with (
        caplog.at_level(logging.CRITICAL),
        fake_plugin("aa", site_menu_items=lambda: [item("a")]),
        fake_plugin("bb", site_menu_items=broken),  # type: ignore[arg-type]
        state.snapshot(),
    ):
        assert labels({"a", "first"}) == ["a"]
        assert state.failures() == [state.Failure("bb", "site_menu_items")]
    assert calls.tallies["bb", "site_menu_items"].failures == before + 1


def test_an_sql_error_does_not_poison_the_transaction() -> None:
    def wrong_query() -> list[MenuItem]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        return []

    with transaction.atomic(), fake_plugin("bb", site_menu_items=wrong_query):
        labels(set())
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("broken", [boom, late, lambda: ["not a line"]], ids=["raises", "late", "wrong item"])
def test_strict_stops_everything_and_names_the_plugin(broken: object) -> None:
    with (
        fake_plugin("bb", billable_lines=broken),  # type: ignore[arg-type]
        pytest.raises(ContributionFailed) as failure,
    ):
        list(strict(billing.billable_lines, scope=SCOPE))
    assert failure.value.slug == "bb"


def test_a_plugin_that_is_off_is_not_asked(switch) -> None:  # type: ignore[no-untyped-def]
    with fake_plugin("aa", site_menu_items=lambda: [item("a")]):
        switch("aa", False)
        assert labels({"a"}) == []
        switch("aa", True)
        assert labels({"a"}) == ["a"]


def test_a_plugin_is_off_while_one_that_it_needs_is_off(switch) -> None:  # type: ignore[no-untyped-def]
    with fake_plugin("aa"), fake_plugin("bb", depends_on=("aa",)):
        switch("aa", False)
        assert not {"aa", "bb"} & state.enabled_slugs()


def test_a_call_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="collect hook, called as strict"):
        list(strict(navigation.site_menu_items, request=REQUEST))


def test_boot_asks_once() -> None:
    asked = []

    def providers() -> list[payments.PaymentProvider]:
        asked.append(1)
        return []

    with fake_plugin("aa", payment_providers=providers):
        boot(payments.payment_providers)
        boot(payments.payment_providers)
    assert asked == [1]


def test_the_slowest_call_is_remembered_and_said(caplog: pytest.LogCaptureFixture) -> None:
    def slow() -> list[MenuItem]:
        sleep(0.02)
        return []

    with patch.object(calls, "SLOW", 0.01), fake_plugin("slow", site_menu_items=slow, billable_lines=slow):
        labels(set())
        list(strict(billing.billable_lines, scope=SCOPE))
    for hook in ("site_menu_items", "billable_lines"):
        tally = calls.tallies["slow", hook]
        assert (tally.calls, tally.failures) == (1, 0)
        assert 0.02 <= tally.slowest < 2
    told = [record.getMessage() for record in caplog.records if "plugin slow took" in record.getMessage()]
    assert told == ["plugin slow took 0.0 s at site_menu_items"]


def test_one_state_read_a_request(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with state.snapshot(), django_assert_num_queries(1):
        state.enabled_slugs()
        state.enabled()
        state.serves("families")


def test_a_plugin_that_fails_at_boot_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARVIS_PLUGINS_STRICT", raising=False)
    monkeypatch.setattr(discovery, "_put_aside", {})
    with fake_plugin("bb", payment_providers=boom, site_menu_items=lambda: [item("b")]):
        assert "bb" not in [slug for slug, _ in boot(payments.payment_providers)]
        assert [(q.slug, q.reason) for q in discovery.quarantined()] == [("bb", "RuntimeError: broken")]
        assert labels({"b"}) == []
        calls.boot.cache_clear()
        monkeypatch.setenv("PARVIS_PLUGINS_STRICT", "1")
        with pytest.raises(discovery.PluginError, match="bb: broken"):
            boot(payments.payment_providers)
