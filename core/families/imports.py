"""A file of households, read and judged without a query: what each line says, what it would add, why it cannot.

Three sheets, each known by its heads: families, children, quotients. A line only adds: what is already known stays as
agents and parents left it, so that the same file twice adds nothing. A household is taken whole or not at all: one bad
line sets aside every line of the households that it names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import to_python

from core.families.selectors.duplicates import plain

Cell = str | int | float | Decimal | bool | date | datetime | None
Values = dict[str, Any]


class Unreadable(Exception):
    """The whole file cannot be read; the message is a French sentence."""


# Cells ---------------------------------------------------------------------------------------------------------------


def written(cell: Cell) -> str:
    """A cell of a spreadsheet as one would write it in a CSV; spaces around it are nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _text(longest: int) -> Callable[[str], str]:
    def read(typed: str) -> str:
        if len(typed) > longest:
            raise ValueError(
                _("« %(typed)s… » est trop long : %(most)s signes au plus.")
                % {"typed": typed[:30], "most": longest}
            )
        if not all(sign.isprintable() for sign in typed):
            raise ValueError(_("le texte contient un signe invisible : tapez-le de nouveau."))
        return typed

    return read


def _wrong(typed: str, expected: str) -> ValueError:
    return ValueError(f"« {typed[:40]} » {expected}")


