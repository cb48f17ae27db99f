"""What a how-to shows is code that runs: each of its blocks is quoted from a file that tests execute.

A block of Python, HTML or JSON stands under `<!-- path/from/the/root -->`. Its lines are lines of that file, at any
depth; `...` alone on a line leaves some out. Most are quoted from `tests/outside_plugin`, the music school that the
lane `outside` builds, installs, tries and takes away.
"""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
RUN = ("tests/", "plugins/", "core/")
_BLOCK = re.compile(r"^(?:<!-- (\S+) -->\n)?```(python|html|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> Iterator[tuple[str, str, str]]:
    """(page, file, code) of each block; file is "" when none is named."""
    for page in PAGES:
        for source, _kind, code in _BLOCK.findall(page.read_text("utf-8")):
            yield page.name, source, code


def missing(code: str, source: str) -> list[str]:
    """The first line of each part of a block that is not in the file, or not after the part before it."""
    lines, start, found = source.splitlines(), 0, []
    for part in re.split(r"^\s*\.\.\.\n", code, flags=re.MULTILINE):
        wanted = textwrap.dedent(part).strip("\n")
        count = wanted.count("\n") + 1
        places = range(start, len(lines) - count + 1)
        at = next(
            (at for at in places if textwrap.dedent("\n".join(lines[at : at + count])) == wanted),
            None,
        )
        if at is None:
            found.append(wanted.partition("\n")[0])
        else:
            start = at + count
    return found


def test_every_block_is_quoted_from_a_file_that_runs() -> None:
    found = list(blocks())
    assert len(found) >= 30
    assert len({page for page, _source, _code in found}) >= 12
    assert [
        (page, code.partition("\n")[0]) for page, source, code in found if not source.startswith(RUN)
    ] == []
    sources = {source: (ROOT / source).read_text("utf-8") for _page, source, _code in found}
    wrong = [(page, source, line) for page, source, code in found for line in missing(code, sources[source])]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("b = 2\nif c:\n    d = 3\n", []),
        ("if c:\n    d = 3\n", []),
        ("a = 1\n...\nif c:\n", []),
        ("a = 1\nif c:\n", ["a = 1"]),
        ("if c:\n...\na = 1\n", ["a = 1"]),
        ("b = 3\n", ["b = 3"]),
    ],
)
def test_what_is_not_in_the_file_is_seen(code: str, wrong: list[str]) -> None:
    source = "a = 1\ndef f():\n    b = 2\n    if c:\n        d = 3\n"
    assert missing(code, source) == wrong
