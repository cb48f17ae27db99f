"""What agents see: the screens of core and of the plugins, the menus made of them, and the frame of a plain view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.backoffice.documents import DocumentTypeViewSet
from core.backoffice.town import VIEWSETS, NoticeViewSet
from core.backoffice.viewsets import ScopedModelViewSet
from core.contracts.backoffice import Menu, Screen, backoffice_screens
from core.kernel import calls, state

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """A screen, with the slug of its plugin (None for core) and its viewset made once."""

    slug: str | None
    screen: Screen
    viewset: ScopedModelViewSet | None

    @property
    def url(self) -> str:
        return reverse(self.viewset.get_url_name("index") if self.viewset else self.screen.url_name)

    def is_shown(self, user: Any) -> bool:
        on = self.slug is None or self.slug in state.enabled_slugs()
        return on and user.has_perm(self.screen.permission)


CORE_SCREENS = [
    Screen(
        menu=Menu.COMMUNICATION,
        label=_("Annonces urgentes"),  # type: ignore[arg-type]
        icon="warning",
        permission="town.view_notice",
        viewset=NoticeViewSet,
        weight=0,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Familles"),  # type: ignore[arg-type]
        icon="group",
        permission="families.view_family",
        url_name="backoffice:families",
        weight=0,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Demandes"),  # type: ignore[arg-type]
        icon="mail",
        permission="requests.change_servicerequest",
        url_name="backoffice:requests",
        weight=1,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Pièces"),  # type: ignore[arg-type]
        icon="doc-full",
        permission="documents.view_supportingdocument",
        url_name="backoffice:documents",
        weight=1,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Natures de pièces"),  # type: ignore[arg-type]
        icon="doc-full",
        permission="documents.view_documenttype",
        viewset=DocumentTypeViewSet,
        weight=5,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Familles en double"),  # type: ignore[arg-type]
        icon="copy",
        permission="families.change_family",
        url_name="backoffice:duplicates",
        weight=2,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Désaccords entre parents"),  # type: ignore[arg-type]
        icon="warning",
        permission="families.change_commonproposal",
        url_name="backoffice:disagreements",
        weight=3,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Importer des familles"),  # type: ignore[arg-type]
        icon="upload",
        permission="families.add_familyimport",
        url_name="backoffice:imports",
        weight=4,
    ),
    *(
        Screen(
            menu=Menu.TOWN,
            label=str(capfirst(viewset.model._meta.verbose_name_plural)),
            icon=viewset.icon,
            permission=f"town.view_{viewset.model._meta.model_name}",
            viewset=viewset,
            weight=weight,
        )
        for weight, viewset in enumerate(VIEWSETS)
    ),
    Screen(
        menu=Menu.TOWN,
        label=_("Ce qui a changé"),  # type: ignore[arg-type]
        icon="history",
        permission="town.view_closure",
        url_name="backoffice:town_changes",
        weight=50,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Modules"),  # type: ignore[arg-type]
        icon="placeholder",
        permission="kernel.change_pluginstate",
        url_name="backoffice:modules",
        weight=0,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Agents"),  # type: ignore[arg-type]
        icon="user",
        permission="accounts.view_user",
        url_name="backoffice:agents",
        weight=0,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Métiers et droits"),  # type: ignore[arg-type]
        icon="group",
        permission="auth.change_group",
        url_name="backoffice:trades",
        weight=0,
    ),
    Screen(
        menu=Menu.BILLING,
        label=_("Tarifs"),  # type: ignore[arg-type]
        icon="table",
        permission="pricing.view_tariffversion",
        url_name="backoffice:tariffs",
        weight=5,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Journal"),  # type: ignore[arg-type]
        icon="history",
        permission="kernel.view_journalentry",
        url_name="backoffice:journal",
        weight=1,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Vérifier un document"),  # type: ignore[arg-type]
        icon="doc-full",
        permission="editions.view_issueddocument",
        url_name="backoffice:check_edition",
        weight=6,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Messages envoyés"),  # type: ignore[arg-type]
        icon="mail",
        permission="notifications.view_message",
        url_name="backoffice:messages",
        weight=7,
    ),
    Screen(
        menu=Menu.FAMILIES,
        label=_("Adresses en échec"),  # type: ignore[arg-type]
        icon="warning",
        permission="notifications.add_failingaddress",
        url_name="backoffice:failing_addresses",
        weight=8,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Textes des messages"),  # type: ignore[arg-type]
        icon="mail",
        permission="kernel.change_pluginstate",
        url_name="backoffice:wordings",
        weight=2,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Apparence"),  # type: ignore[arg-type]
        icon="view",
        permission="kernel.change_pluginstate",
        url_name="backoffice:appearance",
        weight=0,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Réglages"),  # type: ignore[arg-type]
        icon="sliders",
        permission="kernel.change_pluginstate",
        url_name="backoffice:configuration",
        weight=0,
    ),
    Screen(
        menu=Menu.SETTINGS,
        label=_("Travaux"),  # type: ignore[arg-type]
        icon="tasks",
        permission="kernel.view_jobrun",
        url_name="backoffice:jobs",
        weight=1,
    ),
]


@cache
def entries() -> list[Entry]:
    """Every screen that is installed, in the order of menus; `is_shown` decides at each request."""
    found = [(None, screen) for screen in CORE_SCREENS] + calls.boot(backoffice_screens)
    made = [Entry(slug, screen, _viewset(screen)) for slug, screen in found]
    menus = list(Menu)
    return sorted(made, key=lambda entry: (menus.index(entry.screen.menu), entry.screen.weight))


def _viewset(screen: Screen) -> ScopedModelViewSet | None:
    return screen.viewset() if isinstance(screen.viewset, type) else screen.viewset


def entries_for(user: Any) -> dict[Menu, list[Entry]]:
    """What one agent may open, by menu; a menu without any entry is left out."""
    found: dict[Menu, list[Entry]] = {}
    for entry in entries():
        if entry.is_shown(user):
            found.setdefault(entry.screen.menu, []).append(entry)
    return found


def render_screen(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    title: Text,
    icon: str = "",
    trail: Sequence[tuple[Text, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """A plain view inside Wagtail's frame. The template extends `backoffice/base.html`; `trail` is (label, url) pairs
    that lead to it; `icon` is one of Wagtail's."""
    steps = [{"url": url, "label": label} for label, url in trail] + [{"url": "", "label": title}]
    frame = {"header_title": title, "header_icon": icon, "breadcrumbs_items": steps}
    return render(request, template, {**frame, **(context or {})}, status=status)
