"""Versions in the database: import, publication, choice by date of consumption, explanations."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.contracts.money import Money
from core.contracts.pricing import Explanation
from core.pricing import selectors
from core.pricing.engine import price
from core.pricing.format import shipped
from core.pricing.models import FrozenTariffError, PriceExplanation, TariffVersion
from core.pricing.reading import InvalidTariffError
from core.pricing.services import FailedExamplesError, import_tariff, publish, store_explanations
from tests.core.pricing.documents import document, family

pytestmark = pytest.mark.django_db


def published(**changes):
    return publish(version=import_tariff(document=document(**changes)))


def validity(first, last=None):
    return {"validity": {"from": first, "to": last}, "examples": [{**document()["examples"][0], "on": first}]}


def test_a_document_becomes_a_draft_that_prices():
    version = import_tariff(document=document())
    version.refresh_from_db()
    assert version.status == TariffVersion.Status.DRAFT
    assert (version.code, version.unit, version.decision_number) == ("cantine", "meal", "2026-41")
    assert (version.valid_from, version.valid_to) == (date(2026, 9, 1), date(2027, 8, 31))
    assert price(version.tariff, family("300")).total == Money.of("1.00")


def test_a_version_is_read_once_a_process():
    import_tariff(document=document())
    first, second = TariffVersion.objects.get(), TariffVersion.objects.get()
    assert first.tariff is second.tariff


def test_nothing_is_half_imported():
    with pytest.raises(InvalidTariffError):
        import_tariff(document=document(unit="lunch"))
    assert not TariffVersion.objects.exists()


def test_a_draft_is_replaced_and_the_same_document_changes_nothing():
    first = import_tariff(document=document())
    again = import_tariff(document=document(name="Cantine 2"))
    assert (again.pk, again.name) == (first.pk, "Cantine 2")
    publish(version=again)
    assert import_tariff(document=document(name="Cantine 2")).status == TariffVersion.Status.PUBLISHED
    assert TariffVersion.objects.count() == 1


def test_a_published_version_is_never_rewritten():
    version = import_tariff(document=document())
    assert publish(version=version).status == TariffVersion.Status.PUBLISHED
    assert publish(version=version).status == TariffVersion.Status.PUBLISHED
    with pytest.raises(FrozenTariffError):
        import_tariff(document=document(name="Autre"))
    for act in (version.save, version.delete):  # read as a draft, before the publication
        with pytest.raises(FrozenTariffError):
            act()


def test_a_tariff_whose_examples_fail_is_not_published():
    wrong = document()
    wrong["examples"].append({"name": "Faux", "situation": {"qf": "1"}, "expected": "9.00"})
    version = import_tariff(document=wrong)
    with pytest.raises(FailedExamplesError, match="Faux") as failed:
        publish(version=version)
    assert len(failed.value.failures) == 1
    version.refresh_from_db()
    assert version.status == TariffVersion.Status.DRAFT


@pytest.mark.parametrize(
    "columns",
    [
        {"code": "cantine", "valid_from": date(2026, 9, 1)},
        {"code": "b", "valid_from": date(2026, 9, 1), "valid_to": date(2026, 8, 31)},
        {"code": "b", "valid_from": date(2026, 9, 1), "status": "hidden"},
    ],
)
def test_the_database_keeps_the_invariants(columns):
    import_tariff(document=document())
    with pytest.raises(IntegrityError), transaction.atomic():
        TariffVersion.objects.create(name="x", service="x", unit="meal", document={}, **columns)


def test_the_date_of_consumption_chooses_the_version(django_assert_num_queries):
    old = published(**validity("2025-09-01"))
    new = published(**validity("2026-09-01", "2026-12-31"))
    import_tariff(document=document(**validity("2026-10-01")))  # a draft is never in force
    days = [date(2025, 8, 31), date(2025, 9, 1), date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 31)]
    after = date(2027, 1, 1)
    with django_assert_num_queries(1):
        found = selectors.versions_for(["cantine", "absent"], [*days, after])
    assert [found.get(("cantine", day)) for day in days] == [None, old, old, new, new]
    assert found["cantine", after] == old
    assert selectors.version_for("cantine", date(2026, 9, 1)) == new
    assert selectors.version_for("absent", date(2026, 9, 1)) is None
    assert selectors.versions_for([], days) == {}


def test_explanations_are_stored_once(django_assert_num_queries):
    tariff = import_tariff(document=document()).tariff
    some = [price(tariff, family(qf)).explanation for qf in ("100", "200", "200", None)]
    with django_assert_num_queries(1):
        store_explanations(some)
    store_explanations(some[:1])
    store_explanations([])
    assert PriceExplanation.objects.count() == 3
    with django_assert_num_queries(1):
        read = selectors.explanations([one.digest for one in some] + ["absent"])
    assert read == {one.digest: one for one in some}
    assert all(isinstance(one, Explanation) and one.digest == digest for digest, one in read.items())


def test_the_public_grid_of_a_version():
    version = import_tariff(document=shipped("cantine-saint-caprais-de-bordeaux"))
    assert selectors.grid(version).rows[0].cells[0] == Money.of("2.85")