def _day(typed: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise _wrong(typed, _("n’est pas une date : écrivez-la comme 04/05/2020."))


def _month(typed: str) -> date:
    for pattern in ("%Y-%m", "%m/%Y"):
        try:
            return datetime.strptime(typed, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    try:
        return _day(typed).replace(day=1)
    except ValueError:
        raise _wrong(typed, _("n’est pas un mois : écrivez-le comme 11/2026.")) from None


def _phone(typed: str) -> str:
    digits = (
        f"0{typed}" if typed.isdigit() and len(typed) == 9 else typed
    )  # a spreadsheet drops the first zero
    number = to_python(digits, region="FR")
    if number is None or not number.is_valid():
        raise _wrong(typed, _("n’est pas un numéro de téléphone."))
    return str(number.as_e164)


def _email(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError:
        raise _wrong(typed, _("n’est pas une adresse électronique.")) from None
    return typed


def _postcode(typed: str) -> str:
    code = f"0{typed}" if typed.isdigit() and len(typed) == 4 else typed
    return _text(10)(code)


def _percent(typed: str) -> int:
    digits = typed.removesuffix("%").strip()
    if not digits.isascii() or not digits.isdigit() or int(digits) > 100:
        raise _wrong(typed, _("n’est pas une part : écrivez un nombre de 0 à 100."))
    return int(digits)


def _cents(typed: str) -> int:
    plain_number = (
        typed.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").removesuffix("€").replace(",", ".")
    )
    try:
        amount = Decimal(plain_number)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= 99_999 or amount != round(amount, 2):
        raise _wrong(typed, _("n’est pas un quotient : écrivez-le comme 520,50."))
    return int(amount * 100)


def _one_of(words: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(typed: str) -> Any:
        found = words.get(plain(typed), words)
        if found is words:
            raise _wrong(typed, _("n’est pas un choix possible : %(words)s.") % {"words": ", ".join(words)})
        return found

    return read


_YES = _one_of({"oui": True, "non": False})
_CIVILITY = _one_of({"madame": "mme", "mme": "mme", "monsieur": "m", "m": "m"})
_REGIME = _one_of({"caf": "caf", "msa": "msa"})
_KIND = _one_of({"caf": "caf", "msa": "msa", "municipal": "municipal"})


def _benefits(typed: str) -> str:
    number = typed.replace(" ", "").upper()
    if not (number.isascii() and number.isalnum() and len(number) <= 15):
        raise _wrong(typed, _("n’est pas un numéro d’allocataire."))
    return number


# Sheets --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key, its head, how it is read, and a cell of the template."""

    key: str
    head: str | Promise
    read: Callable[[str], Any]
    example: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of line."""

    key: str
    title: str | Promise
    fields: tuple[Field, ...]


def _adult(rank: int, first: str, last: str, *, required: bool) -> tuple[Field, ...]:
    def head(text: str | Promise) -> str | Promise:
        return f"{text} {rank}"

    one = rank == 1
    return (
        Field(f"civility_{rank}", head("Civilité"), _CIVILITY, "Madame" if one else "Monsieur"),
        Field(f"first_name_{rank}", head("Prénom"), _text(100), first, required),
        Field(f"last_name_{rank}", head("Nom"), _text(100), last, required),
        Field(f"email_{rank}", head("Courriel"), _email, "claire.martin@exemple.fr" if one else ""),
        Field(f"phone_{rank}", head("Téléphone"), _phone, "06 12 34 56 78" if one else ""),
        Field(f"share_{rank}", head("Part payée"), _percent, "50"),
        Field(f"regime_{rank}", head("Allocations"), _REGIME, "CAF" if one else ""),
        Field(f"number_{rank}", head("Numéro d’allocataire"), _benefits, "1234567" if one else ""),
    )


REFERENCE = Field("reference", gettext_lazy("Référence de la famille"), _text(40), "F-1024", required=True)

FAMILIES = Sheet(
    "families",
    gettext_lazy("Familles"),
    (
        REFERENCE,
        Field("name", gettext_lazy("Nom de la famille"), _text(200), "Famille Martin", required=True),
        Field("address", gettext_lazy("Adresse"), _text(200), "12 rue des Lilas"),
        Field("postcode", gettext_lazy("Code postal"), _postcode, "33530"),
        Field("city", gettext_lazy("Commune"), _text(100), "Bassens"),
        Field("resident", gettext_lazy("Habite la commune"), _YES, "oui"),
        *_adult(1, "Claire", "Martin", required=True),
        *_adult(2, "Karim", "Benali", required=False),
    ),
)
CHILDREN = Sheet(
    "children",
    gettext_lazy("Enfants"),
    (
        REFERENCE,
        Field("other", gettext_lazy("Référence du second foyer"), _text(40)),
        Field("first_name", gettext_lazy("Prénom"), _text(100), "Noé", required=True),
        Field("last_name", gettext_lazy("Nom"), _text(100), "Martin", required=True),
        Field("birth_date", gettext_lazy("Date de naissance"), _day, "04/05/2020", required=True),
        Field("birth_place", gettext_lazy("Lieu de naissance"), _text(100), "Bordeaux"),
        Field("school", gettext_lazy("École"), _text(120)),
        Field("level", gettext_lazy("Niveau"), _text(20)),
    ),
)
QUOTIENTS = Sheet(
    "quotients",
    gettext_lazy("Quotients"),
    (
        REFERENCE,
        Field("value_cents", gettext_lazy("Quotient"), _cents, "520,50", required=True),
        Field("kind", gettext_lazy("Établi par"), _KIND, "CAF"),
        Field("month", gettext_lazy("Mois"), _month, "11/2026", required=True),
        Field("valid_from", gettext_lazy("Compte à partir du"), _day, "23/11/2026"),
    ),
)
SHEETS = (FAMILIES, CHILDREN, QUOTIENTS)
BY_KEY = {sheet.key: sheet for sheet in SHEETS}


def sheet_of(heads: Iterable[Cell]) -> tuple[Sheet, dict[int, Field], list[str]] | None:
    """Which sheet these heads begin, the field of each column, and the heads that say nothing to us."""
    named = {rank: plain(written(head)) for rank, head in enumerate(heads)}
    for sheet in SHEETS:
        fields = {plain(str(one.head)): one for one in sheet.fields}
        known = {rank: fields[name] for rank, name in named.items() if name in fields}
        if {one.key for one in sheet.fields if one.required} <= {one.key for one in known.values()}:
            return sheet, known, [name for rank, name in named.items() if name and rank not in known]
    return None


# Lines ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One line of a sheet as it was read; `wrong` tells in French what cannot be."""

    sheet: str
    number: int
    values: Values
    wrong: list[str] = field(default_factory=list)

    @property
    def references(self) -> list[str]:
        return [found for key in ("reference", "other") if (found := self.values.get(key))]


def read_line(sheet: Sheet, columns: Mapping[int, Field], number: int, cells: list[str]) -> Line:
    """The values of a line; those that cannot be read are told and left out."""
    line = Line(sheet.key, number, {})
    for rank, column in columns.items():
        typed = cells[rank] if rank < len(cells) else ""
        if not typed:
            if column.required:
                line.wrong.append(_("%(head)s : cette case est vide.") % {"head": column.head})
            continue
        try:
            line.values[column.key] = column.read(typed)
        except ValueError as error:
            line.wrong.append(f"{column.head} : {error}")
    return line


def _family_rules(values: Values) -> Iterator[str]:
    second = [
        key
        for key in ("civility_2", "email_2", "phone_2", "share_2", "regime_2", "number_2")
        if key in values
    ]
    names = [key for key in ("first_name_2", "last_name_2") if key in values]
    if len(names) == 1 or (second and not names):
        yield _("le second responsable a besoin d’un prénom et d’un nom.")
    for rank in (1, 2):
        if values.get(f"number_{rank}") and not values.get(f"regime_{rank}"):
            yield _("dites si le numéro d’allocataire %(rank)s est celui de la CAF ou de la MSA.") % {
                "rank": rank
            }
    if sum(shares(values)) != 100:
        yield _("les parts payées font 100 % ensemble.")


def shares(values: Values) -> tuple[int, ...]:
    """Percentages of the guardians in order; none written: the first pays all; one written: the rest follows."""
    first: int | None = values.get("share_1")
    second: int | None = values.get("share_2")
    if "first_name_2" not in values:
        return (100 if first is None else first,)
    if first is None:
        return (100, 0) if second is None else (100 - second, second)
    return (first, 100 - first if second is None else second)


# Judgement -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables already say, loaded once."""

    families: Mapping[str, UUID]
    """By reference and by identifier; a family merged into another leads to it."""
    children: Mapping[tuple[UUID, tuple[str, str, date | None]], UUID]
    quotients: Mapping[tuple[UUID, date], int]
    schools: Mapping[str, UUID]
    year: UUID | None
    today: date


def child_key(first_name: str, last_name: str, birth_date: date | None) -> tuple[str, str, date | None]:
    """By which a child of a household is recognised."""
    return plain(first_name) or first_name, plain(last_name) or last_name, birth_date


@dataclass(frozen=True, slots=True)
class Problem:
    sheet: str
    line: int
    reason: str


@dataclass(slots=True)
class Plan:
    """What a file would add. `aside`: good lines of a household that a bad line keeps out."""

    families: list[Line] = field(default_factory=list)
    children: list[Line] = field(default_factory=list)
    quotients: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: int = 0
    aside: int = 0

    @property
    def adds(self) -> bool:
        return bool(self.families or self.children or self.quotients)


def judge(lines: Iterable[Line], known: Known) -> Plan:
    """Which lines are new, known, bad, or bound to a bad one. Pure."""
    plan, fresh = Plan(), []
    lines = list(lines)
    announced = _announced(lines)
    seen: dict[Any, int] = {}
    for line in lines:
        reasons = list(line.wrong) or list(_rules(line, known, announced, seen))
        if reasons:
            plan.problems.append(Problem(line.sheet, line.number, " ".join(reasons)))
            line.wrong = reasons
        elif _is_known(line, known):
            plan.known += 1
        else:
            fresh.append(line)
    refused = _households_of_bad_lines(lines)
    for line in fresh:
        if refused.isdisjoint(line.references):
            getattr(plan, line.sheet).append(line)
        else:
            plan.aside += 1
    return plan


def _announced(lines: Iterable[Line]) -> set[str]:
    """References of the families that the file itself brings, well or badly."""
    return {
        line.values["reference"]
        for line in lines
        if line.sheet == FAMILIES.key and "reference" in line.values
    }


def _rules(line: Line, known: Known, announced: set[str], seen: dict[Any, int]) -> Iterator[str]:
    """What speaks against a line whose cells can all be read."""
    values = line.values
    if line.sheet == FAMILIES.key:
        yield from _family_rules(values)
        key: Any = values["reference"]
    else:
        for reference in line.references:
            if reference not in announced and reference not in known.families:
                yield _("la famille « %(reference)s » n’est ni dans ce fichier ni déjà enregistrée.") % {
                    "reference": reference
                }
        if line.sheet == CHILDREN.key:
            yield from _child_rules(values, known)
            key = (
                values["reference"],
                child_key(values["first_name"], values["last_name"], values["birth_date"]),
            )
        else:
            yield from _quotient_rules(values, known)
            key = (values["reference"], valid_from(values))
    if first := seen.get((line.sheet, key)):
        yield _("cette ligne dit la même chose que la ligne %(number)s.") % {"number": first}
    seen.setdefault((line.sheet, key), line.number)


def _child_rules(values: Values, known: Known) -> Iterator[str]:
    if values["birth_date"] > known.today:
        yield _("la date de naissance est à venir.")
    elif values["birth_date"].year < known.today.year - 25:
        yield _("la date de naissance est trop ancienne pour un enfant.")
    if values.get("other") == values["reference"]:
        yield _("les deux foyers sont le même.")
    if ("school" in values) != ("level" in values):
        yield _("donnez l’école et le niveau, ou aucun des deux.")
    elif "school" in values:
        if plain(values["school"]) not in known.schools:
            yield _("l’école « %(name)s » n’existe pas dans la commune.") % {"name": values["school"]}
        elif known.year is None:
            yield _("l’année scolaire en cours n’est pas enregistrée.")
    named = [ref for ref in (values["reference"], values.get("other")) if ref]
    homes = [known.families[ref] for ref in named if ref in known.families]
    key = child_key(values["first_name"], values["last_name"], values["birth_date"])
    there = [home for home in homes if (home, key) in known.children]
    if there and len(there) < len(named):
        yield _("cet enfant est déjà dans un seul de ces foyers : rattachez-le depuis sa fiche.")


def valid_from(values: Values) -> date:
    """The day from which a quotient counts: the first of its month where nothing else is written."""
    found: date = values.get("valid_from") or values["month"]
    return found


def _quotient_rules(values: Values, known: Known) -> Iterator[str]:
    if valid_from(values) < values["month"]:
        yield _("le quotient compterait avant son mois.")
    family = known.families.get(values["reference"])
    standing = known.quotients.get((family, valid_from(values))) if family else None
    if standing is not None and standing != values["value_cents"]:
        yield _("un autre quotient compte déjà à partir de ce jour.")


def _is_known(line: Line, known: Known) -> bool:
    values = line.values
    family = known.families.get(values["reference"])
    if family is None:
        return False
    if line.sheet == CHILDREN.key:
        return (
            family,
            child_key(values["first_name"], values["last_name"], values["birth_date"]),
        ) in known.children
    return line.sheet == FAMILIES.key or (family, valid_from(values)) in known.quotients


def _households_of_bad_lines(lines: list[Line]) -> set[str]:
    """References of every household bound to a bad line, directly or through a child of two homes."""
    bound: dict[str, set[str]] = {}
    for line in lines:
        for reference in line.references:
            bound.setdefault(reference, set()).update(line.references)
    waiting = list(chain.from_iterable(line.references for line in lines if line.wrong))
    found: set[str] = set()
    while waiting:
        reference = waiting.pop()
        if reference not in found:
            found.add(reference)
            waiting.extend(bound[reference])
    return found
