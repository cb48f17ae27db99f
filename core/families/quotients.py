"""Which quotient counts on a day: a pure rule.

- A value counts from its `valid_from`, on the day itself, until the next one begins: the latest of those that have
  begun, whatever its kind, its month or its amount. A value from the CAF does not hide a municipal one entered later.
- A quotient does not lapse by itself. CAF and MSA recompute every January (domain §1.1): a tariff that wants a recent
  one looks at `month`, and says what a value that is too old costs.
- A value that begins later changes nothing before: a price that was stored is never priced again.
- Without any value that has begun there is none: what a missing proof costs is the tariff's business.

    history                                   day            counts
    500 from 1 January, 620 from 1 September  31 December before  none
                                              1 January           500
                                              31 August           500
                                              1 September         620
                                              next 1 January      620
"""

from collections.abc import Iterable
from datetime import date

from core.contracts.family import QuotientRef


def quotient_on(quotients: Iterable[QuotientRef], day: date) -> QuotientRef | None:
    """The one that counts on a day, or None. The order of the history does not matter."""
    return max((q for q in quotients if q.valid_from <= day), key=lambda q: q.valid_from, default=None)
