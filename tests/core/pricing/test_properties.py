"""Properties of every tariff: bounds, monotony, sums to the cent, shares, instalments, counts, any composition."""

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.money import ZERO, Money
from core.contracts.pricing import PriceRefusedError
from core.pricing.engine import price
from core.pricing.format import parse, shipped
from tests.core.pricing.documents import document, family

cents = st.integers(0, 20_000)
quotients = st.integers(0, 500_000).map(lambda value: Decimal(value) / 100)
plain = cents.map(lambda value: Money(value).plain)
percents = st.integers(0, 100).map(str)
quantities = st.integers(0, 31)


def component(*steps, **keys):
    return {"kind": "care", "product": "accueil", "label": "Accueil", "steps": list(steps), **keys}


def tariff(*steps, facts=None, **keys):
    return of(component(*steps, **keys), facts=facts)


def of(*components, facts=None):
    return parse(document(components=list(components), **({"facts": facts} if facts else {})))


def fixed(amount, **keys):
    return {"kind": "fixed", "amount": amount, **keys}


# Bounds


@given(qf=quotients, low=cents, width=cents, rate=st.integers(0, 20_000))
def test_a_price_by_rate_stays_between_its_floor_and_its_ceiling(qf, low, width, rate):
    floor, ceiling = Money(low), Money(low + width)
    priced = tariff(
        {"kind": "rate", "on": "qf", "rate": str(Decimal(rate).scaleb(-6)), "missing": "refuse"},
        {"kind": "clamp", "min": floor.plain, "max": ceiling.plain},
    )
    assert floor <= price(priced, family(qf)).total <= ceiling


@given(qf=quotients, low=st.integers(0, 250_000), width=st.integers(1, 250_000))
def test_a_base_that_is_held_is_not_a_price_that_is_held(qf, low, width):
    first, last = Decimal(low) / 100, Decimal(low + width) / 100
    priced = tariff(
        {
            "kind": "rate",
            "on": "qf",
            "rate": "0.01",
            "plus": "1.00",
            "base_min": f"{first:.2f}",
            "base_max": f"{last:.2f}",
            "missing": "highest",
        }
    )
    base = min(max(qf, first), last)
    assert price(priced, family(qf)).total == Money.rounded(base / 100 + 1)
    assert price(priced, family(qf)).total <= price(priced, family(None)).total


@given(amount=plain, less=plain, quantity=quantities)
def test_a_deduction_never_brings_a_price_below_zero(amount, less, quantity):
    deduction = {"kind": "subtract", "amount": less}
    before = price(tariff(fixed(amount), deduction), family(quantity=quantity)).total
    after = price(tariff(fixed(amount), then=[deduction]), family(quantity=quantity)).total
    assert before == Money(max(0, Money.of(amount).cents - Money.of(less).cents) * quantity)
    assert after == Money(max(0, Money.of(amount).cents * quantity - Money.of(less).cents))


# Monotony


@st.composite
def rising(draw):
    """A step whose amounts rise with the quotient."""
    starts = sorted(draw(st.sets(st.integers(1, 4000), min_size=1, max_size=6)))
    amounts = [Money(value).plain for value in sorted(draw(st.lists(cents, min_size=8, max_size=8)))]
    bounds = [{"from": str(a), "below": str(b)} for a, b in zip([0, *starts], starts, strict=False)]
    rows = [*bounds, {"from": str(starts[-1]), "to": None}]
    kind = draw(st.sampled_from(["qf_brackets", "brackets", "table", "rate", "linear"]))
    match kind:
        case "qf_brackets" | "brackets":
            priced = [{**row, "amount": amount} for row, amount in zip(rows, amounts, strict=False)]
            return {
                "kind": kind,
                "brackets": priced,
                "missing": "highest",
                **({"on": "qf"} if kind == "brackets" else {}),
            }
        case "table":
            axes = [
                {"on": "resident", "values": [True, False]},
                {"on": "qf", "brackets": rows, "missing": "highest"},
            ]
            return {"kind": kind, "axes": axes, "amounts": [amounts[: len(rows)]] * 2}
        case "rate":
            bounds = {"base_min": "100", "base_max": str(100 + starts[-1])}
            return {"kind": kind, "on": "qf", "rate": "0.00817", "missing": "highest", **bounds}
    points = [{"at": str(at), "amount": amount} for at, amount in zip([0, *starts], amounts, strict=False)]
    return {"kind": kind, "on": "qf", "points": points, "missing": "highest"}


