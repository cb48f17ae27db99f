"""Versioned configuration: settings, theme, later tariffs and rules. A version is never rewritten, only followed.

    configuration.current("core.theme", today=today)          # the version in force, or None
    configuration.record(key=…, document=…, after=3, …)       # writes the version 4
    configuration.restore(version=old, …)                     # the same document as a new version

Whoever keeps something here says what it is with `register`: a key that nobody knows is never written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from core.kernel import documents, state
from core.kernel.clock import PARIS
from core.kernel.documents import Difference
from core.kernel.models import ConfigurationVersion

compare = documents.compare


class Subject(Protocol):
    """What a key holds. `label` is its French name, `problems` the French reasons to refuse a document."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    def refusals(self, document: Any) -> list[str]: ...


class Refused(Exception):
    """A document that may not be written. `reasons` are French sentences."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class Overtaken(Refused):
    """Somebody wrote another version in the meantime."""


_providers: list[Callable[[], Iterable[Subject]]] = []


def register(provider: Callable[[], Iterable[Subject]]) -> None:
    """Make subjects known; `provider` is asked each time, so that it may follow what is installed."""
    if provider not in _providers:
        _providers.append(provider)


def subjects() -> dict[str, Subject]:
    """Everything that may be configured, by key."""
    return {subject.key: subject for provider in _providers for subject in provider()}


# Reads --------------------------------------------------------------------------------------------------------------


def in_force(keys: Iterable[str], *, today: date) -> dict[str, ConfigurationVersion]:
    """The version in force of each key that has one: the one that began last, of one day the last written.

    One without `valid_from` began on the day when it was written. One statement.
    """
    began = Coalesce("valid_from", TruncDate("created_at", tzinfo=PARIS))
    begun = ConfigurationVersion.objects.annotate(began=began).filter(began__lte=today)
    latest = begun.filter(key=OuterRef("key")).order_by("-began", "-number").values("pk")[:1]
    found = ConfigurationVersion.objects.filter(key__in=keys, pk=Subquery(latest))
    return {version.key: version for version in found}


def current(key: str, *, today: date) -> ConfigurationVersion | None:
    """The version in force of one key."""
    return in_force([key], today=today).get(key)


def history(key: str) -> "QuerySet[ConfigurationVersion]":
    """Every version, latest first."""
    return ConfigurationVersion.objects.filter(key=key).order_by("-number")


def last_number(key: str) -> int:
    """Number of the last version written; 0 when there is none."""
    return history(key).values_list("number", flat=True).first() or 0


_memory: dict[str, tuple[tuple[state.Stamp, date], Any]] = {}
"""Documents in force, by key, with the stamp and the day for which they were read."""


def document(key: str, *, today: date) -> Any:
    """The document in force, or None. Free while no version is written: the stamp comes with the read of the state."""
    moment = state.configuration_stamp(), today
    if key not in _memory or _memory[key][0] != moment:
        version = current(key, today=today) if moment[0] else None
        _memory[key] = moment, version.document if version else None
    return _memory[key][1]


def forget() -> None:
    """Empty the memory of this process: for tests, whose databases go back in time."""
    _memory.clear()


# Acts ---------------------------------------------------------------------------------------------------------------


def record(
    *,
    key: str,
    document: Any,
    after: int,
    author: str,
    at: datetime,
    note: str = "",
    valid_from: date | None = None,
) -> ConfigurationVersion:
    """Write the version that follows number `after` (0 for the first). Without `valid_from` it holds at once.

    `author` is an identifier of account, or « ligne de commande ». Raises Refused, and Overtaken when another version
    was written since `after` was read.
    """
    subject = subjects().get(key)
    if subject is None:
        raise Refused(_("Cette commune ne connaît pas « %(key)s ».") % {"key": key})
    if reasons := subject.refusals(document):
        raise Refused(*reasons)
    return _write(
        ConfigurationVersion(
            key=key,
            number=after + 1,
            document=document,
            valid_from=valid_from,
            created_at=at,
            author=author,
            note=note,
        )
    )


def _write(version: ConfigurationVersion) -> ConfigurationVersion:
    """The unique constraint decides between two agents who write at the same time."""
    last = history(version.key).first()
    if (last.number if last else 0) == version.number - 1:
        try:
            with transaction.atomic():
                version.save(force_insert=True)
        except IntegrityError:
            last = history(version.key).first()
        else:
            state.forget_stamp()
            return version
    raise Overtaken(
        _("%(author)s a enregistré une autre version entre-temps. Relisez, puis enregistrez de nouveau.")
        % {"author": last.author if last else ""}
    )


def restore(*, version: ConfigurationVersion, author: str, at: datetime) -> ConfigurationVersion:
    """Write the document of an old version again, as a new one that holds at once. Raises Refused."""
    return record(
        key=version.key,
        document=version.document,
        after=last_number(version.key),
        author=author,
        at=at,
        note=_("Retour à la version %(number)s.") % {"number": version.number},
    )


# One file -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What a bundle does to one key; without differences, nothing is written."""

    key: str
    label: str
    differences: list[Difference]


def export_bundle(keys: Iterable[str], *, today: date) -> dict[str, Any]:
    """The documents in force of some keys, as one JSON document. A key never set is left out. Raises Refused."""
    known = subjects()
    wanted = sorted(set(keys))
    if unknown := [key for key in wanted if key not in known]:
        raise Refused(_("Cette commune ne connaît pas « %(key)s ».") % {"key": ", ".join(unknown)})
    versions = in_force(wanted, today=today).values()
    return documents.pack(
        documents.Entry(version.key, version.number, version.document) for version in versions
    )


@transaction.atomic
def import_bundle(
    bundle: Mapping[str, Any], *, author: str, at: datetime, today: date, dry_run: bool = False
) -> list[Change]:
    """Write what a bundle brings, all of it or nothing; `dry_run` only says what would change.

    Raises Refused with every reason found.
    """
    try:
        entries = documents.unpack(bundle)
    except documents.BundleRefused as error:
        raise Refused(*error.reasons) from error
    known, reasons = subjects(), []
    for entry in entries:
        if entry.key not in known:
            reasons.append(_("Cette commune ne connaît pas « %(key)s ».") % {"key": entry.key})
        else:
            label = known[entry.key].label
            reasons += [f"{label} : {reason}" for reason in known[entry.key].refusals(entry.document)]
    if reasons:
        raise Refused(*reasons)
    standing, changes = in_force([entry.key for entry in entries], today=today), []
    for entry in entries:
        before = standing[entry.key].document if entry.key in standing else {}
        change = Change(entry.key, known[entry.key].label, compare(before, entry.document))
        changes.append(change)
        if change.differences and not dry_run:
            record(
                key=entry.key,
                document=entry.document,
                after=last_number(entry.key),
                author=author,
                at=at,
                note=_("Repris d’un fichier."),
            )
    return changes
