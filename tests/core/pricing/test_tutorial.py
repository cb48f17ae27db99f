"""The tutorial on tariffs is followed to the letter: its files are written, changed and checked as it says."""

import contextlib
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from core.pricing.format import parse
from tests.core.pricing.published import RULES
from tests.core.pricing.test_published import PUBLISHED

PAGE = Path(__file__).parents[3] / "docs" / "tutorial" / "tariff.md"
STEP = re.compile(
    r"Write `(?P<file>[\w.-]+)`[^\n]*:\n\n```json\n(?P<text>.*?)```"
    r"|In `(?P<changed>[\w.-]+)`, replace the four lines of `brackets` by:\n\n```json\n(?P<rows>.*?)```"
    r"|```console\n(?P<console>.*?)```",
    re.DOTALL,
)


def test_it_is_followed_to_the_letter(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    done = []
    for step in STEP.finditer(PAGE.read_text("utf-8")):
        if step["file"]:
            Path(step["file"]).write_text(step["text"], encoding="utf-8")
        elif step["changed"]:
            _replace(Path(step["changed"]), step["rows"])
        else:
            command, *expected = step["console"].splitlines()
            assert command.startswith("$ parvis tariff check ")
            with contextlib.suppress(SystemExit):
                call_command("tariff", "check", *command.split()[4:])
            got = capsys.readouterr()
            assert [_plain(line) for line in (got.err + got.out).splitlines()] == expected
        done.append(step.lastgroup)
    assert done == ["text", "console", "text", "console", "rows", "console", "text", "console"]


def _replace(path, rows):
    before = path.read_text("utf-8")
    after, count = re.subn(r'("brackets": \[\n)(?:.*\n){4}', rf"\g<1>{rows}", before)
    assert count == 1
    path.write_text(after, encoding="utf-8")


def _plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("file", "rule"), [("la-tessoualle", "T28"), ("lieuvin", "T21")])
def test_its_rules_are_published_ones(file, rule):
    (text,) = (
        step["text"] for step in STEP.finditer(PAGE.read_text("utf-8")) if step["file"] == f"{file}.json"
    )
    tariff = parse(json.loads(text))
    (published,) = (one for one in PUBLISHED if one["id"] == rule)
    printed = {str(example["expected_price_eur"]) for example in published["examples"]}
    ours = {str(example.expected.euros.normalize()) for example in tariff.examples}
    assert len(printed & ours) >= 2
    assert rule in RULES
