"""Every block that editors compose with: swept from `BodyBlock`, rendered from its own preview."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.blocks import StreamValue

from core.pages.blocks import BodyBlock
from core.pages.demo import scene
from core.pages.library import LibraryDocument
from core.pages.models import ContentPage
from core.town.demo import load_town

pytestmark = pytest.mark.django_db

BODY = BodyBlock()
WANTED = {
    "heading", "text", "picture", "gallery", "quote", "accordion", "action", "cards", "table", "documents", "contact",
    "hours", "map", "video", "alert", "figures", "timeline",
}  # fmt: skip


class _Nesting(HTMLParser):
    """Tags that are not closed where they were opened, identifiers twice, pictures without words or size."""

    VOID = frozenset({"area", "br", "hr", "img", "input", "link", "meta", "source"})
    CLOSES_P = frozenset(
        {"p", "div", "ul", "ol", "dl", "table", "figure", "details", "address", "h2", "h3", "blockquote"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        known = dict(attrs)
        if tag == "img" and not {"alt", "width", "height"} <= known.keys():
            self.found.append(f"picture without words or size: {known}")
        if (identifier := known.get("id")) in self.ids:
            self.found.append(f"twice: #{identifier}")
        self.ids.add(identifier or "")
        if "p" in self.open and tag in self.CLOSES_P:
            self.found.append(f"{tag} inside p, line {self.getpos()[0]}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes something else, line {self.getpos()[0]}")


def problems(html: str) -> list[str]:
    reader = _Nesting()
    reader.feed(html)
    return reader.found


@pytest.fixture
def library(db: None) -> LibraryDocument:
    load_town(today=date(2026, 11, 23))
    scene("square")
    return LibraryDocument.objects.create(title="Plan du bus", file=ContentFile(b"%PDF-1.7", name="plan.pdf"))


def everything() -> StreamValue:
    """One block of each kind, as its preview shows it."""
    rows = [(name, block.get_preview_value()) for name, block in BODY.child_blocks.items()]
    return StreamValue(BODY, rows)


def test_the_blocks_are_those_that_were_promised() -> None:
    assert set(BODY.child_blocks) == WANTED
    for name, block in BODY.child_blocks.items():
        assert block.meta.label, name
        assert block.meta.icon != "placeholder", name
        assert block.meta.group, name
        assert block.is_previewable, name


def test_each_block_shows_something_valid_and_is_stored(
    library: LibraryDocument, simple_page: ContentPage, client: Client
) -> None:
    simple_page.body = everything()
    simple_page.save_revision().publish()
    stored = ContentPage.objects.get(pk=simple_page.pk)
    shown = {}
    for block in stored.body:
        html = block.render({"request": None})
        shown[block.block_type] = html
        assert re.sub(r"<[^>]+>|\s", "", html) or "<img" in html, block.block_type
        assert "style=" not in html, block.block_type
    assert set(shown) == WANTED
    page = client.get("/se-deplacer/").content.decode()
    assert problems(page) == []
    for mark in (
        "blockquote", "<details>", "btn-primary", "card-link", "<caption>", "tel:+33", "Fermé aujourd’hui", "<dl class",
        "openstreetmap.org", "exemple.fr", "<ol class=\"timeline\">", "plan", "card-picture", "<address>",
    ):  # fmt: skip
        assert mark in page, mark
    assert not re.search(r"<(?:iframe|embed|object|script[^>]+src=.https)", page)


def test_a_page_with_every_block_stays_cheap(
    library: LibraryDocument, simple_page: ContentPage, client: Client, django_assert_max_num_queries: Any
) -> None:
    simple_page.body = everything()
    simple_page.save_revision().publish()
    client.get("/se-deplacer/")
    with django_assert_max_num_queries(21):  # a picture chosen in five places, in as many kinds of block
        client.get("/se-deplacer/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("action", {"label": "Agir"}),
        ("action", {"label": "Agir", "address": "javascript:alert(1)"}),
        ("video", {"title": "Film", "transcript": "<p>…</p>"}),
        ("quote", {"text": ""}),
        ("contact", {"who": "service:inconnu"}),
    ],
)
def test_what_leads_nowhere_is_refused(library: LibraryDocument, name: str, value: dict[str, Any]) -> None:
    block = BODY.child_blocks[name]
    with pytest.raises(ValidationError):
        block.clean(block.normalize(value))


def test_a_service_that_is_gone_leaves_no_hole(library: LibraryDocument, simple_page: ContentPage) -> None:
    for name in ("contact", "hours"):
        block = BODY.child_blocks[name]
        assert block.render(block.normalize({"who": "service:parti"}), {"request": None}).strip() == ""


def test_a_link_to_a_draft_is_not_a_link(library: LibraryDocument, simple_page: ContentPage) -> None:
    block = BODY.child_blocks["action"]
    value = block.to_python({"label": "Lire", "page": simple_page.pk})
    assert "/se-deplacer/" in block.render(value)
    simple_page.unpublish()
    assert block.render(block.to_python({"label": "Lire", "page": simple_page.pk})).strip() == ""
