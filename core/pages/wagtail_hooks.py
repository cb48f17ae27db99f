"""Off means off for editors too: pages of a plugin that is off are neither listed, chosen nor edited."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.pages.plugin_pages import PluginPage, without_plugins_off

ACTS = ("edit", "delete", "copy", "move", "publish", "unpublish")


@hooks.register("construct_explorer_page_queryset")
def explorer(parent: Page, pages: "PageQuerySet[Page]", request: HttpRequest) -> "PageQuerySet[Page]":
    return without_plugins_off(pages)


@hooks.register("construct_page_chooser_queryset")
def chooser(pages: "PageQuerySet[Page]", request: HttpRequest) -> "PageQuerySet[Page]":
    return without_plugins_off(pages)


def refuse_when_off(request: HttpRequest, page: Page, *args: Any) -> None:
    model = page.specific_class
    if model and issubclass(model, PluginPage) and not model.is_on():
        raise Http404


for act in ACTS:
    hooks.register(f"before_{act}_page", refuse_when_off)
