"""One price between several payers: pure, exact to the cent."""

from collections.abc import Sequence

from core.contracts.money import ZERO, Money


def split(components: Sequence[Money], weights: Sequence[int]) -> list[tuple[Money, ...]]:
    """The components of each payer's part, in the order of `weights` (billing sorts by payer).

    The parts are the largest remainders of the whole price, then each part is spread over what is left of the
    components: both the parts and the components add up exactly.
    """
    if len(weights) == 1:  # nearly every line of a month: the whole price is one payer's
        return [tuple(components)]
    whole = sum(components, ZERO)
    if not whole:
        return [tuple(components)] + [(ZERO,) * len(components)] * (len(weights) - 1)
    left = list(components)
    parts = []
    for part in whole.allocate(weights):
        mine = part.allocate([amount.cents for amount in left]) if part else (ZERO,) * len(left)
        left = [amount - taken for amount, taken in zip(left, mine, strict=True)]
        parts.append(mine)
    return parts
