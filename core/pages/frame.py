"""What the frame of every page shows of the site: urgent notices, menu, footer.

Editors write them in tables. What is in force is copied, at each change, into one document of the versioned
configuration, which pages read without a statement; its history says what was shown, and since when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction, get_page_models
from wagtail.signals import post_page_move

from core.contracts import navigation
from core.contracts.navigation import MenuItem
from core.kernel import clock, configuration, state
from core.kernel.calls import collect
from core.kernel.models import ConfigurationVersion
from core.pages import legal
from core.pages.models import Entry, FooterEntry, MenuEntry, SpacePage
from core.pages.plugin_pages import PluginPage, readable_pages
from core.pages.selectors import address
from core.pages.typography import french
from core.town.models import Notice, Site

KEY = "core.frame"
AUTHOR = "site"
"""Whoever published is in the journal, or in the history of the page."""

MENU, FOOTER, PLACES = "menu", "footer", "places"
EMPTY: dict[str, Any] = {"notices": [], MENU: [], FOOTER: [], PLACES: {}}
GRAVITY = {Notice.Tone.DANGER: 0, Notice.Tone.ATTENTION: 1, Notice.Tone.INFO: 2}


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

    notices: tuple[NoticeShown, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    footer: tuple[MenuItem, ...] = ()


# What is in force -----------------------------------------------------------------------------------------------------


def frame(now: datetime) -> Frame:
    """What every page shows at that moment. No statement beyond the read of the state."""
    document = configuration.document(KEY, today=now.astimezone(clock.PARIS).date())
    if not document:
        return Frame()
    return Frame(
        notices=tuple(
            NoticeShown(
                tone=row["tone"],
                title=row["title"],
                text=row["text"],
                url=row["url"],
                label=row["label"] or _("En savoir plus"),
                sites=tuple(row["sites"]),
            )
            for row in document["notices"]
            if datetime.fromisoformat(row["from"]) <= now < datetime.fromisoformat(row["until"])
        ),
        menu=_shown(document[MENU]),
        footer=_shown(document[FOOTER]),
    )


def _shown(rows: list[Mapping[str, str]]) -> tuple[MenuItem, ...]:
    """Without those that lead to a page of a plugin that is off."""
    return tuple(MenuItem(label=row["label"], url=row["url"]) for row in rows if _is_on(row["type"]))


def _is_on(label: str) -> bool:
    if not label:
        return True
    try:
        model = apps.get_model(label)
    except LookupError:  # its plugin is no longer installed
        return False
    return model.is_on() if issubclass(model, PluginPage) else True


# What editors wrote ---------------------------------------------------------------------------------------------------


def written(now: datetime) -> dict[str, Any]:
    """The document that the tables make: notices that have not ended, entries that lead to what anybody may read."""
    notices = Notice.objects.filter(ends_at__gt=now).order_by("starts_at", "pk").prefetch_related("sites")
    return {
        "notices": [
            {
                "tone": row.tone,
                "title": french(row.title),
                "text": french(row.text),
                "url": row.address,
                "label": french(row.label),
                "sites": sorted(site.name for site in row.sites.all()),
                "from": row.starts_at.isoformat(),
                "until": row.ends_at.isoformat(),
            }
            for row in sorted(notices, key=lambda row: GRAVITY[Notice.Tone(row.tone)])
        ],
        MENU: _entries(MenuEntry),
        FOOTER: _entries(FooterEntry),
        PLACES: _places(),
    }


def _places() -> dict[str, str]:
    """Addresses of the pages of which there is one of a kind, by type."""
    single = [model for model in get_page_models() if model.max_count == 1 and issubclass(model, PluginPage)]
    pages = readable_pages(Page.objects.exact_type(*single)) if single else ()
    return {page.specific_class._meta.label_lower: address(page) for page in pages if page.specific_class}


def place(*models: type[Page]) -> dict[type[Page], str]:
    """Where the page of each type is that exists once, is on line and is for everybody. No statement beyond the read of
    the state, once editors have published something."""
    document = configuration.document(KEY, today=clock.today()) or {}
    known = document[PLACES] if PLACES in document else state.once(PLACES, _places)
    return {
        model: known[label]
        for model in models
        if (label := model._meta.label_lower) in known and _is_on(label)
    }


def _entries(model: type[Entry]) -> list[dict[str, str]]:
    """Those that lead to an address, or to a page that anybody may read while its plugin is on."""
    readable = Q(target=None) | Q(target__in=readable_pages(Page.objects.all()).values("pk"))
    entries = model._default_manager.filter(readable, page__live=True).select_related("target")
    return [
        {"label": french(entry.label), "url": entry.address, "type": ""}
        if entry.target is None
        else {
            "label": french(entry.label or entry.target.title),
            "url": address(entry.target),
            "type": entry.target.specific_class._meta.label_lower
            if entry.target.specific_class
            else "gone.page",
        }
        for entry in entries.order_by("sort_order", "pk")
    ]


class _Subject:
    """What the configuration knows of the document: it is copied from the tables, and comes from nowhere else."""

    key = KEY

    @property
    def label(self) -> str:
        return _("Menus et annonces (copie de ce qui est publié)")

    def refusals(self, document: Any) -> list[str]:
        if document == written(clock.now()):
            return []
        return [_("Les menus se modifient avec la page d’accueil, les annonces dans « Annonces urgentes ».")]


_subject = _Subject()
configuration.register(lambda: [_subject])


@transaction.atomic
def copy() -> None:
    """Copy what editors wrote into a new version, when it differs from the last one."""
    now = clock.now()
    document = written(now)
    last = configuration.history(KEY).first()
    if document == (last.document if last else EMPTY):
        return
    configuration.record(key=KEY, document=document, after=last.number if last else 0, author=AUTHOR, at=now)


def follow() -> None:
    """Copy at each change of what the document is made of. Each model is named: a listener to every deletion would cost
    each of them a read of its rows."""
    for model in (Notice, Site, MenuEntry, FooterEntry, PageViewRestriction):
        post_save.connect(_changed, sender=model)
        post_delete.connect(_changed, sender=model)
    m2m_changed.connect(_changed, sender=Notice.sites.through)
    for model in get_page_models():
        post_save.connect(_page_changed, sender=model)
        post_delete.connect(_page_deleted, sender=model)
    post_page_move.connect(_changed)


def _changed(raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        copy()


def _page_changed(instance: Page, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A page that was there: its title, its address, whether it is published, who reads it; or the one of its kind."""
    if not raw and (not created or instance.max_count == 1):
        copy()


def _page_deleted(instance: Page, **kwargs: Any) -> None:
    if instance.max_count == 1:
        transaction.on_commit(copy)  # its row of pages is still there


def naming(slug: str) -> QuerySet[ConfigurationVersion]:
    """Copies that name the pages of a plugin: they go with it."""
    text = Cast("document", TextField())
    return ConfigurationVersion.objects.filter(key=KEY).annotate(text=text).filter(text__contains=f'"{slug}.')


# What pages ask -------------------------------------------------------------------------------------------------------


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
