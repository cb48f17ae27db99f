"""Agents' tariffs: a file becomes a draft or nothing, its examples decide its publication, the journal says who."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.contracts.access import Trade
from core.kernel.models import JournalEntry
from core.pricing import composing
from core.pricing.models import FrozenTariffError, TariffSketch, TariffVersion
from core.pricing.services import import_tariff, publish
from core.testing.factories import AgentFactory, SiteFactory
from tests.core.pricing.documents import document

pytestmark = pytest.mark.django_db

LIST, IMPORT = "/gestion/tarifs/", "/gestion/tarifs/importer/"


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    return client


def send(client: Client, content: Any) -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile("tarif.json", text)}, follow=True)


def test_a_file_becomes_a_draft_then_the_rule(office: Client) -> None:
    assert "Aucun tarif pour le moment" in office.get(LIST).content.decode()
    page = send(office, document()).content.decode()
    assert "enregistré en brouillon" in page
    assert "Jusqu’à 400 inclus" in page
    version = TariffVersion.objects.get()
    answer = office.post(f"{LIST}{version.pk}/publier/", follow=True)
    assert "Le tarif est publié" in answer.content.decode()
    assert TariffVersion.objects.get().status == TariffVersion.Status.PUBLISHED
    acts = list(JournalEntry.objects.filter(act__startswith="pricing.").values_list("act", flat=True))
    assert sorted(acts) == ["pricing.tariff_imported", "pricing.tariff_published"]
    assert office.get(f"{LIST}{version.pk}/exporter/").json() == document()


def test_a_faulty_file_is_told_by_place_and_writes_nothing(office: Client) -> None:
    wrong = document()
    wrong["components"][0]["steps"][0]["brackets"][1] = {"above": "300", "below": "700", "amount": "-2"}
    page = send(office, wrong).content.decode()
    assert "Rien n’est enregistré" in page
    assert "<code>components[0].steps[0].brackets[1].amount</code>" in page
    for text in (b"{", b"\xff\xfe", b"[]", b"null", b'{"format": NaN}'):
        assert "Rien n’est enregistré" in send(office, text).content.decode(), text
    assert not TariffVersion.objects.exists()


def test_a_failing_example_forbids_the_publication(office: Client) -> None:
    lying = document(examples=[{"name": "Faux", "situation": {"qf": "400"}, "expected": "9.00"}])
    page = send(office, lying).content.decode()
    assert "Publier ce tarif" not in page
    version = TariffVersion.objects.get()
    answer = office.post(f"{LIST}{version.pk}/publier/", follow=True).content.decode()
    assert "n’est pas publié : un exemple échoue. Faux" in answer
    assert TariffVersion.objects.get().status == TariffVersion.Status.DRAFT


def test_a_published_version_is_never_rewritten(office: Client) -> None:
    publish(version=import_tariff(document=document()))
    page = send(office, document(name="Autre nom")).content.decode()
    assert "déjà publié à cette date" in page


def test_a_price_above_its_cost_is_told(office: Client) -> None:
    page = send(office, document(cost_per_unit="2.50")).content.decode()
    assert "R531-53" in page
    assert "R531-53" not in send(office, document(cost_per_unit="3.00")).content.decode()


def test_surcharges_count_together_against_the_cost(office: Client) -> None:
    both = document(cost_per_unit="4.50")
    both["components"][0]["steps"] += [
        {"kind": "add", "amount": "1.00", "when": {"resident": False}},
        {"kind": "add", "amount": "1.00", "when": {"booked": False}},
    ]
    page = unescape(send(office, both).content.decode()).replace("\u00a0", " ")
    assert (
        "Un prix (5,00 €, hors commune, sans réservation) dépasse ce que coûte l’unité à la commune (4,50 €)"
        in page
    )


def test_two_versions_are_compared_as_families_read_them(office: Client) -> None:
    publish(version=import_tariff(document=document()))
    later = document(validity={"from": "2027-09-01", "to": None})
    later["components"][0]["steps"][0]["brackets"][0]["amount"] = "1.10"
    later["examples"] = [{"name": "Tranche", "situation": {"qf": "400"}, "expected": "1.10"}]
    version = import_tariff(document=later)
    page = office.get(f"{LIST}{version.pk}/comparer/").content.decode()
    assert "Jusqu’à 400 inclus" in page
    assert "1,10" in page
    assert "Plus de 400" not in page


def test_a_draft_is_tried_beside_the_version_of_today(office: Client) -> None:
    publish(version=import_tariff(document=document()))
    dearer = document(validity={"from": "2027-09-01", "to": None})
    dearer["components"][0]["steps"][0]["brackets"][0]["amount"] = "1.10"
    dearer["components"][0]["steps"].append({"kind": "fixed", "amount": "4.00", "when": {"resident": False}})
    dearer["examples"] = [
        {"name": "Hors commune", "situation": {"qf": "400", "resident": False}, "expected": "4.00"}
    ]
    draft = import_tariff(document=dearer)
    page = office.get(f"{LIST}{draft.pk}/essayer/?exemple=0").content.decode()
    assert re.search(r'value="False"[^>]*checked', page)
    page = unescape(
        office.post(f"{LIST}{draft.pk}/essayer/", {"qf": "400", "resident": "True"}).content.decode()
    )
    plain = page.replace("\u00a0", " ")
    assert plain.index("1,10 €") < plain.index("Le tarif en vigueur aujourd’hui") < plain.index("1,00 €")
    assert "Tranche de quotient « jusqu’à 400 inclus » : 1,10 € par repas." in plain
    wrong = office.post(f"{LIST}{draft.pk}/essayer/", {"qf": "beaucoup", "resident": "True"}).content.decode()
    assert 'value="beaucoup"' in wrong
    assert "Il reste un point à corriger" in wrong
    alone = office.post(f"{LIST}{TariffVersion.objects.get(status='published').pk}/essayer/", {"qf": ""})
    assert "Aucune autre version" in alone.content.decode()


def test_what_is_written_otherwise_is_told_in_words(office: Client) -> None:
    publish(version=import_tariff(document=document()))
    later = document(
        validity={"from": "2027-09-01", "to": None}, decision={"number": "2027-3", "date": "2027-06-01"}
    )
    later["components"][0]["steps"].append(
        {"kind": "reduce", "percent": "10", "when": {"child_rank": {"from": 3}}}
    )
    version = import_tariff(document=later)
    page = unescape(office.get(f"{LIST}{version.pk}/comparer/").content.decode()).replace("\u00a0", " ")
    assert "Délibération n° 2027-3 du 1er juin 2027" in page
    assert "Repas : une réduction en pourcentage, 10 % si rang de l’enfant : 3 et plus" in page


def test_all_tariffs_travel_in_one_sealed_file(office: Client) -> None:
    publish(version=import_tariff(document=document()))
    import_tariff(document=document(code="garderie", name="Garderie"))
    file = office.get(f"{LIST}exporter/").content
    assert "sont lus" in send(office, file).content.decode()  # there already: nothing changes
    assert TariffVersion.objects.filter(status="published").count() == 1
    TariffVersion.objects.all()._raw_delete("default")
    send(office, file)
    assert sorted(TariffVersion.objects.values_list("code", "status")) == [
        ("cantine", "draft"),
        ("garderie", "draft"),
    ]
    assert (
        "a changé depuis son export" in send(office, file.replace(b"Garderie", b"Crecherie")).content.decode()
    )
    assert TariffVersion.objects.count() == 2


def test_the_versions_of_a_tariff_lead_to_one_another(office: Client) -> None:
    first = publish(version=import_tariff(document=document()))
    later = import_tariff(document=document(validity={"from": "2027-09-01", "to": None}))
    page = office.get(f"{LIST}{later.pk}/").content.decode()
    assert f'href="{LIST}{first.pk}/"' in page
    assert "en vigueur" in page
    assert "Modifier" in page
    assert "Préparer une nouvelle version" in office.get(f"{LIST}{first.pk}/").content.decode()


def test_a_version_that_gave_a_price_never_changes(office: Client) -> None:
    """What a booking or an invoice points to is published, and nothing here rewrites or deletes it."""
    used = publish(version=import_tariff(document=document()))
    before = dict(used.document)
    office.post(f"{LIST}{used.pk}/reprendre/")
    made = TariffSketch.objects.get()
    made.document = {**document(), "name": "Autre nom"}  # the same code on the same first day
    made.save()
    page = office.post(f"{LIST}composer/{made.pk}/enregistrer/", follow=True).content.decode()
    assert "déjà publié à cette date" in page
    assert TariffSketch.objects.filter(pk=made.pk).exists()
    used = TariffVersion.objects.get(pk=used.pk)
    assert used.document == before
    for act in (used.save, used.delete):
        with pytest.raises(FrozenTariffError):
            act()


def test_lists_and_sheets_are_cheap(office: Client, django_assert_max_num_queries: Any) -> None:
    version = publish(version=import_tariff(document=document()))
    for number in range(8):
        import_tariff(document=document(code=f"tarif-{number}"))
    made = composing.start(document=document())
    statements = {
        LIST: 10, f"{LIST}composer/{made.pk}/": 10, f"{LIST}{version.pk}/": 11, f"{LIST}composer/": 14,
    }  # fmt: skip
    for address, most in statements.items():
        office.get(address)
        with django_assert_max_num_queries(most):
            assert office.get(address).status_code == 200


def test_a_role_on_one_site_reads_and_changes_nothing(client: Client) -> None:
    client.force_login(AgentFactory(trades=[Trade.BILLING], trades__site=SiteFactory()))
    version = import_tariff(document=document())
    assert client.get(f"{LIST}{version.pk}/").status_code == 200
    assert client.get(IMPORT).status_code == 404
    assert client.post(f"{LIST}{version.pk}/publier/").status_code == 404
