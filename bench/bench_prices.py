"""Prices with their explanation, in one process: situations that no price was asked for yet, then the same again."""

import gc
import time
from datetime import date
from decimal import Decimal

from harness import Report, at_least, start

ON = date(2026, 11, 23)
COUNT = 15_000
TARIFFS = {
    "by bracket": "alsh-saint-medard-en-jalles",
    "by rate of effort": "cantine-fay-aux-loges",
    "by table": "cantine-bubry",
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

    def situations() -> list[Situation]:
        facts = {"resident": True, "child_rank": 1, "format": "day_meal"}
        quotients = (Quotient(Decimal(number) / 10, date(2026, 1, 1), "caf") for number in range(COUNT))
        return [Situation(ON, facts | {"qf": quotient}) for quotient in quotients]

    report = Report(BOUNDS)
    for name, file in TARIFFS.items():
        tariff = parse(shipped(file))
        for kind in ("never met", "met"):
            asked = situations()
            gc.collect()
            started = time.perf_counter()
            for situation in asked:
                engine.price(tariff, situation).explanation.digest  # noqa: B018 - what a booking keeps of it
            seconds = time.perf_counter() - started
            report.say(f"prices of situations {kind}, {name}", COUNT / seconds, "prices/s")
        assert engine._remembered.cache_info().misses == COUNT
        engine._remembered.cache_clear()
    return report.close()


if __name__ == "__main__":
    raise SystemExit(main())
