"""Every text goes through gettext, and every field has a French name."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.apps import apps
from django.db.models import Model
from django.template.base import Lexer, TokenType
from django.utils.functional import Promise
from wagtail.models import Page

from core.backoffice.screens import entries
from core.contracts.plugin import Plugin
from core.testing.conformance.context import folder_of, rule

__all__ = [
    "test_its_fields_have_a_translatable_name",
    "test_its_templates_say_nothing_outside_translation",
    "test_none_of_its_messages_is_empty",
]

READ_ALOUD = {"alt", "aria-label", "placeholder", "title"}
_WORD = re.compile(r"[^\W\d_]{2,}")
CLASSES = {("block", "main_class"), ("block", "body_class")}
"""Blocks of the frames that hold the names of classes."""

_TRANSLATING = {
    "gettext",
    "gettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "_",
    "lazy",
}


@rule("french")
def test_its_templates_say_nothing_outside_translation(plugin: Plugin) -> None:
    folder = folder_of(plugin.slug)
    assert {
        str(path.relative_to(folder)): words
        for path in (folder / "templates").rglob("*.html")
        if (words := bare_words(path.read_text("utf-8")))
    } == {}


def bare_words(template: str) -> list[str]:
    """Words of a template that stand neither in `translate` nor in `blocktranslate`."""
    kept, closing = [], ""
    for token in Lexer(template).tokenize():
        if token.token_type is TokenType.TEXT and not closing:
            kept.append(token.contents)
        elif token.token_type is TokenType.BLOCK:
            name, _, rest = token.contents.partition(" ")
            if name in ("blocktranslate", "blocktrans", "comment") or (name, rest) in CLASSES:
                closing = f"end{name}"
            elif name == closing:
                closing = ""
        if token.token_type is not TokenType.TEXT:
            kept.append("0")  # something stood there: no word, and a name in `<h{{ level }}>`
    reader = _Reader()
    reader.feed("".join(kept))
    reader.close()
    return reader.words


class _Reader(HTMLParser):
    """Gathers what a person reads or hears."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "code")
        for name, value in attrs:
            if name in READ_ALOUD and value:
                self._take(value)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._take(data)

    def _take(self, text: str) -> None:
        self.words += _WORD.findall(text)


@rule("french")
def test_its_fields_have_a_translatable_name(plugin: Plugin) -> None:
    """Without one, Django makes an English name of the identifier. Of what people edit: pages, and screens' models."""
    edited = [entry.viewset.model for entry in entries() if entry.slug == plugin.slug and entry.viewset]
    models = [model for model in _models(plugin.slug) if issubclass(model, Page) or model in edited]
    bare = [
        f"{model.__name__}.{field.name}"
        for model in models
        for field in model._meta.local_fields
        if field.editable and not field.auto_created and not isinstance(field.verbose_name, Promise)
    ]
    assert bare == []
    assert [m.__name__ for m in _models(plugin.slug) if not isinstance(m._meta.verbose_name, Promise)] == []


def _models(slug: str) -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label == slug]


@rule("french")
def test_none_of_its_messages_is_empty(plugin: Plugin) -> None:
    """gettext answers the header of its catalogue for an empty message."""
    folder = folder_of(plugin.slug)
    assert [
        f"{path.relative_to(folder)}:{line}"
        for path in folder.rglob("*.py")
        for line in _empty_messages(path)
    ] == []


def _empty_messages(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in _TRANSLATING and not str(node.args[0].value).strip():
                yield node.lineno
