"""The words that people read, wherever they are written: messages of the code, templates, catalogues, screens."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.base import Lexer, TokenType

from core.contracts.access import Trade
from core.testing.conformance.context import signed_in
from core.testing.conformance.french import bare_words
from core.testing.factories import AgentFactory
from core.testing.routes import every_route
from core.testing.words import forbidden

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "plugins")
ASIDE = ("/core/testing/", "/core/scaffold/", "/migrations/", "/core/ui/templates/ui/showcase")

SPOKEN = {"_", "gettext", "gettext_lazy", "lazy", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}
_QUOTED = re.compile(r"""\b(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')|_\("([^"]*)"\)""")


def sources(pattern: str) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if not any(part in f"/{path.relative_to(ROOT)}" for part in ASIDE):
                yield path


def messages(path: Path) -> Iterator[str]:
    """What a module gives to gettext."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SPOKEN:
            yield from (
                str(word.value)
                for word in node.args
                if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )


def texts(path: Path) -> Iterator[str]:
    """What a template says: its own words, and what it has translated."""
    source = path.read_text("utf-8")
    yield " ".join(bare_words(source))
    inside = ""
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = token.contents.partition(" ")[0]
            inside = (
                name if name.startswith("blocktrans") else "" if name.startswith("endblocktrans") else inside
            )
            yield from (next(filter(None, found), "") for found in _QUOTED.findall(token.contents))
        elif token.token_type is TokenType.TEXT and inside:
            yield token.contents


def wrong_in(pattern: str, read: object) -> tuple[int, list[str]]:
    """How many texts were read, and what is wrong in them."""
    seen, wrong = 0, []
    for path in sources(pattern):
        for text in read(path):  # type: ignore[operator]
            seen += bool(text.strip())
            wrong += [
                f"{path.relative_to(ROOT)}: {found}" for found in forbidden(re.sub(r"%\(\w+\)s", "", text))
            ]
    return seen, wrong


def test_messages_of_the_code() -> None:
    seen, wrong = wrong_in("*.py", messages)
    assert "\n".join(wrong) == ""
    assert seen >= 1500


def test_templates() -> None:
    seen, wrong = wrong_in("*.html", texts)
    plain, worse = wrong_in("*.txt", texts)
    assert "\n".join(wrong) == ""
    assert seen >= 1000
    assert "\n".join(worse) == ""
    assert plain


def test_catalogues() -> None:
    """Ours hold what Django and Wagtail say badly: what they say instead is read too."""
    wrong = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in sources("*.po")
        for text in re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', path.read_text("utf-8"), re.MULTILINE)
        for found in forbidden(text)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_agents_screens() -> None:
    """Ours under /gestion/, as Administration opens them in an empty town; the frame is Wagtail's."""
    agent: Any = AgentFactory(trades=[Trade.ADMIN])
    admin = signed_in(agent)
    opened, wrong = 0, []
    for route in every_route():
        if not (route.address.startswith("/gestion/") and route.is_plain and route.rule):
            continue
        answer = admin.get(route.address)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        opened += 1
        soup = BeautifulSoup(answer.content, "html.parser")
        for tag in soup(["script", "style", "template", "code"]):
            tag.decompose()
        main = soup.find("main") or soup
        wrong += [f"{route.address}: {found}" for found in forbidden(main.get_text(" "))]
    assert "\n".join(wrong) == ""
    assert opened >= 50


def test_a_planted_word_is_seen(tmp_path: Path) -> None:
    module, template = tmp_path / "a.py", tmp_path / "a.html"
    module.write_text('x = _("Vérifiez votre email")', "utf-8")
    template.write_text(
        '<p>{% translate "Veuillez patienter" %}</p>{% blocktranslate %}Dashboard{% endblocktranslate %}',
        "utf-8",
    )
    assert [found for text in messages(module) for found in forbidden(text)]
    assert len([found for text in texts(template) for found in forbidden(text)]) == 2
