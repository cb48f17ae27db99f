"""Small tariffs for the tests."""

import copy
from datetime import date
from decimal import Decimal

from core.contracts.pricing import Quotient, Situation

ON = date(2026, 11, 3)

_BASE = {
    "format": "parvis/tariff@1",
    "code": "cantine",
    "name": "Cantine",
    "service": "restauration-scolaire",
    "unit": "meal",
    "decision": {"number": "2026-41", "date": "2026-06-30"},
    "validity": {"from": "2026-09-01", "to": "2027-08-31"},
    "components": [
        {
            "kind": "meal",
            "product": "repas",
            "label": "Repas",
            "steps": [
                {
                    "kind": "qf_brackets",
                    "brackets": [
                        {"from": "0", "to": "400", "amount": "1.00"},
                        {"above": "400", "to": "700", "amount": "2.00"},
                        {"above": "700", "to": None, "amount": "3.00"},
                    ],
                    "missing": "highest",
                }
            ],
        }
    ],
    "examples": [{"name": "Première tranche", "situation": {"qf": "400"}, "expected": "1.00"}],
}


def document(**changes):
    return {**copy.deepcopy(_BASE), **changes}


def fixed(amount="2.00", **changes):
    """A document with one fixed price."""
    component = {
        "kind": "meal",
        "product": "repas",
        "label": "Repas",
        "steps": [{"kind": "fixed", "amount": amount}],
    }
    return document(
        components=[component], examples=[{"name": "Prix", "situation": {}, "expected": "2.00"}], **changes
    )


def brackets(*rows, **step):
    """A document with the given brackets."""
    result = document()
    result["components"][0]["steps"][0] = {
        "kind": "qf_brackets",
        "brackets": list(rows),
        "missing": "refuse",
        **step,
    }
    return result


def family(qf=None, on=ON, **facts):
    quotient = None if qf is None else Quotient(Decimal(qf), date(2026, 1, 1))
    return Situation(on, {"qf": quotient, **facts})
