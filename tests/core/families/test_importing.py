"""Households from a file: judged line by line, written whole or not at all, twice is once."""

import csv
import time
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import Workbook

from core.families.files import read_file, template_rows
from core.families.imports import SHEETS, Known, Unreadable, judge
from core.families.models import Child, ChildInFamily, Family, FamilyImport, Guardian, Person, Quotient
from core.families.services import importing
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, FamilyFactory, GuardianFactory
from core.town.demo import load_town
from core.town.models import Site

TODAY = date(2026, 11, 23)
NOBODY = Known({}, {}, {}, {}, None, TODAY)


def family(reference: str, **values: str) -> dict[str, str]:
    plain = {"Nom de la famille": f"Famille {reference}", "Prénom 1": "Claire", "Nom 1": "Martin"}
    return {"Référence de la famille": reference, **plain, **values}


def child(reference: str, **values: str) -> dict[str, str]:
    plain = {"Prénom": "Noé", "Nom": "Martin", "Date de naissance": "04/05/2020"}
    return {"Référence de la famille": reference, **plain, **values}


def quotient(reference: str, **values: str) -> dict[str, str]:
    return {"Référence de la famille": reference, "Quotient": "520,50", "Mois": "11/2026", **values}


def as_csv(*rows: dict[str, str], encoding: str = "utf-8-sig") -> bytes:
    file = StringIO()
    heads = list(dict.fromkeys(head for row in rows for head in row))
    writer = csv.DictWriter(file, heads, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


def as_xlsx(**sheets: list[dict[str, Any]]) -> bytes:
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet: Any = book.create_sheet(name)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def problems(content: bytes, name: str = "familles.csv", known: Known = NOBODY) -> list[tuple[int, str]]:
    return [
        (problem.line, problem.reason) for problem in judge(read_file(name, content).lines, known).problems
    ]


def bring(name: str, content: bytes) -> FamilyImport:
    """A file read, and confirmed when there is something to add."""
    now = clock.now()
    work = importing.receive(name=name, content=content, actor=AgentFactory(), now=now)
    importing.read_import(import_id=work.pk, today=TODAY)
    work.refresh_from_db()
    if work.state == FamilyImport.State.READ:
        importing.start_writing(import_id=work.pk, now=now)
        importing.write_import(import_id=work.pk, today=TODAY, now=now)
        work.refresh_from_db()
    return work


# Reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"Nom de la famille": ""}, "Nom de la famille : cette case est vide."),
        ({"Courriel 1": "claire@"}, "n’est pas une adresse électronique"),
        ({"Téléphone 1": "12"}, "n’est pas un numéro de téléphone"),
        ({"Habite la commune": "peut-être"}, "n’est pas un choix possible : oui, non"),
        ({"Part payée 1": "120"}, "n’est pas une part"),
        (
            {"Part payée 1": "60", "Prénom 2": "Karim", "Nom 2": "B", "Part payée 2": "60"},
            "font 100 % ensemble",
        ),
        ({"Prénom 2": "Karim"}, "a besoin d’un prénom et d’un nom"),
        ({"Numéro d’allocataire 1": "1234567"}, "CAF ou de la MSA"),
        ({"Nom de la famille": "x" * 201}, "trop long"),
        ({"Nom 1": "Mar\u200ftin"}, "signe invisible"),
    ],
)
def test_a_family_that_cannot_be(values: dict[str, str], said: str) -> None:
    [(line, reason)] = problems(as_csv(family("F1", **values)))
    assert line == 2
    assert said in reason


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (child("F1", **{"Date de naissance": "2020-00-00"}), "« 2020-00-00 » n’est pas une date"),
        (child("F1", **{"Date de naissance": "31/02/2020"}), "n’est pas une date"),
        (child("F1", **{"Date de naissance": "01/01/2027"}), "à venir"),
        (child("F1", **{"Date de naissance": "01/01/1990"}), "trop ancienne"),
        (child("F2"), "la famille « F2 » n’est ni dans ce fichier ni déjà enregistrée"),
        (child("F1", École="Nulle part", Niveau="CP"), "l’école « Nulle part » n’existe pas"),
        (child("F1", École="Chopin"), "donnez l’école et le niveau"),
        (child("F1", **{"Référence du second foyer": "F1"}), "les deux foyers sont le même"),
        (quotient("F1", Quotient="beaucoup"), "n’est pas un quotient"),
        (quotient("F1", Quotient="-3"), "n’est pas un quotient"),
        (quotient("F1", Mois="13/2026"), "n’est pas un mois"),
        (quotient("F1", **{"Compte à partir du": "01/10/2026"}), "avant son mois"),
    ],
)
def test_a_child_or_a_quotient_that_cannot_be(row: dict[str, str], said: str) -> None:
    sheet = "Enfants" if "Prénom" in row else "Quotients"
    [(line, reason)] = problems(as_xlsx(Familles=[family("F1")], **{sheet: [row]}), "a.xlsx")
    assert line == 2
    assert said in reason


