"""The public grid: every bracket, hole and case, each with the price of the engine."""

from core.contracts.money import Money
from core.pricing.format import parse, shipped
from core.pricing.grid import grid
from tests.core.pricing.documents import brackets, document


def cells(row):
    return [None if cell is None else cell.plain for cell in row.cells]


def test_brackets_are_rows_and_formulas_are_columns():
    got = grid(parse(shipped("alsh-saint-medard-en-jalles")))
    assert got.columns == (
        "Journée avec repas",
        "Journée, repas apporté (PAI)",
        "Demi-journée avec repas",
        "Demi-journée sans repas ou repas apporté (PAI)",
    )
    assert [row.label for row in got.rows][:2] == ["Jusqu’à 400 inclus", "Plus de 400 et jusqu’à 600 inclus"]
    assert cells(got.rows[0]) == ["5.10", "4.30", "4.03", "3.23"]
    assert cells(got.rows[9]) == ["21.13", "16.81", "16.19", "11.87"]
    assert got.rows[10].label == "Quotient non communiqué"
    assert len(got.rows) == 11


def test_a_price_for_all_is_one_row_and_a_column_for_each_case():
    got = grid(parse(shipped("cantine-saint-caprais-de-bordeaux")))
    assert not got.by_quotient
    assert got.columns == (
        "Tarif",
        "Repas apporté par la famille (PAI)",
        "Hors commune",
        "Adulte",
        "Sans réservation",
    )
    assert [cells(row) for row in got.rows] == [["2.85", "1.45", "4.00", "5.05", "4.85"]]


def test_holes_are_shown():
    got = grid(parse(shipped("cantine-trois-bassins")))
    assert [(row.label, row.cells[0]) for row in got.rows][:3] == [
        ("Moins de 228,67", Money.of("0.60")),
        ("De 228,67 à 228,82 inclus", Money.of("1.80")),
        ("À partir de 228,83 et jusqu’à 381,12 inclus", Money.of("0.90")),
    ]


def test_a_refusal_is_an_empty_cell():
    got = grid(parse(brackets({"from": "0", "to": "500", "amount": "1.00"}, hole="refuse")))
    assert [(row.label, cells(row)) for row in got.rows] == [
        ("Jusqu’à 500 inclus", ["1.00"]),
        ("À partir de 500,01", [None]),
        ("Quotient non communiqué", [None]),
    ]


def test_a_tariff_by_quotient_alone_has_one_column():
    got = grid(parse(document()))
    assert got.columns == ("Tarif",)
    assert [cells(row) for row in got.rows] == [["1.00"], ["2.00"], ["3.00"], ["3.00"]]
