"""Agents compose a tariff in forms: from a blank page to its publication, with what a form says when it is wrong."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.contracts.access import Trade
from core.kernel.models import JournalEntry
from core.pricing import composing
from core.pricing.models import DecisionFile, TariffSketch, TariffVersion
from core.pricing.services import import_tariff, publish
from core.testing.factories import AgentFactory, SiteFactory
from tests.core.pricing.documents import document

pytestmark = pytest.mark.django_db

NEW = "/gestion/tarifs/composer/"


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(AgentFactory(trades=[Trade.BILLING]))
    return client


@pytest.fixture
def sketch(office: Client) -> TariffSketch:
    data = {
        "name": "Restauration scolaire",
        "code": "",
        "model": "",
        "unit": "meal",
        "valid_from": "2027-09-01",
    }
    answer = office.post(NEW, data)
    found = TariffSketch.objects.get()
    assert answer["Location"] == f"{NEW}{found.pk}/"
    return found


def send(client: Client, made: TariffSketch, place: str, data: dict[str, Any]) -> str:
    """What the page says after a form; the revision is that of now."""
    made.refresh_from_db()
    answer = client.post(f"{NEW}{made.pk}/{place}", {"revision": made.revision, **data}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(*brackets: tuple[str, str], **more: str) -> dict[str, str]:
    data = {"rows": str(len(brackets)), "missing": "highest", **more}
    for index, (bounds, amount) in enumerate(brackets):
        data |= {f"r{index}_bounds": bounds, f"r{index}_amount": amount}
    return data


def meal(client: Client, made: TariffSketch) -> None:
    send(client, made, "elements/nouveau/", {"label": "Repas", "kind": "meal", "count": "units"})


GOOD = (("0 à 400", "1"), ("plus de 400 à 700", "2,00 €"), ("plus de 700", "3"))


def test_from_a_blank_page_to_the_rule(office: Client, sketch: TariffSketch) -> None:
    page = office.get(f"{NEW}{sketch.pk}/").content.decode()
    assert "Ajoutez un premier élément du prix." in page
    meal(office, sketch)
    page = send(office, sketch, "elements/0/steps/qf_brackets/", rows(*GOOD))
    assert "3 tranches" in page
    assert "Jusqu’à 400 inclus" in page  # the grid, already
    assert "Donnez au moins un exemple" in page
    text = SimpleUploadedFile("deliberation.pdf", b"%PDF-1.7 le texte")
    data = {
        "name": "Restauration scolaire", "unit": "meal", "code": "cantine", "service": "cantine",
        "valid_from": "2027-09-01", "decision_number": "2027-12", "decision_date": "2027-06-24",
        "decision_file": text, "cost_per_unit": "9,40", "rounding": "half_up", "rank_basis": "household",
        "rank_order": "eldest",
    }  # fmt: skip
    page = send(office, sketch, "general/", data)
    assert "n° 2027-12 du 24/06/2027" in page
    examples = {"rows": "2", "r0_name": "Première tranche", "r0_f_qf": "400", "r0_expected": "1",
                "r1_name": "Sans justificatif", "r1_expected": "3"}  # fmt: skip
    page = send(office, sketch, "exemples/", examples)
    assert "Tous ses exemples passent." in page
    page = office.post(f"{NEW}{sketch.pk}/enregistrer/", follow=True).content.decode()
    assert "Le brouillon est enregistré" in page
    assert not TariffSketch.objects.exists()
    version = TariffVersion.objects.get()
    assert version.document["cost_per_unit"] == "9.40"
    kept = DecisionFile.objects.get()
    file = office.get(f"/gestion/tarifs/deliberations/{kept.pk}/")
    assert b"".join(file.streaming_content) == b"%PDF-1.7 le texte"  # type: ignore[attr-defined]
    page = office.post(f"/gestion/tarifs/{version.pk}/publier/", follow=True).content.decode()
    assert "Le tarif est publié" in page
    assert set(JournalEntry.objects.filter(act__startswith="pricing.").values_list("act", flat=True)) == {
        "pricing.decision_kept", "pricing.tariff_imported", "pricing.tariff_published",
    }  # fmt: skip


def test_an_example_that_fails_is_told_and_forbids_the_publication(
    office: Client, sketch: TariffSketch
) -> None:
    meal(office, sketch)
    send(office, sketch, "elements/0/steps/qf_brackets/", rows(*GOOD))
    page = send(
        office,
        sketch,
        "exemples/",
        {"rows": "1", "r0_name": "Borne", "r0_f_qf": "400,01", "r0_expected": "1"},
    )
    assert re.search(r"Borne : attendu 1,00\s€, obtenu 2,00\s€", page)
    page = office.post(f"{NEW}{sketch.pk}/enregistrer/", follow=True).content.decode()
    assert "Ce tarif ne peut pas être publié" in page
    version = TariffVersion.objects.get()
    page = office.post(f"/gestion/tarifs/{version.pk}/publier/", follow=True).content.decode()
    assert "n’est pas publié : un exemple échoue" in page
    assert TariffVersion.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("brackets", "options", "told"),
    [
        ((("0 à 599", "1"), ("600 à 999", "2"), ("1000 et plus", "3")), {}, "de 599,01 à 599,99 inclus"),
        ((("0 à 400", "1"), ("300 à 700", "2"), ("plus de 700", "3")), {}, "chevauche la précédente"),
        ((("0 à 400", "un euro"), ("plus de 400", "2")), {}, "« un euro » n’est pas un nombre"),
        ((("petits", "1"), ("plus de 400", "2")), {}, "« petits » ne se comprend pas"),
        ((("0 à 400", ""), ("plus de 400", "2")), {}, "Écrivez son prix."),
        ((("0 à 400", "1"), ("plus de 400", "2")), {"missing": "amount"}, "Écrivez ce prix."),
        ((), {}, "Écrivez au moins une tranche."),
    ],
)
def test_wrong_brackets_are_told_and_what_was_typed_stays(
    office: Client, sketch: TariffSketch, brackets: Any, options: dict[str, str], told: str
) -> None:
    meal(office, sketch)
    page = send(office, sketch, "elements/0/steps/qf_brackets/", rows(*brackets, **{"rows": "3", **options}))
    plain = page.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert told in plain
    for bounds, _amount in brackets:
        assert f'value="{bounds}"' in page
    sketch.refresh_from_db()
    assert sketch.document["components"][0]["steps"] == []


def test_a_hole_is_closed_when_cents_do_not_count_or_has_its_own_price(
    office: Client, sketch: TariffSketch
) -> None:
    meal(office, sketch)
    printed = (("600 à 999", "2"), ("0 à 599", "1"), ("1000 et plus", "3"))
    send(office, sketch, "elements/0/steps/qf_brackets/", rows(*printed, joined="on"))
    sketch.refresh_from_db()
    assert [
        {key: row.get(key) for key in ("from", "below", "to")}
        for row in sketch.document["components"][0]["steps"][0]["brackets"]
    ] == [
        {"from": "0", "below": "600", "to": None},
        {"from": "600", "below": "1000", "to": None},
        {"from": "1000", "below": None, "to": None},
    ]
    page = send(
        office, sketch, "elements/0/steps/0/", rows(("0 à 599", "1"), ("600 et plus", "2"), hole="lowest")
    )
    assert "À regarder" in page
    assert "Repas, étape 1 : aucune tranche" in page.replace("\u00a0", " ")


def test_more_rows_and_a_look_at_the_grid_write_nothing(office: Client, sketch: TariffSketch) -> None:
    meal(office, sketch)
    place = "elements/0/steps/qf_brackets/"
    page = send(office, sketch, place, rows(("0 à 400", "1"), more="1"))
    assert 'value="0 à 400"' in page
    assert "r4_bounds" in page
    assert "Il reste" not in page
    page = send(office, sketch, place, rows(*GOOD, preview="1"))
    assert "Jusqu’à 400 inclus" in page
    sketch.refresh_from_db()
    assert sketch.document["components"][0]["steps"] == []


def test_a_table_asks_its_axes_then_its_prices(office: Client, sketch: TariffSketch) -> None:
    meal(office, sketch)
    place = "elements/0/steps/table/"
    axes = {"rows": "0", "a0_on": "qf", "a0_places": "moins de 600\n600 et plus", "a0_missing": "highest",
            "a1_on": "child_rank", "a1_places": "1 ; 2\n3 et plus"}  # fmt: skip
    page = send(office, sketch, place, axes)
    assert "écrivez maintenant les prix" in page
    assert page.count('name="cell_') == 4
    cells = {"shape": "2x2", "cell_0": "3,05", "cell_1": "1,53", "cell_2": "3,15", "cell_3": "1,58"}
    page = send(office, sketch, place, {**axes, **cells, "a0_places": "moins de 600\n600 à 900\nplus de 900"})
    assert 'value="1,58"' in page  # a row more: what was typed stays in its place
    assert page.count('name="cell_') == 6
    send(office, sketch, place, {**axes, **cells})
    sketch.refresh_from_db()
    step = sketch.document["components"][0]["steps"][0]
    assert step["amounts"] == [["3.05", "1.53"], ["3.15", "1.58"]]
    assert step["axes"][1] == {"on": "child_rank", "values": [[1, 2], {"from": 3}]}
    assert "ne se comprend pas" in send(office, sketch, place, {**axes, "a0_places": "beaucoup"})


def test_steps_are_moved_and_taken_away(office: Client, sketch: TariffSketch) -> None:
    meal(office, sketch)
    send(office, sketch, "elements/0/steps/fixed/", {"rows": "0", "amount": "4", "when_resident": ["False"]})
    send(office, sketch, "elements/0/steps/qf_brackets/", rows(*GOOD))
    page = send(office, sketch, "deplacer/", {"place": "0-steps-0", "act": "descendre"})
    assert "commune : hors commune" in page.replace("\u00a0", " ")
    sketch.refresh_from_db()
    assert [step["kind"] for step in sketch.document["components"][0]["steps"]] == ["qf_brackets", "fixed"]
    send(office, sketch, "deplacer/", {"place": "0-steps-1", "act": "retirer"})
    send(office, sketch, "deplacer/", {"place": "0", "act": "retirer"})
    sketch.refresh_from_db()
    assert sketch.document["components"] == []
    assert office.post(f"{NEW}{sketch.pk}/deplacer/", {"place": "7", "act": "monter"}).status_code == 404


def test_two_agents_do_not_undo_each_other(office: Client, sketch: TariffSketch) -> None:
    stale = {"revision": sketch.revision, "label": "Goûter", "kind": "snack", "count": "units"}
    meal(office, sketch)
    page = office.post(f"{NEW}{sketch.pk}/elements/nouveau/", stale).content.decode()
    assert "Quelqu’un a changé ce tarif" in page
    assert 'value="Goûter"' in page
    sketch.refresh_from_db()
    assert [part["label"] for part in sketch.document["components"]] == ["Repas"]


def test_a_published_version_gives_a_new_one_and_a_draft_is_gone_on_with(office: Client) -> None:
    old = publish(version=import_tariff(document=document()))
    office.post(f"/gestion/tarifs/{old.pk}/reprendre/")
    made = TariffSketch.objects.get()
    assert made.document["decision"] is None
    assert made.document["components"] == old.document["components"]
    made.document["validity"]["from"] = "2027-09-01"
    made.save()
    draft = composing.finish(sketch_id=made.pk, revision=made.revision, actor=None)
    assert TariffVersion.objects.count() == 2
    for _twice in range(2):
        office.post(f"/gestion/tarifs/{draft.pk}/reprendre/")
    again = TariffSketch.objects.get()
    assert again.document == draft.document
    again.document["validity"]["from"] = "2027-10-01"  # another day: the draft moves, it is not doubled
    again.save()
    composing.finish(sketch_id=again.pk, revision=again.revision, actor=None)
    assert sorted(str(version.valid_from) for version in TariffVersion.objects.all()) == [
        "2026-09-01",
        "2027-10-01",
    ]


def test_a_model_of_another_town_is_not_ours(office: Client) -> None:
    data = {
        "name": "Cantine",
        "code": "",
        "model": "cantine-bubry",
        "unit": "meal",
        "valid_from": "2027-09-01",
    }
    page = office.post(NEW, data, follow=True).content.decode()
    made = TariffSketch.objects.get()
    assert "source" not in made.document
    assert "Tous ses exemples passent." in page
    assert office.get(f"{NEW}{made.pk}/abandonner/").status_code == 200
    office.post(f"{NEW}{made.pk}/abandonner/")
    assert not TariffSketch.objects.exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"decision_number": "12"}, "Donnez le numéro et la date, ou aucun des deux."),
        ({"valid_to": "2026-01-01"}, "La fin précède le début."),
        ({"cost_per_unit": "cher"}, "« cher » n’est pas un nombre"),
        ({"decision_file": SimpleUploadedFile("a.pdf", b"<html>")}, "Ce fichier n’est pas un PDF."),
    ],
)
def test_the_general_form_says_what_is_wrong(
    office: Client, sketch: TariffSketch, data: dict[str, Any], told: str
) -> None:
    good = {"name": "Cantine", "unit": "meal", "code": "cantine", "service": "cantine",
            "valid_from": "2027-09-01", "rounding": "half_up", "rank_basis": "household",
            "rank_order": "eldest"}  # fmt: skip
    page = send(office, sketch, "general/", {**good, **data})
    assert told in page.replace("\u00a0", " ")
    assert not DecisionFile.objects.exists()


def test_who_may_not_compose_finds_nothing(client: Client) -> None:
    made = composing.start(document=document())
    client.force_login(AgentFactory(trades=[Trade.BILLING], trades__site=SiteFactory()))
    for place in ("", f"{made.pk}/", f"{made.pk}/general/", f"{made.pk}/elements/0/steps/0/"):
        assert client.get(f"{NEW}{place}").status_code == 404


@pytest.mark.parametrize(
    "place", ["elements/9/", "elements/0/steps/9/", "elements/0/steps/magic/", "elements/0/x/0/"]
)
def test_an_address_of_nothing_is_404(office: Client, place: str) -> None:
    made = composing.start(document=document())
    assert office.get(f"{NEW}{made.pk}/{place}").status_code == 404
