"""Bring households from a file: read, shown, then written whole or not at all."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.families.files import MOST_BYTES, read_file
from core.families.imports import (
    SHEETS,
    Known,
    Line,
    Plan,
    Unreadable,
    child_key,
    judge,
    shares,
    valid_from,
)
from core.families.models import (
    Child,
    ChildInFamily,
    Family,
    FamilyImport,
    Guardian,
    Person,
    Quotient,
    Schooling,
)
from core.families.selectors.duplicates import plain
from core.kernel import journal
from core.town.models import SchoolYear, Site

BATCH = 1000
KEPT = timedelta(days=7)
"""How long a file waits to be confirmed, and reasons are shown, before they are thrown away."""

STUCK = timedelta(minutes=10)
"""Work of which nothing was heard for so long has lost its process."""


class ImportRefused(Exception):
    """The act cannot be; the message is a French sentence."""


@transaction.atomic
def receive(*, name: str, content: bytes, actor: Any, now: datetime) -> FamilyImport:
    """Keep a file until it is read. Raises Unreadable when it is too large or empty."""
    if not content:
        raise Unreadable(_("Ce fichier est vide."))
    if len(content) > MOST_BYTES:
        raise Unreadable(_("Ce fichier est trop gros : coupez-le en plusieurs."))
    return FamilyImport.objects.create(
        name=name[:200], content=content, made_by=actor, made_at=now, moved_at=now
    )


def read_import(*, import_id: UUID, today: date) -> None:
    """Read and judge a file without writing anything of it; the row tells how far it is, then what was found."""
    work = FamilyImport.objects.get(pk=import_id, state=FamilyImport.State.READING)

    def told(done: int, total: int) -> None:
        FamilyImport.objects.filter(pk=work.pk).update(done=done, total=total)

    try:
        content = read_file(work.name, bytes(work.content or b""), told)
    except Unreadable as error:
        FamilyImport.objects.filter(pk=work.pk).update(
            state=FamilyImport.State.REFUSED, error=str(error)[:300], content=None
        )
        return
    plan = judge(content.lines, load_known(today))
    FamilyImport.objects.filter(pk=work.pk, state=FamilyImport.State.READING).update(
        state=FamilyImport.State.READ, report=stored(plan, content.ignored), error=""
    )


def start_writing(*, import_id: UUID, now: datetime) -> None:
    """The agent confirms what was shown. Raises ImportRefused when it is too late, or while another one is written."""
    waiting = FamilyImport.objects.filter(pk=import_id, state=FamilyImport.State.READ, content__isnull=False)
    try:
        with transaction.atomic():
            changed = waiting.update(state=FamilyImport.State.WRITING, error="", moved_at=now)
    except IntegrityError:
        raise ImportRefused(_("Un autre import s’écrit en ce moment : attendez sa fin.")) from None
    if not changed:
        raise ImportRefused(_("Cet import n’attend plus de confirmation."))


@transaction.atomic
def write_import(*, import_id: UUID, today: date, now: datetime) -> None:
    """Write what the agent confirmed, in one transaction; nothing when the tables now say otherwise than was shown."""
    work = FamilyImport.objects.select_for_update(of=("self",)).get(
        pk=import_id, state=FamilyImport.State.WRITING
    )
    content = read_file(work.name, bytes(work.content or b""))
    plan = judge(content.lines, load_known(today))
    shown = work.report
    work.report = stored(plan, content.ignored)
    if work.report != shown:
        work.state = FamilyImport.State.READ
        work.error = _(
            "Les dossiers ont changé depuis la lecture : voici ce que le fichier ajouterait maintenant."
        )
        work.save(update_fields=["report", "state", "error"])
        return
    families = _write(plan, load_known(today))
    work.state, work.written_at = FamilyImport.State.WRITTEN, now
    if not plan.problems:
        work.content = None
    work.save(update_fields=["state", "written_at", "content"])
    journal.record(
        actor=work.made_by,
        act="families.families_imported",
        object=work,
        concerning=[("families.family", family) for family in families],
        changes={sheet.key: len(getattr(plan, sheet.key)) for sheet in SHEETS},
    )


def take_back(*, import_id: UUID, now: datetime) -> None:
    """Give up work that has not ended for long (`STUCK`): the process that did it is gone, and wrote nothing."""
    works = FamilyImport.objects.filter(
        pk=import_id, state__in=FamilyImport.WORKING, moved_at__lt=now - STUCK
    )
    if not works.exists():
        raise ImportRefused(_("Cet import avance encore."))
    stop(import_id=import_id)


def stop(*, import_id: UUID) -> None:
    """An incident: nothing was written, the file can be tried again."""
    reason = _(
        "Un incident technique a arrêté le travail. Rien n’a été enregistré : vous pouvez recommencer."
    )
    works = FamilyImport.objects.filter(pk=import_id)
    works.filter(state=FamilyImport.State.WRITING).update(state=FamilyImport.State.READ, error=reason)
    works.filter(state=FamilyImport.State.READING).update(
        state=FamilyImport.State.REFUSED, error=reason, content=None
    )


def forget_files(*, now: datetime) -> int:
    """Throw away files and reasons that are old; the counts stay."""
    old = FamilyImport.objects.filter(made_at__lt=now - KEPT).exclude(content=None, report__problems=[])
    rows = list(old.only("pk", "report"))
    for row in rows:
        row.content, row.report = None, {**row.report, "problems": []}
    FamilyImport.objects.bulk_update(rows, ["content", "report"], batch_size=BATCH)
    return len(rows)


def stored(plan: Plan, ignored: Iterable[str]) -> dict[str, Any]:
    """A plan as the row keeps it: counts by sheet, bad lines with their reasons."""
    return {
        "adds": {sheet.key: len(getattr(plan, sheet.key)) for sheet in SHEETS},
        "known": plan.known,
        "aside": plan.aside,
        "ignored": list(ignored),
        "problems": [[problem.sheet, problem.line, problem.reason] for problem in plan.problems],
    }


# What is there -------------------------------------------------------------------------------------------------------


def load_known(today: date) -> Known:
    """What the tables say, in six statements however long the file is."""
    families: dict[str, UUID] = {}
    for pk, reference, merged in (
        Family.objects.order_by().values_list("pk", "reference", "merged_into").iterator()
    ):
        families[str(pk)] = merged or pk
        if reference:
            families[reference] = merged or pk
    links = ChildInFamily.objects.order_by().values_list(
        "family",
        "child",
        "child__person__first_name",
        "child__person__last_name",
        "child__person__birth_date",
    )
    quotients = Quotient.objects.order_by().values_list("family", "valid_from", "value_cents")
    schools = Site.objects.open_on(today).filter(kind__in=Site.SCHOOL_KINDS).values_list("pk", "code", "name")
    return Known(
        families=families,
        children={
            (family, child_key(first, last, born)): child
            for family, child, first, last, born in links.iterator()
        },
        quotients={(family, day): value for family, day, value in quotients.iterator()},
        schools={plain(word): pk for pk, code, name in schools for word in (code, name)},
        year=SchoolYear.objects.filter(starts_on__lte=today, ends_on__gte=today)
        .values_list("pk", flat=True)
        .first(),
        today=today,
    )


# Writing -------------------------------------------------------------------------------------------------------------


def _write(plan: Plan, known: Known) -> list[UUID]:
    """Set by set. Returns the families that something was added to."""
    homes: dict[str, UUID] = {**known.families}
    families, people, guardians = [], [], []
    for line in plan.families:
        family, adults = _household(line)
        homes[line.values["reference"]] = family.pk
        families.append(family)
        people += [person for person, _guardian in adults]
        guardians += [guardian for _person, guardian in adults]
    children, links, schoolings = [], [], []
    for line in plan.children:
        values = line.values
        person = Person(**{name: values.get(name, "") for name in ("first_name", "last_name", "birth_place")})
        person.birth_date = values["birth_date"]
        child = Child(person=person)
        people.append(person)
        children.append(child)
        links += [
            ChildInFamily(child=child, family_id=homes[reference], position=position)
            for position, reference in enumerate(line.references, start=1)
        ]
        if (school := values.get("school")) and known.year:
            schoolings.append(
                Schooling(
                    child=child,
                    school_year_id=known.year,
                    site_id=known.schools[plain(school)],
                    level=values["level"],
                )
            )
    quotients = [
        Quotient(
            family_id=homes[line.values["reference"]],
            value_cents=line.values["value_cents"],
            kind=line.values.get("kind", Quotient.Kind.CAF),
            month=line.values["month"],
            valid_from=valid_from(line.values),
            proof=Quotient.Proof.DECLARED,
        )
        for line in plan.quotients
    ]
    sets: tuple[tuple[type[Any], list[Any]], ...] = (
        (Person, people),
        (Family, families),
        (Guardian, guardians),
        (Child, children),
        (ChildInFamily, links),
        (Schooling, schoolings),
        (Quotient, quotients),
    )
    for model, rows in sets:
        model.objects.bulk_create(rows, batch_size=BATCH)
    touched = [
        homes[ref] for line in (*plan.families, *plan.children, *plan.quotients) for ref in line.references
    ]
    return list(dict.fromkeys(touched))


def _household(line: Line) -> tuple[Family, list[tuple[Person, Guardian]]]:
    values = line.values
    family = Family(
        **{name: values.get(name, "") for name in ("reference", "name", "address", "postcode", "city")},
        resident=values.get("resident", True),
    )
    adults = []
    for rank, share in enumerate(shares(values), start=1):
        words = {
            name: values.get(f"{name}_{rank}", "")
            for name in ("civility", "first_name", "last_name", "email", "phone")
        }
        person = Person(**words)
        guardian = Guardian(
            family=family,
            person=person,
            payer_share=share,
            position=rank,
            benefits_regime=values.get(f"regime_{rank}", ""),
            benefits_number=values.get(f"number_{rank}", ""),
        )
        adults.append((person, guardian))
    return family, adults
