"""JSON documents of the configuration: how two differ, what seals one, how several travel in one file. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

FORMAT = "parvis/configuration@1"
_FAMILY = FORMAT.partition("@")[0]


class Absent:
    """Stands for a value that one of two documents does not have."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changed. `path` holds names and ranks from 0; `ABSENT` is the other side of what came or went."""

    path: tuple[str | int, ...]
    before: Any
    after: Any

    @property
    def where(self) -> str:
        """« tranches › 2 › prix »: ranks are counted from 1."""
        return " › ".join(str(step + 1 if isinstance(step, int) else step) for step in self.path)


class BundleRefused(Exception):
    """A file that cannot be taken. `reasons` are French sentences."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a bundle: its key, the number of its version where it comes from, itself."""

    key: str
    version: int
    document: Any


def canonical(document: Any) -> str:
    """The one writing of a document: same content, same text."""
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(document: Any) -> str:
    return sha256(canonical(document).encode()).hexdigest()


def compare(before: Any, after: Any) -> list[Difference]:
    """What changed from one document to the other, in the order of names then of ranks."""
    return list(_compare((), before, after))


def _compare(path: tuple[str | int, ...], before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            yield from _compare((*path, name), before.get(name, ABSENT), after.get(name, ABSENT))
    elif isinstance(before, list) and isinstance(after, list):
        for rank in range(max(len(before), len(after))):
            yield from _compare((*path, rank), _at(before, rank), _at(after, rank))
    elif ABSENT in (before, after) or canonical(before) != canonical(after):  # for Python, True is 1
        yield Difference(path, before, after)


def _at(items: list[Any], rank: int) -> Any:
    return items[rank] if rank < len(items) else ABSENT


# One file -----------------------------------------------------------------------------------------------------------


def pack(entries: Iterable[Entry]) -> dict[str, Any]:
    """The bundle of some documents: same documents, same bundle."""
    sealed = [
        {
            "key": entry.key,
            "version": entry.version,
            "digest": digest(entry.document),
            "document": entry.document,
        }
        for entry in sorted(entries, key=lambda entry: entry.key)
    ]
    return {"format": FORMAT, "digest": digest(sealed), "entries": sealed}


def write(bundle: Mapping[str, Any]) -> str:
    """The text of a bundle, for a file that one may read."""
    return json.dumps(bundle, ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> Any:
    """The JSON of a file. Raises BundleRefused."""

    def refuse(constant: str) -> Any:
        raise ValueError(constant)

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise BundleRefused(_("Ce fichier n’est pas un fichier de configuration de Parvis.")) from error


def unpack(bundle: Any) -> list[Entry]:
    """The documents of a bundle, whole and untouched since it was written. Raises BundleRefused."""
    name = bundle.get("format") if isinstance(bundle, Mapping) else None
    if not isinstance(name, str) or name.partition("@")[0] != _FAMILY:
        raise BundleRefused(_("Ce fichier n’est pas un fichier de configuration de Parvis."))
    if name != FORMAT:
        raise BundleRefused(
            _("Ce fichier est au format « %(name)s ». Cette version de Parvis lit « %(known)s ».")
            % {"name": name, "known": FORMAT}
        )
    raw = bundle.get("entries")
    if not isinstance(raw, list) or not all(_is_entry(item) for item in raw):
        raise BundleRefused(_("Ce fichier est incomplet. Exportez-le de nouveau."))
    altered = _("Ce fichier a changé depuis son export. Exportez-le de nouveau.")
    if not all(_is_storable(item) for item in raw) or bundle.get("digest") != digest(raw):
        raise BundleRefused(altered)
    if any(item["digest"] != digest(item["document"]) for item in raw):
        raise BundleRefused(altered)
    keys = [item["key"] for item in raw]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise BundleRefused(_("Ce fichier contient deux fois : %(keys)s.") % {"keys": ", ".join(twice)})
    return [Entry(item["key"], item["version"], item["document"]) for item in raw]


def _is_entry(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and isinstance(item.get("key"), str)
        and type(item.get("version")) is int
        and isinstance(item.get("digest"), str)
        and "document" in item
    )


def _is_storable(item: Any) -> bool:
    """No sign that a database refuses: NUL, half of a pair of surrogates."""
    written = json.dumps(item, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in written