def test_what_a_spreadsheet_does_to_cells_is_undone() -> None:
    rows = [family("F1") | {"Téléphone 1": 612345678, "Code postal": 1000.0, "Part payée 1": 100}]
    children = [child("F1") | {"Date de naissance": date(2020, 5, 4)}]
    lines = read_file("a.xlsx", as_xlsx(Familles=rows, Enfants=children)).lines
    assert [line.wrong for line in lines] == [[], []]
    assert lines[0].values["phone_1"] == "+33612345678"
    assert lines[0].values["postcode"] == "01000"
    assert lines[1].values["birth_date"] == date(2020, 5, 4)


def test_names_of_everybody_are_names() -> None:
    """Apostrophes, one letter, other alphabets, what looks like a tag: names are not judged."""
    for name in ("O’Brien", "D'Arc", "Y", "李", "بن علي", "<b>Martin</b>", "Ngũgĩ", "Zoé 🌻"):
        assert problems(as_csv(family("F1", **{"Nom 1": name}))) == [], name


def test_a_household_is_taken_whole_or_not_at_all() -> None:
    content = as_xlsx(
        Familles=[family("F1"), family("F2"), family("F3"), family("F4")],
        Enfants=[
            child("F1", **{"Date de naissance": "2020-00-00"}),
            child("F1", Prénom="Lou", **{"Référence du second foyer": "F2"}),
            child("F3"),
        ],
        Quotients=[quotient("F2"), quotient("F4")],
    )
    plan = judge(read_file("a.xlsx", content).lines, NOBODY)
    assert [(one.sheet, one.line) for one in plan.problems] == [("children", 2)]
    assert [line.values["reference"] for line in plan.families] == ["F3", "F4"]
    assert (len(plan.children), len(plan.quotients), plan.aside) == (1, 1, 4)


def test_a_line_said_twice_is_bad() -> None:
    [(line, reason)] = problems(as_csv(family("F1"), family("F1")))
    assert (line, "la ligne 2" in reason) == (3, True)


