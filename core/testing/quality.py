"""The quality sheet of a plugin, `plugins/<slug>/quality.toml`: what it promises, rule by rule.

    tier = "silver"

    [bronze]
    identity = "done"

    [silver]
    pages = { exempt = "No page of its own.", decision = "0012" }

A tier is reached when each of its rules and of those below is done, or exempt with a reason and the number of a
decision record. Bronze allows no exemption: the town does not run without it. What is `done` in bronze and silver is
tried by `core.testing.conformance`; gold names the file that proves it.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RULES: dict[str, dict[str, str]] = {
    "bronze": {
        "identity": "one name everywhere, a manifest that says who it is for and who answers for it",
        "compatibility": "it accepts this core",
        "hooks": "every hook is known and typed as its specification",
        "boundaries": "no import, relation, template or name of another plugin; only core's public models",
        "migrations": "complete and reversible",
        "access": "every address has a rule, and gives each person what the rule says",
        "switching": "off, it leaves no trace; on again, everything is back",
        "failures": "each of its hooks may raise: pages are served, money stops, the health page counts",
    },
    "silver": {
        "demo": "the demo has its part; twice is once",
        "french": "every text is translatable and every field has a French name",
        "queries": "few statements a page, however many families there are",
        "personal_data": "every model that leads to a person or a family is declared",
        "pages": "no accessibility fault, no violation of the script policy",
    },
    "gold": {
        "strict_types": "mypy's strict mode",
        "pictures": "its documentation shows its pages",
        "load": "its figures under load",
        "upgrade": "an upgrade from the release before",
    },
}
TIERS = tuple(RULES)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a plugin answers. `exempt` gives the reason by rule."""

    tier: str
    exempt: dict[str, str]


def read(folder: Path) -> Sheet:
    """The sheet of a plugin's folder. Raises ValueError with everything that is wrong with it."""
    path = folder / "quality.toml"
    if not path.exists():
        raise ValueError("quality.toml is missing")
    document = tomllib.loads(path.read_text("utf-8"))
    if wrong := problems(document, folder):
        raise ValueError("; ".join(wrong))
    answers = {rule: answer for tier in TIERS for rule, answer in document.get(tier, {}).items()}
    exempt = {rule: answer["exempt"] for rule, answer in answers.items() if "exempt" in answer}
    return Sheet(document["tier"], exempt)


def problems(document: dict[str, Any], folder: Path) -> list[str]:
    """What is wrong with a sheet; proofs and decision records are looked for from the plugin's folder upwards."""
    tier = document.get("tier")
    if tier not in TIERS:
        return [f"tier is one of {', '.join(TIERS)}"]
    wrong = [f"{name}: no such tier" for name in document.keys() - {*TIERS, "tier"}]
    for level, rules in RULES.items():
        answers = document.get(level, {})
        wrong += [f"{level}.{name}: no such rule" for name in answers.keys() - rules.keys()]
        if TIERS.index(level) <= TIERS.index(tier):
            wrong += [f"{level}.{name}: no answer" for name in rules.keys() - answers.keys()]
        for name in rules.keys() & answers.keys():
            wrong += [f"{level}.{name}: {reason}" for reason in _answer(level, answers[name], folder)]
    return sorted(wrong)


def _answer(tier: str, answer: Any, folder: Path) -> list[str]:
    match answer:
        case "done" if tier != "gold":
            return []
        case {"done": str(proof)} if tier == "gold":
            return [] if _above(folder, proof) else [f"there is no {proof}"]
        case {"exempt": str(reason), "decision": str(decision)} if reason and tier != "bronze":
            return [] if _above(folder, f"docs/decisions/{decision}-*.md") else [f"no decision {decision}"]
    return [
        {
            "bronze": 'only "done"',
            "silver": '"done", or { exempt = "why", decision = "0012" }',
            "gold": '{ done = "the file that proves it" }, or { exempt = "why", decision = "0012" }',
        }[tier]
    ]


def _above(folder: Path, pattern: str) -> bool:
    return any(True for place in (folder, *folder.parents) for _ in place.glob(pattern))