@given(
    step=rising(),
    change=st.sampled_from(
        [
            None,
            {"kind": "add", "amount": "1.10"},
            {"kind": "subtract", "amount": "3.00"},
            {"kind": "reduce", "percent": "50"},
            {"kind": "increase", "percent": "12.5"},
            {"kind": "round", "mode": "half_up", "to": "0.05"},
            {"kind": "clamp", "min": "1.00", "max": "9.00"},
        ]
    ),
    pair=st.tuples(quotients, quotients),
)
def test_a_price_rises_with_the_quotient_when_its_amounts_do(step, change, pair):
    priced = tariff(step, *([change] if change else []))
    low, high = sorted(pair)
    ours, theirs, unknown = (price(priced, family(qf)).total for qf in (low, high, None))
    assert ZERO <= ours <= theirs <= unknown


# Sums, shares and parts


@given(
    amounts=st.lists(plain, min_size=1, max_size=5), aid=plain, qf=st.none() | quotients, quantity=quantities
)
def test_the_components_of_the_family_are_its_total_and_a_share_is_nobody_else_s(amounts, aid, qf, quantity):
    ours = [component(fixed(amount), product=f"p-{index}") for index, amount in enumerate(amounts)]
    share = component(fixed(aid), debtor="caf")
    got = price(of(*ours, share), family(qf, quantity=quantity))
    assert got.total == sum((line.amount for line in got.lines), ZERO)
    assert [line.amount for line in got.lines] == [Money.of(amount) * quantity for amount in amounts]
    assert [(line.debtor, line.amount) for line in got.shares] == [("caf", Money.of(aid) * quantity)]
    assert all(not line.debtor for line in got.lines)
    assert "CAF" in str(got.explanation)


@given(whole=st.integers(0, 500_000), parts=st.integers(2, 60))
def test_the_parts_of_a_fee_are_the_fee(whole, parts):
    split = tariff(
        fixed(Money(whole).plain),
        then=[{"kind": "part", "parts": parts, "of": "term"}],
        facts={"term": {"type": "integer", "label": "échéance"}},
    )
    got = [price(split, family(term=term)).total for term in range(1, parts + 1)]
    assert sum(got, ZERO) == Money(whole)
    assert got == sorted(got, reverse=True)
    assert got[0].cents - got[-1].cents <= 1
    with pytest.raises(PriceRefusedError):
        price(split, family(term=parts + 1))


@given(amount=plain, percent=percents)
def test_a_part_and_what_remains_are_within_a_cent_of_the_whole(amount, percent):
    part, rest = (
        price(tariff(fixed(amount), {"kind": kind, "percent": percent}), family()).total
        for kind in ("take", "reduce")
    )
    assert abs((part + rest).cents - Money.of(amount).cents) <= 1


# Counts

MINUTES = {"minutes": {"type": "integer", "label": "minutes"}}


@given(minutes=st.integers(0, 1440), per=st.integers(1, 240), spare=st.integers(0, 60))
def test_a_unit_is_due_when_it_has_started_and_never_sooner(minutes, per, spare):
    def count(**keys):
        rule = {"minutes": "minutes", "per": per, **keys}
        return (
            price(tariff(fixed("1.00"), count=rule, facts=MINUTES), family(minutes=minutes)).lines[0].quantity
        )

    started, full, exact = count(), count(count="full"), count(count="exact")
    assert (started - 1) * per < minutes <= started * per
    assert full * per <= minutes < (full + 1) * per
    assert full <= exact <= started
    assert count(free=spare) == -(-max(0, minutes - spare) // per)
    assert count(at_most=3) == min(started, 3)


@pytest.mark.parametrize(
    ("minutes", "units"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)]
)
def test_an_exact_multiple_does_not_spill_over(minutes, units):
    counted = tariff(fixed("1.00"), count={"minutes": "minutes", "per": 30}, facts=MINUTES)
    assert price(counted, family(minutes=minutes)).total == Money(100 * units)


