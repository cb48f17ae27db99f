"""Prices of the first kinds of step: bounds, policies, lines, rounding and explanation."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.money import ZERO, Money
from core.contracts.pricing import Explanation, FactError, PriceRefusedError, Quotient, Situation
from core.pricing.engine import price, run_examples
from core.pricing.format import SHIPPED, parse, read, shipped
from tests.core.pricing.documents import ON, brackets, document, family, fixed

# Bounds and policies


@pytest.mark.parametrize(
    ("qf", "expected"),
    [
        ("0", "1.00"),
        ("400", "1.00"),
        ("400.01", "2.00"),
        ("700", "2.00"),
        ("700.01", "3.00"),
        ("9999999", "3.00"),
    ],
)
def test_bounds_are_compared_to_the_cent(qf, expected):
    assert price(parse(document()), family(qf)).total == Money.of(expected)


@pytest.mark.parametrize(
    ("qf", "expected"), [("399.99", "0.50"), ("400", "1.75"), ("639.99", "1.75"), ("640", "2.35")]
)
def test_a_bound_may_be_outside_its_bracket(qf, expected):
    tariff = parse(
        brackets(
            {"from": "0", "below": "400", "amount": "0.50"},
            {"from": "400", "below": "640", "amount": "1.75"},
            {"from": "640", "to": None, "amount": "2.35"},
        )
    )
    assert price(tariff, family(qf)).total == Money.of(expected)


def test_bounds_that_follow_to_the_cent_leave_no_hole():
    rows = [{"from": "0", "to": "308", "amount": "3.77"}, {"from": "308.01", "to": None, "amount": "5.53"}]
    tariff = parse(brackets(*rows))
    assert price(tariff, family("308")).total == Money.of("3.77")
    assert price(tariff, family("308.01")).total == Money.of("5.53")


HOLED = (
    {"from": "100", "to": "500", "amount": "1.00"},
    {"from": "501", "to": "900", "amount": "3.00"},
)
POLICIES = [("highest", "3.00"), ("lowest", "1.00"), ("2.50", "2.50"), ("0", "0.00")]


@pytest.mark.parametrize("qf", ["99.99", "500.50", "900.01"])
@pytest.mark.parametrize(("policy", "expected"), POLICIES)
def test_a_quotient_in_a_hole_pays_what_the_tariff_says(qf, policy, expected):
    got = price(parse(brackets(*HOLED, hole=policy)), family(qf))
    assert got.total == Money.of(expected)
    assert "qf-hole" in [step.code for step in got.explanation.steps]


@pytest.mark.parametrize("qf", ["99.99", "500.50", "900.01"])
def test_a_quotient_in_a_hole_may_have_no_price(qf):
    with pytest.raises(PriceRefusedError) as refused:
        price(parse(brackets(*HOLED, hole="refuse")), family(qf))
    assert refused.value.code == "qf-hole"
    assert qf.replace(".", ",") in refused.value.reason


@pytest.mark.parametrize(("policy", "expected"), POLICIES)
def test_a_family_without_proof_pays_what_the_tariff_says(policy, expected):
    tariff = parse(brackets(*HOLED, hole="refuse", missing=policy))
    assert price(tariff, family(None)).total == Money.of(expected)


def test_a_family_without_proof_may_have_no_price():
    with pytest.raises(PriceRefusedError) as refused:
        price(parse(brackets(*HOLED, hole="refuse", missing="refuse")), family(None))
    assert refused.value.code == "qf-missing"


# Facts


def test_a_quotient_that_is_not_stated_is_a_mistake_of_the_caller_not_a_missing_proof():
    with pytest.raises(FactError) as problem:
        price(parse(document()), Situation(ON, {}))
    assert problem.value.code == "fact-missing"


@pytest.mark.parametrize(
    "facts",
    [{"qf": Decimal(300)}, {"qf": 300}, {"quantity": "2"}, {"quantity": True}, {"quantity": -1},
     {"quantity": Decimal("NaN")}],
)  # fmt: skip
def test_a_fact_of_the_wrong_type_is_refused_even_when_an_equal_one_was_met(facts):
    tariff = parse(document())
    price(tariff, family("300", quantity=1))
    with pytest.raises(FactError) as problem:
        price(tariff, Situation(ON, {"qf": Quotient(Decimal(300)), **facts}))
    assert problem.value.code == "fact-type"


def test_a_choice_that_the_tariff_does_not_offer_is_refused():
    tariff = parse(shipped("alsh-saint-medard-en-jalles"))
    with pytest.raises(FactError):
        price(tariff, family("300", format="week"))


def test_facts_that_the_tariff_does_not_read_are_ignored():
    tariff = parse(document())
    assert price(tariff, family("300", weather="rain")) is price(tariff, family("300"))


@pytest.mark.parametrize("on", [date(2026, 8, 31), date(2027, 9, 1)])
def test_a_version_prices_its_own_dates_only(on):
    with pytest.raises(PriceRefusedError) as refused:
        price(parse(document()), family("300", on=on))
    assert refused.value.code == "validity"


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "10000000", "300.001"])
def test_a_quotient_is_a_plausible_amount(value):
    with pytest.raises(ValueError, match="quotient"):
        Quotient(Decimal(value))


def test_situations_are_compared_by_what_they_say():
    assert hash(family("300")) == hash(family("300.00"))
    assert family("300") == family("300.00")
    assert family("300") != family("301")


def test_a_situation_keeps_its_facts():
    facts = {"resident": True}
    situation = Situation(ON, facts)
    facts["resident"] = False
    assert situation.facts["resident"] is True
    with pytest.raises(TypeError):
        situation.facts["resident"] = False


# Components, steps and rounding


def test_a_later_price_replaces_an_earlier_one_and_its_explanation():
    tariff = parse(shipped("cantine-trois-bassins"))
    got = price(tariff, family("200", resident=False))
    assert got.total == Money.of("1.80")
    assert "qf" not in [step.code for step in got.explanation.steps]


def test_a_replaced_step_cannot_refuse():
    steps = [
        {
            "kind": "qf_brackets",
            "brackets": [{"from": "0", "to": None, "amount": "1.00"}],
            "missing": "refuse",
        },
        {"kind": "fixed", "amount": "4.00", "when": {"resident": False}},
    ]
    changed = document()
    changed["components"][0]["steps"] = steps
    assert price(parse(changed), family(None, resident=False)).total == Money.of("4.00")


def test_a_presence_has_a_line_for_each_component():
    tariff = parse(shipped("alsh-saint-medard-en-jalles"))
    got = price(tariff, family("700", format="day_meal", quantity=3))
    assert [
        (line.kind, line.product, line.unit.code, line.unit_amount, line.amount) for line in got.lines
    ] == [
        ("care", "alsh-journee", "day", Decimal("5.61"), Money.of("16.83")),
        ("meal", "alsh-repas", "meal", Decimal("1.80"), Money.of("5.40")),
    ]
    assert got.total == Money.of("22.23")


def test_nothing_is_free_by_accident():
    never = {"resident": False}
    without_component = fixed()
    without_component["components"][0]["when"] = never
    without_step = fixed()
    without_step["components"][0]["steps"][0]["when"] = never
    for changed, code in ((without_component, "nothing"), (without_step, "no-step")):
        with pytest.raises(PriceRefusedError) as refused:
            price(parse(changed), family("300"))
        assert refused.value.code == code


def test_a_price_of_zero_is_a_price():
    assert price(parse(fixed("0")), family()).total == ZERO


@pytest.mark.parametrize(
    ("rounding", "amount", "expected"),
    [
        ("half_up", "1.525", "1.53"),
        ("half_down", "1.525", "1.52"),
        ("half_even", "1.525", "1.52"),
        ("up", "1.521", "1.53"),
        ("down", "1.529", "1.52"),
    ],
)
def test_the_tariff_chooses_its_rounding(rounding, amount, expected):
    got = price(parse(fixed(amount, rounding=rounding)), family())
    assert got.total == Money.of(expected)
    assert "rounding" in [step.code for step in got.explanation.steps]


def test_rounding_happens_once_after_the_quantity():
    assert price(parse(fixed("0.125")), family(quantity=3)).total == Money.of("0.38")
    assert price(parse(fixed("2.40")), family(quantity=Decimal("1.5"))).total == Money.of("3.60")


# Explanation


def test_the_explanation_says_every_number_that_counted():
    got = price(parse(document()), family("550.50", quantity=2))
    assert str(got.explanation).splitlines() == [
        (
            "Tarif «\u00a0Cantine\u00a0», délibération 2026-41 du 30 juin 2026, "
            "en vigueur du 1er septembre 2026 au 31 août 2027."
        ),
        "Quotient familial CAF de janvier 2026\u00a0: 550,50.",
        "Tranche de quotient «\u00a0plus de 400 et jusqu’à 700 inclus\u00a0»\u00a0: 2,00\u00a0€ par repas.",
        "2 repas × 2,00\u00a0€ = 4,00\u00a0€.",
        "Prix\u00a0: 4,00\u00a0€.",
    ]


def test_an_explanation_is_known_by_its_digest():
    explanation = price(parse(document()), family("300")).explanation
    again = Explanation.from_json(explanation.to_json())
    assert again == explanation
    assert again.digest == explanation.digest
    assert len(explanation.digest) == 64
    assert price(parse(document()), family("301")).explanation.digest != explanation.digest


def test_the_explanation_does_not_depend_on_the_day_in_the_same_version():
    tariff = parse(document())
    assert price(tariff, family("300", on=date(2026, 9, 1))) is price(tariff, family("300"))


# Properties

quotients = st.decimals(min_value=0, max_value=5000, places=2)
quantities = st.integers(min_value=1, max_value=31)


@given(
    qf=st.none() | quotients,
    quantity=quantities,
    form=st.sampled_from(["day_meal", "day_pai", "half_day_meal"]),
)
def test_the_total_is_the_sum_of_its_lines(qf, quantity, form):
    got = price(parse(shipped("alsh-saint-medard-en-jalles")), family(qf, quantity=quantity, format=form))
    assert got.total == sum((line.amount for line in got.lines), ZERO)
    assert all(line.amount == Money.rounded(line.quantity * line.unit_amount) for line in got.lines)
    assert got.total >= ZERO


@given(low=quotients, high=quotients, form=st.sampled_from(["day_meal", "half_day_pai_or_no_meal"]))
def test_the_price_rises_with_the_quotient_when_the_rows_do(low, high, form):
    tariff = parse(shipped("alsh-saint-medard-en-jalles"))
    low, high = sorted((low, high))
    assert price(tariff, family(low, format=form)).total <= price(tariff, family(high, format=form)).total


@st.composite
def tilings(draw):
    """Brackets that tile every quotient, and a quotient."""
    # Two cents apart at least: between two bounds that it leaves out, a bracket of one cent would be empty.
    halves = draw(st.sets(st.integers(min_value=1, max_value=150_000), min_size=1, max_size=12))
    bounds = sorted(2 * half for half in halves)
    amounts = draw(st.lists(st.integers(0, 3000), min_size=len(bounds) + 1, max_size=len(bounds) + 1))
    written = [f"{bound / 100:.2f}" for bound in bounds]
    inside = draw(st.lists(st.booleans(), min_size=len(bounds), max_size=len(bounds)))
    rows = []
    for index, amount in enumerate(amounts):
        row = {"amount": Money(amount).plain}
        if index == 0:
            row["from"] = "0"
        else:
            row["above" if inside[index - 1] else "from"] = written[index - 1]
        if index == len(bounds):
            row["to"] = None
        else:
            row["to" if inside[index] else "below"] = written[index]
        rows.append(row)
    near = st.sampled_from([bound + shift for bound in bounds for shift in (-1, 0, 1)])
    qf = draw(near | st.integers(0, 400_000))
    index = sum(
        bound < qf or (bound == qf and not within) for bound, within in zip(bounds, inside, strict=True)
    )
    return rows, Decimal(qf) / 100, Money(amounts[index])


@given(tilings())
def test_every_quotient_falls_in_exactly_its_bracket(case):
    rows, qf, expected = case
    assert price(parse(brackets(*rows)), family(qf)).total == expected


# The tariffs delivered with Parvis


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_a_shipped_tariff_passes_its_examples_and_names_its_town(path):
    tariff = read(path.read_bytes())
    assert [result.failure for result in run_examples(tariff) if result.failure] == []
    assert tariff.source is not None
    assert tariff.source.town
    assert tariff.source.url.startswith("http")
    assert "autre commune" in tariff.source.note


def test_an_example_may_expect_a_refusal():
    changed = brackets(*HOLED, hole="refuse")
    changed["examples"] = [
        {"name": "Refus attendu", "situation": {"qf": "500.50"}, "refused": True},
        {"name": "Refus attendu à tort", "situation": {"qf": "300"}, "refused": True},
        {"name": "Refus inattendu", "situation": {"qf": "500.50"}, "expected": "1.00"},
        {"name": "Fait oublié", "situation": {}, "expected": "1.00"},
        {
            "name": "Lignes",
            "situation": {"qf": "300"},
            "expected": "1.00",
            "lines": [{"product": "autre", "amount": "1.00"}],
        },
    ]
    failures = [result.failure for result in run_examples(parse(changed))]
    assert failures[0] is None
    assert all(failures[1:])
    assert "obtenu 1,00" in failures[1]
    assert "500,50" in failures[2]
