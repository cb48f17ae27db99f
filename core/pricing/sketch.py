"""A tariff on its way: documents that do not hold yet, what they lack, and how their parts read in French. Pure."""

import copy
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.contracts.pricing import Fact
from core.pricing import spoken
from core.pricing.explain import euros, number, typeset
from core.pricing.format import FORMAT, Examination, declared, examine
from core.pricing.reading import Problem
from core.pricing.vocabulary import COMMON_FACTS, COMPONENT_KINDS, QF, UNITS

Document = dict[str, Any]

CHAINS: Final = {"steps": "Prix d’une unité", "then": "Puis, sur le total de la ligne"}
"""The two lists of steps of a part."""

KINDS: Final = {
    "fixed": ("Un prix fixe", "Le même pour tous ; après une autre étape, il la remplace dans certains cas."),
    "qf_brackets": ("Un prix par tranche de quotient familial", "La grille la plus courante."),
    "brackets": ("Un prix par tranche d’une autre mesure", "Un revenu, un nombre d’heures…"),
    "table": ("Un tableau à plusieurs critères", "Quotient et rang de l’enfant, formule et quotient…"),
    "rate": ("Un taux d’effort", "Le quotient ou le revenu, multiplié par un taux."),
    "linear": ("Une progression entre des points", "Le prix monte régulièrement d’un point à l’autre."),
    "clamp": ("Un plancher, un plafond", "Le prix reste entre deux bornes."),
    "add": ("Un supplément en euros", ""),
    "subtract": ("Une déduction en euros", "Un prix ne descend jamais sous zéro."),
    "increase": ("Une majoration en pourcentage", ""),
    "reduce": ("Une réduction en pourcentage", "100 % : gratuit."),
    "take": ("Une part du prix", "Un acompte de 50 %, deux fois le prix (200 %)…"),
    "multiply": ("Un coefficient", "Écrit ici, ou donné par un critère."),
    "round": ("Un arrondi en cours de calcul", "Au cent, à 5 cents, à 10 cents…"),
    "part": ("Un règlement en plusieurs fois", "Une cotisation annuelle en trois trimestres."),
}
"""Kinds of step: how agents read them, and a word of help."""


