"""What the pages of the site show."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.contracts import navigation, pages
from core.contracts.navigation import MenuItem
from core.kernel import clock, state
from core.kernel.calls import collect
from core.pages.audiences import Reserved
from core.pages.library import LibraryDocument
from core.pages.plugin_pages import PluginPage, live_pages
from core.pages.typography import french
from core.town.selectors import HelpContacts, help_contacts

DOORS = 3
"""The things that people come for: few enough to be seen at once on a phone."""

HOME_DEPTH = 2
"""Depth of the home page in the tree, just below its root."""


class Step(NamedTuple):
    """One step of a breadcrumb."""

    label: str
    url: str


class Download(NamedTuple):
    """A document as `ui/files.html` shows it; `size` in bytes."""

    name: str
    url: str
    size: int | None
    kind: str
    note: str = ""
    date: datetime | None = None


def download(document: LibraryDocument) -> Download:
    """With what it is for, and its language when it is another than French."""
    note = " · ".join(part for part in (document.language_words, document.description) if part)
    kind = document.file_extension.upper()
    return Download(
        french(document.title), document.url, document.file_size, kind, french(note), document.filed_at
    )


def address(page: Page) -> str:
    """Where a page of the town's one site is. No statement, where `page.url` asks for the site and its cache."""
    return "/" + page.url_path.split("/", HOME_DEPTH)[HOME_DEPTH]


def href(page: Page) -> str:
    """The address of a page that an editor joined; "" while nobody may read it. A statement for a type that may be
    reserved: the address of what is for some readers tells nothing of it."""
    model = page.specific_class
    off = model is None or (issubclass(model, PluginPage) and not model.is_on())
    if off or not page.live:
        return ""
    own: Any = page.specific if issubclass(model, Reserved) else page
    return reverse("reserved_page", args=[page.pk]) if getattr(own, "readers", "") else address(page)


def contacts(request: HttpRequest | None) -> HelpContacts:
    """Whom one may call or write to now, read once a request."""
    found: HelpContacts | None = getattr(request, "_contacts", None)
    if found is None:
        found = help_contacts(today=clock.today(), now=clock.now().astimezone(clock.PARIS))
        if request is not None:
            request._contacts = found  # type: ignore[attr-defined]
    return found


def trail(page: Page, request: HttpRequest) -> list[Step]:
    """The way from the home page to this one. One statement at most, none just below the home page."""
    between = page.get_ancestors().filter(depth__gt=HOME_DEPTH) if page.depth > HOME_DEPTH + 1 else ()
    return [
        Step(_("Accueil"), "/"),
        *(Step(french(step.title), step.get_url(request) or "") for step in between),
        Step(french(page.title), ""),
    ]


def below(page: Page) -> "PageQuerySet[Page]":
    """The published pages just below, in the editors' order."""
    return live_pages(page.get_children())


def home(request: HttpRequest) -> dict[str, Any]:
    """What the home page shows beside its own words."""
    return {
        "doors": doors(request),
        "panels": collect(pages.home_panels, request=request),
        "help_contacts": contacts(request),
    }


def doors(request: HttpRequest) -> list[MenuItem]:
    """What people come for: the Espace Famille when there is one, what plugins put forward, contacts."""
    space = [
        MenuItem(
            label=_("Espace Famille"),
            description=_("Réserver la cantine et les loisirs, suivre et payer vos factures."),
            url="/espace-famille/",
            icon="people",
        )
    ]
    contacts = MenuItem(
        label=_("Contacts"),
        description=_("Appeler ou écrire au bon service, connaître ses horaires."),
        url=reverse("contacts"),
        icon="telephone",
    )
    first = space if state.serves("families") else []
    forward = collect(navigation.site_menu_items, request=request)
    return [*first, *forward[: DOORS - len(first) - 1], contacts]
