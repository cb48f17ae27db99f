"""Money: exact, French, and splitting to the last cent."""

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.money import ZERO, Money

cents = st.integers(min_value=-(10**9), max_value=10**9)
shares = st.lists(st.integers(min_value=0, max_value=1000), min_size=1, max_size=8).filter(any)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("2.40", 240), ("2.4", 240), ("2", 200), ("-0.05", -5), (Decimal("2.400"), 240), (3, 300), (0, 0)],
)
def test_euros_become_cents(written, expected):
    assert Money.of(written).cents == expected


@pytest.mark.parametrize("written", [2.4, True, None, b"2.40"])
def test_a_type_that_is_not_exact_is_refused(written):
    with pytest.raises(TypeError):
        Money.of(written)


@pytest.mark.parametrize(
    "written",
    ["2,40", "2.405", " 2.40", "1e3", "NaN", "", "²", Decimal("0.001"), Decimal("NaN"), Decimal("Infinity")],
)
def test_what_is_not_whole_cents_is_refused(written):
    with pytest.raises(ValueError, match=r"not "):
        Money.of(written)


@pytest.mark.parametrize("value", [1.0, True, Decimal(1), "1"])
def test_cents_are_an_integer(value):
    with pytest.raises(TypeError):
        Money(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0,00\u00a0€"),
        (240, "2,40\u00a0€"),
        (123450, "1\u202f234,50\u00a0€"),
        (-123456789, "-1\u202f234\u202f567,89\u00a0€"),
    ],
)
def test_it_is_written_in_french(value, written):
    assert str(Money(value)) == written


def test_arithmetic_stays_in_money():
    assert Money(240) + Money(60) == Money(300)
    assert Money(240) - Money(300) == Money(-60)
    assert 3 * Money(80) == Money(80) * 3 == Money(240)
    assert -Money(5) == Money(-5)
    assert abs(Money(-5)) == Money(5)
    assert Money(1) < Money(2)
    assert not ZERO
    assert sum([Money(1), Money(2)], ZERO) == Money(3)


@pytest.mark.parametrize("operation", [lambda: Money(1) + 1, lambda: Money(1) * 1.5, lambda: Money(1) * True])
def test_money_does_not_mix(operation):
    with pytest.raises(TypeError):
        operation()


def test_rounding_is_said():
    assert Money.rounded(Decimal("1.525")) == Money(153)
    assert Money.rounded(Decimal("1.525"), ROUND_DOWN) == Money(152)


@given(cents)
def test_the_plain_writing_reads_back(value):
    assert Money.of(Money(value).plain) == Money(value)
    assert Money.of(Money(value).euros) == Money(value)


@given(cents, shares)
def test_parts_add_up_and_are_fair(value, weights):
    parts = Money(value).allocate(weights)
    assert sum(parts, ZERO) == Money(value)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.cents - Decimal(value) * weight / sum(weights)) < 1
        assert weight or not part
    assert tuple(-part for part in parts) == Money(-value).allocate(weights)


def test_the_last_cents_go_to_the_largest_remainders_then_to_the_first():
    assert Money(100).allocate([1, 1, 1]) == (Money(34), Money(33), Money(33))
    assert Money(101).allocate([1, 3]) == (Money(25), Money(76))
    assert Money(285).allocate([Decimal("0.5"), Decimal("0.5")]) == (Money(143), Money(142))


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_shares_that_cannot_share(weights):
    with pytest.raises(ValueError, match="shares"):
        Money(100).allocate(weights)


def test_a_share_is_exact():
    with pytest.raises(TypeError):
        Money(100).allocate([0.5, 0.5])
