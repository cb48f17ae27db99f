"""Off means off for editors too: pages of a plugin that is off are neither listed, found, chosen nor acted upon.

What leads to one page by its address is closed by `core.pages.middleware`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from core.pages import views_files
from core.pages.plugin_pages import PluginPage, without_plugins_off
from core.pages.rich_text import PageLinks


@hooks.register("register_rich_text_features", order=10)
def links(features: Any) -> None:
    features.register_link_type(PageLinks)


@hooks.register("register_admin_urls")
def library_urls() -> list[URLPattern]:
    return [
        path(
            "fichiers/<int:document_id>/versions/<int:number>/", views_files.earlier_file, name="earlier_file"
        )
    ]


@hooks.register("construct_explorer_page_queryset")
def explorer(parent: Page, pages: "PageQuerySet[Page]", request: HttpRequest) -> "PageQuerySet[Page]":
    return without_plugins_off(pages)


@hooks.register("construct_page_chooser_queryset")
def chooser(pages: "PageQuerySet[Page]", request: HttpRequest) -> "PageQuerySet[Page]":
    return without_plugins_off(pages)


_explorable = PagePermissionPolicy.explorable_instances


def explorable_instances(policy: PagePermissionPolicy, user: Any) -> "PageQuerySet[Page]":
    """Search, the pages of a type and the chooser's API ask this and offer no hook."""
    return without_plugins_off(_explorable(policy, user))


PagePermissionPolicy.explorable_instances = explorable_instances


def _is_off(page: object) -> bool:
    model = page.specific_class if isinstance(page, Page) else None
    return bool(model and issubclass(model, PluginPage) and not model.is_on())


@hooks.register("before_bulk_action")
def refuse_when_off(
    request: HttpRequest, action_type: str, objects: Iterable[object], action: object
) -> None:
    if any(map(_is_off, objects)):
        raise Http404


LISTS = {
    "last_edits": lambda edit: edit[1],
    "locked_pages": lambda page: page,
    "workflow_states": lambda state: state.content_object,
    "states": lambda state: state["obj"],
}
"""What the panels of the first page list, and the page in each line."""


class Gated(Component):
    """A panel of Wagtail's without the lines of a plugin that is off."""

    def __init__(self, panel: Component) -> None:
        self.panel = panel
        self.order = panel.order
        self.template_name = panel.template_name

    @property
    def media(self) -> Any:
        return self.panel.media

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = self.panel.get_context_data(parent_context)
        for name in LISTS.keys() & context.keys():
            context[name] = [line for line in context[name] if not _is_off(LISTS[name](line))]
        return context


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [
        Gated(panel) if type(panel).__module__ == "wagtail.admin.views.home" else panel for panel in panels
    ]