def test_a_csv_of_windows_and_one_of_commas() -> None:
    row = family("F1", Adresse="12 rue de l’Été")
    assert problems(as_csv(row, encoding="cp1252")) == []
    assert problems(as_csv(row).replace(b";", b",")) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"not a book"),
        ("a.csv", b"\x89PNG\x00\x00"),
        ("a.csv", b"nom;age\nMartin;4\n"),
        ("a.csv", b""),
        ("a.xlsx", as_xlsx(A=[family("F1")], B=[family("F2")])),
    ],
)
def test_a_file_that_nobody_can_read_says_so(name: str, content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read_file(name, content)
    assert str(refused.value).endswith(".")


def test_the_template_is_read_without_a_fault() -> None:
    sheets = {}
    for sheet in SHEETS:
        heads, example = template_rows(sheet.key)
        sheets[str(sheet.title)] = [dict(zip(heads, example, strict=True))]
    assert problems(as_xlsx(**sheets), "modele.xlsx") == []


# Writing -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_is_written_once() -> None:
    load_town(today=TODAY)
    school = Site.objects.filter(kind__in=Site.SCHOOL_KINDS).first()
    assert school
    kept = FamilyFactory(reference="")
    content = as_xlsx(
        Familles=[
            family(
                "F1",
                **{"Prénom 2": "Karim", "Nom 2": "Benali", "Part payée 1": "70", "Téléphone 1": "0612345678"},
            ),
            family("F2"),
        ],
        Enfants=[
            child("F1", École=school.name, Niveau="CP", **{"Référence du second foyer": "F2"}),
            child(str(kept.pk), Prénom="Lou"),
        ],
        Quotients=[quotient("F1")],
    )
    work = bring("a.xlsx", content)
    assert work.state == FamilyImport.State.WRITTEN
    assert work.content is None
    one = Family.objects.get(reference="F1")
    assert list(one.guardians.values_list("person__first_name", "payer_share")) == [
        ("Claire", 70),
        ("Karim", 30),
    ]
    assert one.guardians.first().person.phone.as_e164 == "+33612345678"  # type: ignore[union-attr]
    shared = Child.objects.get(person__first_name="Noé")
    assert list(shared.family_links.order_by("position").values_list("family__reference", flat=True)) == [
        "F1",
        "F2",
    ]
    assert shared.schoolings.get().site == school
    assert kept.children.get().person.first_name == "Lou"
    assert one.quotients.get().value_cents == 52_050
    entry = JournalEntry.objects.get(act="families.families_imported")
    assert entry.changes == {"families": 2, "children": 2, "quotients": 1}
    assert {subject.subject for subject in entry.subjects.all()} == {
        *Family.objects.values_list("pk", flat=True)
    }

    counts = [model.objects.count() for model in (Person, Family, Guardian, Child, ChildInFamily, Quotient)]
    again = bring("a.xlsx", content)
    assert again.report["known"] == 5
    assert again.report["adds"] == {"families": 0, "children": 0, "quotients": 0}
    assert [
        model.objects.count() for model in (Person, Family, Guardian, Child, ChildInFamily, Quotient)
    ] == counts


@pytest.mark.django_db
def test_nothing_is_written_when_the_tables_changed_in_between() -> None:
    now = clock.now()
    work = importing.receive(
        name="a.csv", content=as_csv(family("F1"), family("F2")), actor=AgentFactory(), now=now
    )
    importing.read_import(import_id=work.pk, today=TODAY)
    FamilyFactory(reference="F2")
    importing.start_writing(import_id=work.pk, now=now)
    importing.write_import(import_id=work.pk, today=TODAY, now=now)
    work.refresh_from_db()
    assert work.state == FamilyImport.State.READ
    assert "ont changé" in work.error
    assert not Family.objects.filter(reference="F1").exists()


@pytest.mark.django_db
def test_two_imports_are_not_written_at_once() -> None:
    now = clock.now()
    works = [
        importing.receive(name="a.csv", content=as_csv(family("F1")), actor=None, now=now)
        for _rank in range(2)
    ]
    for work in works:
        importing.read_import(import_id=work.pk, today=TODAY)
    importing.start_writing(import_id=works[0].pk, now=now)
    with pytest.raises(importing.ImportRefused, match="attendez"):
        importing.start_writing(import_id=works[1].pk, now=now)
    with pytest.raises(importing.ImportRefused, match="avance encore"):
        importing.take_back(import_id=works[0].pk, now=now)
    importing.take_back(import_id=works[0].pk, now=now + 2 * importing.STUCK)
    importing.start_writing(import_id=works[1].pk, now=now)


@pytest.mark.django_db
def test_a_merged_family_is_still_known_by_its_reference() -> None:
    kept = GuardianFactory().family
    FamilyFactory(reference="F1", merged_into=kept)
    bring("a.csv", as_csv(child("F1")))
    assert kept.children.count() == 1


@pytest.mark.django_db
def test_old_files_are_thrown_away() -> None:
    now = clock.now()
    work = importing.receive(name="a.csv", content=as_csv(family("", **{"Nom 1": "X"})), actor=None, now=now)
    importing.read_import(import_id=work.pk, today=TODAY)
    assert importing.forget_files(now=now) == 0
    assert importing.forget_files(now=now + 2 * importing.KEPT) == 1
    work.refresh_from_db()
    assert (work.content, work.report["problems"]) == (None, [])


@pytest.mark.django_db
def test_five_thousand_families_within_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    """Issue [03]: 5 000 families, 2 % bad lines, each named; nothing of a bad household; twice is once."""
    families, children, quotients = [], [], []
    for number in range(5000):
        reference = f"F{number}"
        bad = number % 50 == 0
        families.append(
            family(
                reference,
                Adresse=f"{number} rue des Lilas",
                **{
                    "Prénom 2": "Karim",
                    "Nom 2": "Benali",
                    "Téléphone 1": "12" if bad else f"06{number:08}",
                    "Courriel 1": f"parent{number}@exemple.fr",
                },
            )
        )
        children += [child(reference), child(reference, Prénom="Lou")]
        quotients.append(quotient(reference))
    content = as_xlsx(Familles=families, Enfants=children, Quotients=quotients)
    started = time.perf_counter()
    work = importing.receive(name="a.xlsx", content=content, actor=AgentFactory(), now=clock.now())
    importing.read_import(import_id=work.pk, today=TODAY)
    read = time.perf_counter() - started
    work.refresh_from_db()
    assert (work.done, work.total) == (20_000, 20_000)
    assert [line for _sheet, line, _reason in work.report["problems"]] == [
        2 + number for number in range(0, 5000, 50)
    ]
    assert work.report["aside"] == 300
    assert Family.objects.count() == 0
    importing.start_writing(import_id=work.pk, now=clock.now())
    importing.write_import(import_id=work.pk, today=TODAY, now=clock.now())
    written = time.perf_counter() - started - read
    with capsys.disabled():
        print(f"\n5 000 families, 20 000 lines: read in {read:.1f} s, written in {written:.1f} s")
    assert Family.objects.count() == 4900
    assert Child.objects.count() == 9800
    assert Quotient.objects.count() == 4900
    assert not Person.objects.filter(phone="").filter(first_name="Claire").exists()
    assert read + written < 60
