"""What `parvis startplugin` writes: a plugin that passes conformance at once.

The templates are plain files. `@slug@` and the like are replaced; lines between `%% if family or api` and `%% end`
(with `%% else` between) are kept when the condition holds, and a whole file that begins with `%% when family`.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
PARTS = ("pages", "family", "billing", "api", "backoffice")
IMPLIED = {"billing": {"family"}}
"""What is billed is what a family signed up for."""

_VARIABLE = re.compile(r"@(\w+)@")


@dataclass(frozen=True, slots=True)
class Choice:
    """A plugin to write: its slug, its French name, its parts; `outside` when it is a distribution of its own."""

    slug: str
    parts: frozenset[str]
    outside: bool

    @classmethod
    def of(cls, slug: str, parts: Collection[str], *, outside: bool) -> "Choice":
        """Raises ValueError for a slug that is no name of a Python package, or an unknown part."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,24}", slug):
            raise ValueError(
                "un nom de module s’écrit en minuscules, sans accent ni tiret : ecole_de_musique"
            )
        if unknown := sorted(set(parts) - set(PARTS)):
            raise ValueError(f"partie inconnue : {', '.join(unknown)} ; il y a {', '.join(PARTS)}")
        implied = set().union(*(IMPLIED.get(part, set()) for part in parts))
        return cls(slug, frozenset(parts) | implied, outside)

    @property
    def words(self) -> dict[str, str]:
        """What is replaced in the templates."""
        return {
            "slug": self.slug,
            "path": self.slug.replace("_", "-"),
            "class": "".join(part.capitalize() for part in self.slug.split("_")),
            "title": self.slug.replace("_", " ").capitalize(),
        }


def files(choice: Choice) -> dict[str, str]:
    """Paths, from the root of the tree or of the distribution, and what is written there."""
    folders = {"plugin": f"plugins/{choice.slug}"}
    if choice.outside:
        folders |= {"outside": ".", "tests": "tests"}
    else:
        folders |= {"tests": f"tests/plugins/{choice.slug}"}
    found = {}
    for source, folder in folders.items():
        for path in sorted((TEMPLATES / source).rglob("*.txt")):
            name = render(str(path.relative_to(TEMPLATES / source)).removesuffix(".txt"), choice)
            text = render(path.read_text("utf-8"), choice)
            if text is not None and name is not None:
                found[str(Path(folder) / name)] = text
    return found


def render(text: str, choice: Choice) -> str | None:
    """A template made for a choice; None when it has no place there."""
    known = {*choice.parts, "outside"} if choice.outside else set(choice.parts)
    kept: list[str] = []
    showing = [True]
    for line in text.splitlines(keepends=True):
        match line.split():
            case ["%%", "when", *condition]:
                if not _holds(condition, known):
                    return None
            case ["%%", "if", *condition]:
                showing.append(showing[-1] and _holds(condition, known))
            case ["%%", "else"]:
                showing[-1] = showing[-2] and not showing[-1]
            case ["%%", "end"]:
                showing.pop()
            case _ if showing[-1]:
                kept.append(line)
    return _VARIABLE.sub(lambda found: choice.words[found[1]], "".join(kept))


def _holds(condition: list[str], known: set[str]) -> bool:
    """`family or api`, `family and not api`: `and` binds first."""
    return any(
        all(_one(words, known) for words in _split(alternative, "and"))
        for alternative in _split(condition, "or")
    )


def _one(words: list[str], known: set[str]) -> bool:
    return words[-1] in known if words[0] != "not" else words[-1] not in known


def _split(words: list[str], separator: str) -> Iterator[list[str]]:
    part: list[str] = []
    for word in words:
        if word == separator:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def write(choice: Choice, root: Path) -> list[Path]:
    """Write the files under `root`; refuses to touch one that exists (FileExistsError)."""
    made = {root / path: text for path, text in files(choice).items()}
    for path in made:
        if path.exists():
            raise FileExistsError(path)
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return list(made)


def declare(choice: Choice, project: Path) -> None:
    """Add the entry point of a plugin of the tree to `pyproject.toml`."""
    text = project.read_text("utf-8")
    head = '[project.entry-points."parvis.plugins"]\n'
    line = f'{choice.slug} = "plugins.{choice.slug}.plugin:plugin"\n'
    if head not in text:
        raise ValueError(f"{project} : pas de section {head.strip()}")
    before, after = text.split(head)
    block, rest = re.match(r"((?:\w+ = .*\n)*)(.*)", after, re.DOTALL).groups()  # type: ignore[union-attr]
    lines = sorted({*block.splitlines(keepends=True), line})
    project.write_text(before + head + "".join(lines) + rest, "utf-8")
