"""Prices with their explanation, in one process: situations that no price was asked for yet, then the same again.

The heaviest of the published rules is among them: a table, eight deductions, a package and a third party's share.
Nothing waits here, so the time is that of the processor: one core's, whatever the others do.
"""

import gc
import time
from datetime import date
from decimal import Decimal
from typing import Any

from harness import Report, at_least, start

COUNT = 15_000
TARIFFS: dict[str, tuple[str, dict[str, Any]]] = {
    "by bracket": ("alsh-saint-medard-en-jalles", {"format": "day_meal"}),
    "by rate of effort": ("cantine-fay-aux-loges", {}),
    "by table": ("cantine-bubry", {"child_rank": 1}),
    "the heaviest": (
        "alsh-fleury",
        {"format": "day", "what": "stay", "regime": "caf", "child_rank": 2, "quantity": Decimal(5)},
    ),
}
BOUNDS = {
    **{f"prices of situations never met, {name}": at_least(3_000) for name in TARIFFS},
    **{f"prices of situations met, {name}": at_least(20_000) for name in TARIFFS},
}


def main() -> int:
    start()
    from core.contracts.pricing import Quotient, Situation
    from core.pricing import engine
    from core.pricing.format import parse, shipped

    def situations(on: date, facts: dict[str, Any]) -> list[Situation]:
        quotients = (Quotient(Decimal(number) / 10, date(2026, 1, 1), "caf") for number in range(COUNT))
        return [Situation(on, facts | {"resident": True, "qf": quotient}) for quotient in quotients]

    report = Report(BOUNDS)
    for name, (file, facts) in TARIFFS.items():
        tariff = parse(shipped(file))
        for kind in ("never met", "met"):
            asked = situations(tariff.valid_from, facts)
            gc.collect()
            started = time.process_time()
            for situation in asked:
                engine.price(tariff, situation).explanation.digest  # noqa: B018 - what a booking keeps of it
            seconds = time.process_time() - started
            report.say(f"prices of situations {kind}, {name}", COUNT / seconds, "prices/s")
        assert engine._remembered.cache_info().misses == COUNT
        engine._remembered.cache_clear()
    return report.close()


if __name__ == "__main__":
    raise SystemExit(main())