@pytest.mark.parametrize(
    ("pickup", "units"), [("18:30", 0), ("19:05", 0), ("19:06", 1), ("19:35", 1), ("19:36", 2), ("23:59", 10)]
)
def test_minutes_of_grace_are_forgiven_at_the_end(pickup, units):
    late = tariff(
        fixed("11.00"),
        count={"from": "19:00", "to": "pickup", "per": 30, "grace": 5},
        facts={"pickup": {"type": "time", "label": "reprise"}},
    )
    assert price(late, family(pickup=time.fromisoformat(pickup))).total == Money(1100 * units)


@given(days=st.integers(0, 400), children=st.integers(0, 12), cap=st.integers(1, 31))
def test_several_counts_multiply_each_with_its_cap(days, children, cap):
    counted = tariff(
        fixed("2.00"),
        count=[{"fact": "days", "at_most": cap}, "children"],
        facts={name: {"type": "integer", "label": name} for name in ("days", "children")},
    )
    assert price(counted, family(days=days, children=children)).total == Money(200) * (
        min(days, cap) * children
    )


# Any composition

changes = st.one_of(
    st.builds(lambda amount: {"kind": "add", "amount": amount}, plain),
    st.builds(lambda amount: {"kind": "subtract", "amount": amount}, plain),
    st.builds(lambda percent: {"kind": "increase", "percent": percent}, percents),
    st.builds(lambda percent: {"kind": "reduce", "percent": percent}, percents),
    st.builds(lambda percent: {"kind": "take", "percent": percent}, percents),
    st.builds(lambda by: {"kind": "multiply", "by": str(by)}, st.integers(0, 5)),
    st.builds(
        lambda mode, to: {"kind": "round", "mode": mode, "to": to},
        st.sampled_from(["half_up", "down", "up", "half_even"]),
        st.sampled_from(["0.01", "0.05", "0.10"]),
    ),
)
conditions = st.sampled_from(
    [
        {},
        {"resident": False},
        {"booked": False},
        {"child_rank": {"from": 3}},
        {"qf": {"below": "600"}},
        {"qf": None},
    ]
)
held = st.builds(lambda step, when: {**step, **({"when": when} if when else {})}, changes, conditions)


@st.composite
def components(draw, ceiling):
    """A component whose line is under ``ceiling``, whatever its steps are."""
    steps = [draw(rising()), *draw(st.lists(held, max_size=4))]
    return component(*steps, then=[*draw(st.lists(held, max_size=2)), {"kind": "clamp", "max": ceiling}])


@given(
    drawn=st.lists(components(ceiling="75.00"), min_size=1, max_size=3),
    qf=st.none() | quotients,
    quantity=quantities,
    resident=st.booleans(),
    booked=st.booleans(),
    child_rank=st.integers(1, 6),
)
def test_any_composition_has_a_price_that_is_held_summed_and_explained(drawn, qf, quantity, **facts):
    priced = of(*drawn)
    got = price(priced, family(qf, quantity=quantity, **facts))
    assert all(ZERO <= line.amount <= Money.of("75.00") for line in got.lines)
    assert got.total == sum((line.amount for line in got.lines), ZERO)
    assert price(parse(document(components=drawn)), family(qf, quantity=quantity, **facts)) == got
    texts = [step.text for step in got.explanation.steps]
    assert texts[-1].startswith("Prix")
    assert str(got.total) in texts[-1]
    assert all(text[0].isupper() or text[0].isdigit() for text in texts)


# The published tariffs


CEILINGS = {
    "cantine-fay-aux-loges": "4.80",
    "cantine-roncq": "9.00",
    "cantine-bubry": "3.70",
    "alsh-wavrin": "17.00",
    "periscolaire-mouais": "6.75",
}


@given(
    name=st.sampled_from(sorted(CEILINGS)),
    qf=st.none() | quotients,
    resident=st.booleans(),
    booked=st.booleans(),
    rank=st.integers(1, 7),
)
def test_a_published_tariff_never_passes_its_highest_printed_price(name, qf, resident, booked, rank):
    priced = parse(shipped(name))
    got = price(priced, family(qf, on=priced.valid_from, resident=resident, booked=booked, child_rank=rank))
    assert ZERO <= got.total <= Money.of(CEILINGS[name])
