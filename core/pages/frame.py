"""What the frame of every page shows of the site: urgent notices, menu, footer. Asked only when a template uses it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.contracts import navigation
from core.contracts.navigation import MenuItem
from core.kernel import clock, state
from core.kernel.calls import collect
from core.pages import legal
from core.pages.models import Entry, FooterEntry, MenuEntry, SpacePage
from core.pages.plugin_pages import live_pages
from core.pages.selectors import HOME_DEPTH
from core.pages.typography import french
from core.town.models import Notice

NOTICE, MENU, FOOTER = "notice", "menu", "footer"
COLUMNS = ("place", "key", "rank", "tone", "words", "more", "leads", "path", "site")
"""Of the one statement: a notice has its title, text, link and one of its sites; an entry its text, title and page."""

GRAVITY = {Notice.Tone.DANGER: 0, Notice.Tone.ATTENTION: 1, Notice.Tone.INFO: 2}

NONE = Value("", output_field=CharField())


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """An urgent notice. `sites`: the names of the places concerned, none for the whole town."""

    tone: str
    title: str
    text: str
    url: str
    label: str
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Urgent notices, the gravest first; what editors added to the menu and to the footer."""

    notices: tuple[NoticeShown, ...]
    menu: tuple[MenuItem, ...]
    footer: tuple[MenuItem, ...]


def frame(now: datetime) -> Frame:
    """What every page shows at that moment. One statement."""
    rows = _notices(now).union(_entries(MenuEntry, MENU), _entries(FooterEntry, FOOTER), all=True)
    found: dict[str, NoticeShown] = {}
    entries: dict[str, list[tuple[int, MenuItem]]] = {MENU: [], FOOTER: []}
    for place, key, rank, tone, words, more, leads, path, site in rows:
        if place == NOTICE:
            sites = (*found[key].sites, site) if key in found else (site,) if site else ()
            label = path or _("En savoir plus")
            found[key] = NoticeShown(tone, french(words), french(more), leads, french(label), sites)
        else:
            url = "/" + path.split("/", HOME_DEPTH)[HOME_DEPTH] if path else leads
            entries[place].append((rank or 0, MenuItem(label=french(words or more), url=url)))
    return Frame(
        notices=tuple(
            replace(notice, sites=tuple(sorted(notice.sites)))
            for notice in sorted(found.values(), key=lambda notice: GRAVITY[Notice.Tone(notice.tone)])
        ),
        menu=_in_order(entries[MENU]),
        footer=_in_order(entries[FOOTER]),
    )


def _in_order(entries: list[tuple[int, MenuItem]]) -> tuple[MenuItem, ...]:
    return tuple(item for _rank, item in sorted(entries, key=lambda row: row[0]))


def _notices(now: datetime) -> "QuerySet[Notice, Any]":
    return (
        Notice.objects.in_force(now)
        .order_by()
        .annotate(
            place=Value(NOTICE, output_field=CharField()),
            key=Cast("pk", CharField()),
            rank=Value(0, output_field=IntegerField()),
            words=F("title"),
            more=F("text"),
            leads=F("address"),
            path=F("label"),
            site=F("sites__name"),
        )
        .values_list(*COLUMNS)
    )


def _entries(model: type[Entry], place: str) -> "QuerySet[Any, Any]":
    """Those that lead to an address, or to a page that anybody may read."""
    pages = live_pages(Page.objects.all()).values("pk")
    return (
        model._default_manager.filter(Q(target=None) | Q(target__in=pages))
        .order_by()
        .annotate(
            place=Value(place, output_field=CharField()),
            key=NONE,
            rank=F("sort_order"),
            tone=NONE,
            words=F("label"),
            more=F("target__title"),
            leads=F("address"),
            path=F("target__url_path"),
            site=NONE,
        )
        .values_list(*COLUMNS)
    )


def legal_links() -> list[MenuItem]:
    """What the law wants on every page, the state of accessibility in its own words first."""
    return [
        MenuItem(
            label=_("Accessibilité : %(state)s") % {"state": legal.state_words()},
            url=reverse("accessibility"),
        ),
        MenuItem(label=_("Mentions légales"), url=reverse("legal_notice")),
        MenuItem(label=_("Données personnelles"), url=reverse("personal_data")),
        MenuItem(label=_("Plan du site"), url=reverse("site_map")),
        MenuItem(label=_("Données ouvertes"), url=reverse("open_data")),
    ]


def space_page() -> SpacePage | None:
    """The presentation of the Espace Famille, while there is one."""
    return SpacePage.objects.live().first() if state.serves("families") else None


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor of all pages."""
    shown = SimpleLazyObject(lambda: frame(clock.now()))

    def site_menu() -> list[MenuItem]:
        return [*collect(navigation.site_menu_items, request=request), *shown.menu]

    def footer_links() -> list[MenuItem]:
        first = MenuItem(label=_("Contacts"), url=reverse("contacts"))
        return [first, *shown.footer, *legal_links()]

    return {
        "notices": SimpleLazyObject(lambda: shown.notices),
        "site_search_url": reverse("search"),
        "site_menu": SimpleLazyObject(site_menu),
        "footer_links": SimpleLazyObject(footer_links),
        "space_page": SimpleLazyObject(space_page),
    }