def slug(text: str, *, sign: str = "-") -> str:
    """« Journée avec repas » as a code: ``journee-avec-repas``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", sign, plain).strip(sign)[:50].strip(sign)


def blank(*, name: str, code: str, service: str, unit: str, on: date) -> Document:
    """A tariff of which nothing is said yet."""
    return {
        "format": FORMAT,
        "code": code,
        "name": name,
        "service": service,
        "unit": unit,
        "decision": None,
        "validity": {"from": on.isoformat(), "to": None},
        "components": [],
        "examples": [],
    }


def following(document: Mapping[str, Any], *, on: date, foreign: bool = False) -> Document:
    """A new version made of another one, from a day on. The council has not decided it yet.

    Its examples are asked on the new first day. `foreign`: a model of another town, whose origin is not ours.
    """
    made: Document = copy.deepcopy(dict(document))
    made["decision"] = None
    made["validity"] = {"from": on.isoformat(), "to": None}
    for example in made["examples"]:
        example.pop("on", None)
    if foreign:
        made.pop("source", None)
    return made


# What stands already


_ANY = {"name": "Essai", "situation": {}, "refused": True}


def provisional(document: Mapping[str, Any]) -> Examination:
    """What the grid can already show: parts without a step and examples are left aside."""
    parts = [part for part in document["components"] if part.get("steps")]
    return examine({**document, "components": parts, "examples": [_ANY]})


def lacking(document: Mapping[str, Any]) -> list[str]:
    """What stands between a document and a draft, in French sentences."""
    if not document["components"]:
        return ["Ajoutez un premier élément du prix."]
    empty = [part["label"] for part in document["components"] if not part.get("steps")]
    found = [typeset(f"« {label} » n’a pas encore d’étape qui lui donne un prix.") for label in empty]
    if not document["examples"]:
        found.append("Donnez au moins un exemple, calculé à la main : il prouve que le tarif est juste.")
    if found:
        return found
    return [located(document, problem) for problem in examine(document).errors]


def located(document: Mapping[str, Any], problem: Problem) -> str:
    """A problem with its place as agents know it: « Repas, étape 2 : … »."""
    reason = problem.reason.replace("« hole » s’applique", "le prix des trous s’applique")
    if match := re.match(r"components\[(\d+)\](?:\.(steps|then)\[(\d+)\])?", problem.path):
        label = document["components"][int(match[1])].get("label", "")
        step = f", étape {int(match[3]) + 1}" if match[3] else ""
        return typeset(f"{label}{step} : {reason}.")
    if match := re.match(r"examples\[(\d+)\]", problem.path):
        name = document["examples"][int(match[1])].get("name", "")
        return typeset(f"Exemple « {name} » : {reason}.")
    place = {"decision": "Délibération", "validity": "Validité", "facts": "Critères", "derived": "Critères"}
    first = re.split(r"[.\[]", problem.path)[0]
    return typeset(f"{place.get(first, 'Tarif')} : {reason}.")


# In words


@dataclass(frozen=True, slots=True)
class SaidStep:
    """A step as agents read it; `when` is empty when it always applies."""

    title: str
    words: str
    when: str


def said_step(step: Mapping[str, Any], facts: Mapping[str, Fact]) -> SaidStep:
    """A step of a valid document in French."""
    title = KINDS[step["kind"]][0]
    return SaidStep(title, typeset("".join(_words(step, facts))), said_condition(step.get("when", {}), facts))


def said_condition(when: Mapping[str, Any], facts: Mapping[str, Fact]) -> str:
    """« commune : hors commune ; rang de l’enfant : 3 et plus », empty for always."""
    told = []
    for name, wanted in when.items():
        fact = facts.get(name)
        values = wanted if isinstance(wanted, list) else [wanted]
        if fact is None:
            told.append(f"{name} (critère disparu)")
        else:
            told.append(f"{fact.label} : {spoken.write_values(values, fact).replace(' ; ', ' ou ')}")
    return typeset(" ; ".join(told))


def _euros(text: str) -> str:
    return euros(Decimal(text))


def _label(step: Mapping[str, Any]) -> str:
    return f" ({step['label']})" if "label" in step else ""


def _words(step: Mapping[str, Any], facts: Mapping[str, Fact]) -> Iterator[str]:
    match step["kind"]:
        case "fixed" | "add" | "subtract":
            yield f"{_euros(step['amount'])}{_label(step)}"
        case "qf_brackets" | "brackets":
            if step["kind"] == "brackets":
                yield f"{_fact(step['on'], facts)} : "
            rows = step["brackets"]
            yield f"{len(rows)} tranches, de {_euros(rows[0]['amount'])} à {_euros(rows[-1]['amount'])}"
            yield _policies(step)
        case "table":
            yield " × ".join(_fact(axis["on"], facts) for axis in step["axes"])
        case "rate":
            yield f"{_fact(step['on'], facts)} × {number(Decimal(step['rate']))}"
            if "plus" in step:
                yield f" + {_euros(step['plus'])}"
            yield _policies(step)
        case "linear":
            first, last = step["points"][0], step["points"][-1]
            yield f"{_fact(step['on'], facts)} : de {_euros(first['amount'])} ({spoken.shown_number(first['at'])}) "
            yield f"à {_euros(last['amount'])} ({spoken.shown_number(last['at'])})"
        case "clamp":
            ends = (("min", "au moins"), ("max", "au plus"))
            yield ", ".join(f"{words} {_euros(step[key])}" for key, words in ends if key in step)
        case "increase" | "reduce" | "take":
            yield f"{number(Decimal(step['percent']))} %{_label(step)}"
        case "multiply":
            yield f"× {number(Decimal(step['by'])) if 'by' in step else _fact(step['by_fact'], facts)}{_label(step)}"
        case "round":
            yield f"par pas de {_euros(step.get('to', '0.01'))}"
        case "part":
            yield f"{step['parts']} fois, selon {_fact(step['of'], facts)}"


def _fact(name: str, facts: Mapping[str, Fact]) -> str:
    return facts[name].label if name in facts else name


_POLICY = {"highest": "le prix le plus élevé", "lowest": "le prix le plus bas", "refuse": "pas de prix"}


def _policies(step: Mapping[str, Any]) -> str:
    asked = step["missing"]
    return f" ; sans justificatif : {_POLICY.get(asked) or _euros(asked)}"


@dataclass(frozen=True, slots=True)
class SaidPart:
    """A part of a price as agents read it, with its two chains of steps: (code, title, steps)."""

    label: str
    kind: str
    unit: str
    when: str
    chains: tuple[tuple[str, str, tuple[SaidStep, ...]], ...]


def said_parts(document: Mapping[str, Any]) -> list[SaidPart]:
    """The parts of a document."""
    facts = declared(document)
    return [
        SaidPart(
            part["label"],
            COMPONENT_KINDS.get(part["kind"], part["kind"]),
            UNITS[part.get("unit", document["unit"])].label,
            said_condition(part.get("when", {}), facts),
            tuple(
                (chain, title, tuple(said_step(step, facts) for step in part.get(chain, ())))
                for chain, title in CHAINS.items()
            ),
        )
        for part in document["components"]
    ]


def own_facts(document: Mapping[str, Any]) -> list[Fact]:
    """The facts that a document declares itself."""
    return [fact for name, fact in declared(document).items() if name not in COMMON_FACTS]


def asked_facts(document: Mapping[str, Any]) -> list[Fact]:
    """The facts that an example of this document may state: those that change a price, the quotient first."""
    found = provisional(document).tariff
    facts = declared(document)
    names = found.reads if found else tuple(facts)
    order = [QF, *(name for name in facts if name != QF)]
    return [facts[name] for name in order if name in names and name not in document.get("derived", {})]
