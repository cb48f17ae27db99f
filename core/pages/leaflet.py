"""The leaflet of the Espace Famille: the town's own A4 sheet, printed from the page that editors wrote."""

from collections.abc import Iterable
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from core.kernel import clock
from core.kernel.addresses import absolute
from core.pages.models import SpacePage
from core.pages.selectors import contacts
from core.pages.typography import french
from core.town.selectors import ContactGroup, HelpContacts
from core.ui import appearance
from core.ui.pdf import render_pdf

TEMPLATE = Path(__file__).parent / "typst" / "leaflet.typ"

Node = dict[str, Any]
"""What the template prints: `kind` is heading, paragraph, list, steps, note, figures, quote, contact or link."""


def answer(page: SpacePage) -> HttpResponse:
    response = HttpResponse(document(page), content_type="application/pdf")
    name = _("depliant-espace-famille.pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


def document(page: SpacePage, request: HttpRequest | None = None) -> bytes:
    """The PDF of a published page; the same page gives the same bytes."""
    url = absolute(reverse("portal:home"))
    town = appearance.commune().name
    helpers = contacts(request)
    data = {
        "commune": {"name": town},
        "title": french(page.title),
        "lead": french(page.lead),
        "nodes": nodes(page.body, helpers),
        "contacts": [_contact(group) for group in helpers.services],
        "places": [
            [group.name, card.phone or card.email] for group in helpers.sites for card in group.contacts[:1]
        ],
        "url": url.removeprefix("https://").removeprefix("http://"),
        "link": url,
        "qr": _qr(url),
    }
    made = page.last_published_at or clock.now()
    return render_pdf(TEMPLATE, data, title=f"{page.title} – {town}", made_at=made)


def _qr(url: str) -> str:
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()


def _contact(group: ContactGroup) -> Node:
    ways = [
        {"label": card.label, "ways": [way for way in (card.phone, card.email, card.note) if way],
         "hours": [str(line) for line in card.hours]}
        for card in group.contacts
    ]  # fmt: skip
    return {"kind": "contact", "name": group.name, "address": group.address.split("\n"), "ways": ways}


def nodes(body: Iterable[Any], helpers: HelpContacts) -> list[Node]:
    """What a sheet of paper can show of a text with blocks: neither pictures nor videos, answers all open."""
    return [node for block in body for node in _block(block.block_type, block.value, helpers)]


def _block(kind: str, value: Any, helpers: HelpContacts) -> Iterable[Node]:
    match kind:
        case "heading":
            yield {"kind": "heading", "text": french(value)}
        case "text":
            yield from rich(value)
        case "alert":
            yield {"kind": "note", "title": french(value["title"]), "nodes": list(rich(value["text"]))}
        case "quote":
            yield {"kind": "quote", "text": french(value["text"]), "author": french(value["author"])}
        case "accordion":
            for item in value:
                yield {"kind": "subheading", "text": french(item["question"])}
                yield from rich(item["answer"])
        case "timeline":
            yield {
                "kind": "steps",
                "items": [
                    {
                        "when": french(item["when"]),
                        "title": french(item["title"]),
                        "nodes": list(rich(item["text"])),
                    }
                    for item in value
                ],
            }
        case "cards":
            yield {
                "kind": "steps",
                "items": [
                    {"when": "", "title": french(item["title"]), "nodes": _paragraphs(item["text"])}
                    for item in value
                ],
            }
        case "figures":
            yield {
                "kind": "figures",
                "items": [[french(item["number"]), french(item["label"])] for item in value],
            }
        case "contact" if group := helpers.group(value["who"]):
            yield _contact(group)


def _paragraphs(text: str) -> list[Node]:
    return [{"kind": "paragraph", "runs": [_run(text, False, False)]}] if text else []


def _run(text: str, bold: bool, italic: bool) -> dict[str, Any]:
    return {"text": french(text), "bold": bold, "italic": italic}


def rich(value: Any) -> list[Node]:
    """A rich text as paragraphs and lists of runs; links keep their words."""
    reader = _Reader()
    reader.feed(expand_db_html(getattr(value, "source", "") or ""))
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Node] = []
        self.runs: list[dict[str, Any]] | None = None
        self.lists: list[Node] = []
        self.bold = self.italic = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        match tag:
            case "p" | "h2" | "h3" | "h4" if not self.lists:
                self.runs = []
                kind = "paragraph" if tag == "p" else "subheading"
                self.found.append({"kind": kind, "runs": self.runs})
            case "ul" | "ol":
                self.lists.append({"kind": "list", "ordered": tag == "ol", "items": []})
                if len(self.lists) == 1:
                    self.found.append(self.lists[0])
            case "li" if self.lists:
                self.runs = []
                self.lists[0]["items"].append(self.runs)
            case "b" | "strong":
                self.bold += 1
            case "i" | "em":
                self.italic += 1
            case "br" if self.runs is not None:
                self.runs.append({"text": "\n", "bold": False, "italic": False})

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "ul" | "ol" if self.lists:
                self.lists.pop()
            case "b" | "strong":
                self.bold = max(0, self.bold - 1)
            case "i" | "em":
                self.italic = max(0, self.italic - 1)

    def handle_data(self, data: str) -> None:
        if self.runs is not None and data:
            self.runs.append(_run(data, bool(self.bold), bool(self.italic)))
