"""What the bases promise whoever builds on them: files as they are read in France, filters, bulk acts in two steps."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django import forms
from django.template.loader import render_to_string
from openpyxl import load_workbook

from core.backoffice import exports
from core.backoffice.filters import filled, values
from core.backoffice.search import found_by
from core.backoffice.tables import Column, text
from core.contracts.access import Trade
from core.contracts.money import Money
from core.families.models import Person
from core.kernel.models import JournalEntry
from core.testing.factories import AgentFactory, PersonFactory

ODD = ["=1+1", "+33 5 57", "-2", "@cmd", "\tx", "a\x00b", "« 12 ; 4 »", 'dit "oui"', "Zoé 🎈"]
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


def test_cells_as_one_reads_them() -> None:
    read = {value: text(value) for value in (date(2026, 12, 3), True, 12, Decimal("2.50"), Money(240), "a")}
    assert list(read.values()) == ["03/12/2026", "oui", "12", "2,50", "2,40\u00a0€", "a"]
    assert text(False) == "non"
    assert text(None) == text("") == "—"
    assert text(NIGHT) == "24/11/2026 00:30"


def test_a_csv_opens_well_and_computes_nothing() -> None:
    lines = [[odd, Money(-123456), date(2026, 12, 3), None, False] for odd in ODD]
    written = b"".join(exports.csv_lines(["Nom", "Montant", "Jour", "Rien", "Vrai"], lines)).decode(
        "utf-8-sig"
    )
    head, first, *_rest = written.split("\r\n")
    assert head == "Nom;Montant;Jour;Rien;Vrai"
    assert first == "'=1+1;-1234,56;03/12/2026;;non"
    assert "'+33 5 57;" in written
    assert '"« 12 ; 4 »";' in written


def test_a_workbook_holds_numbers_and_days() -> None:
    lines = [[odd, Money(123456), date(2026, 12, 3), NIGHT, 7] for odd in ODD]
    sheet = load_workbook(
        BytesIO(exports.xlsx(["Nom", "Montant", "Jour", "Le", "N"], lines, title="essai").read())
    ).active
    rows = list(sheet.iter_rows(values_only=True))
    assert sheet.freeze_panes == "A2"
    assert rows[1][0] == "=1+1"
    assert sheet["A2"].data_type == "s"
    assert rows[6][0] == "ab"
    assert rows[1][1:] == (1234.56, datetime(2026, 12, 3), datetime(2026, 11, 24, 0, 30), 7)
    assert "€" in sheet["B2"].number_format


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_an_export_is_in_the_journal_before_it_leaves_without_a_name(
    rf, wanted, django_assert_max_num_queries
):
    PersonFactory.create_batch(30, last_name="Secret")
    agent = AgentFactory(trades=[Trade.BILLING])
    request = rf.get("/", {"export": wanted, "q": "secret", "etat": ""})
    request.user = agent
    columns = [Column("Nom", lambda row: row.last_name), Column("", lambda row: "un bouton")]
    with django_assert_max_num_queries(8):
        answer = exports.spreadsheet(
            request, Person.objects.filter(last_name="Secret"), columns, name="personnes"
        )
        body = b"".join(answer.streaming_content)
    entry = JournalEntry.objects.get()
    assert (entry.actor, entry.act, entry.object_kind) == (agent.pk, exports.EXPORTED, "families.person")
    assert entry.changes == {"rows": 30, "format": wanted, "filters": ["q"]}
    assert f'personnes-2026-11-23.{wanted}"' in answer["Content-Disposition"]
    if wanted == "csv":
        assert body.decode("utf-8-sig").splitlines() == ["Nom", *["Secret"] * 30]


def test_links_keep_the_filters_and_leave_the_page(rf):
    found = exports.links(rf.get("/", {"q": "é", "page": "3"}))
    assert [link.address for link in found] == ["?q=%C3%A9&export=xlsx", "?q=%C3%A9&export=csv"]
    assert exports.asked(rf.get("/", {"export": "exe"})) is None


class Filters(forms.Form):
    jour = forms.DateField(required=False, initial=lambda: date(2026, 11, 23))
    etat = forms.ChoiceField(required=False, choices=[("", "tous"), ("a", "A")])


@pytest.mark.parametrize(
    ("address", "jour", "etat"),
    [
        ({}, date(2026, 11, 23), ""),
        ({"jour": "2026-12-01", "etat": "a"}, date(2026, 12, 1), "a"),
        ({"jour": "2020-00-00", "etat": "a"}, date(2026, 11, 23), "a"),
        ({"jour": "", "etat": "zzz"}, None, None),
    ],
)
def test_filters_read_the_address(rf, address, jour, etat):
    form = filled(Filters, rf.get("/", address))
    assert values(form) == {"jour": jour, "etat": etat}
    assert bool(form.errors) is (address.get("jour") == "2020-00-00" or address.get("etat") == "zzz")
    assert "required" not in form.as_p()


@pytest.mark.django_db
def test_words_are_looked_for_in_all_the_fields():
    elodie = PersonFactory(first_name="Élodie", last_name="Lefèvre-Dupont")
    PersonFactory(first_name="Élodie", last_name="Martin")
    for typed in ("elodie lefevre-du", "LEFEVRE dupont", "dupont élo"):
        assert list(found_by(Person.objects.all(), typed, ("first_name", "last_name"))) == [elodie], typed
    assert found_by(Person.objects.all(), "  ", ("first_name",)).count() == 2


class ContactForm(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur la pièce d’identité.")
    phone = forms.CharField(label="Téléphone", required=False)

    def clean(self):
        raise forms.ValidationError("Ce contact existe déjà.")


def test_a_form_of_agents_says_what_to_correct_and_where():
    form = ContactForm({"name": "", "phone": "06 00 00 00 00"})
    page = render_to_string("backoffice/form.html", {"form": form, "submit": "Enregistrer", "danger": True})
    assert "Il reste 2 points à corriger" in page
    assert '<a href="#id_name">Nom : ' in page
    assert "Ce contact existe déjà." in page
    assert 'aria-describedby="id_name-helptext id_name-error"' in page
    assert 'id="id_name-error"' in page
    assert 'id="id_name-helptext"' in page
    assert 'value="06 00 00 00 00"' in page
    assert 'class="button no"' in page
    assert "à corriger" not in render_to_string("backoffice/form.html", {"form": ContactForm()})


def test_the_bar_of_long_work_speaks_and_works_without_a_script():
    known = {"value": 3, "max": 12, "label": "Émission", "unit": "factures", "follow": "/suite/"}
    page = render_to_string("backoffice/progress.html", known)
    assert '<progress id="g-progress" value="3" max="12">' in page
    assert '<label for="g-progress">Émission</label>' in page
    assert "3 sur 12 factures" in page
    assert 'data-progress="/suite/"' in page
    assert 'role="status"' in page
    assert re.search(r"<noscript>.*Voir où cela en est", page)
    unknown = render_to_string("backoffice/progress.html", {"value": 0, "max": 0, "label": "Émission"})
    assert '<progress id="g-progress">' in unknown
    assert "Le travail commence." in unknown
    assert "data-progress=" not in unknown
