"""Links of the site's own pages that lead nowhere. Only what the town itself holds is looked at: nothing is called."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db.models import CharField, Model, TextField
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.contrib.redirects.models import Redirect
from wagtail.fields import StreamField
from wagtail.models import Page, Site

from core.pages.library import LibraryDocument
from core.pages.plugin_pages import without_plugins_off
from core.pages.selectors import address

ANCHOR = re.compile(r"<a\s([^>]*)>(.*?)</a>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
WRITTEN = re.compile(r'"address": "((?:/|https?:)[^"]*)"')
"""An address that editors typed in a block or a menu; that of a place is another thing."""


@dataclass(frozen=True, slots=True)
class DeadLink:
    """`page` holds it; `words` are those of the link, `target` where it leads, `reason` why nobody gets there."""

    page: Page
    words: str
    target: str
    reason: str


def dead_links() -> list[DeadLink]:
    """Those of the published pages, page by page. A statement for each type of page and of its lists, and five."""
    town = _Town()
    return [link for page in town.pages for link in _of(page, town)]


class _Town:
    """What the town holds, read once."""

    @cached_property
    def pages(self) -> list[Page]:
        pages: list[Page] = list(without_plugins_off(Page.objects.live().filter(depth__gt=1)).specific())
        return pages

    @cached_property
    def rows(self) -> dict[int, list[str]]:
        """What the lists of the pages say (entries of a menu, joined files…), by page."""
        found: dict[int, list[str]] = defaultdict(list)
        for relation in {one for page in self.pages for one in get_all_child_relations(type(page))}:
            owner = relation.field.attname
            for row in relation.related_model.objects.filter(**{f"{owner}__in": self.ids}):
                found[getattr(row, owner)].append(_written(row))
        return found

    @cached_property
    def addresses(self) -> set[str]:
        return {address(page) for page in self.pages}

    @cached_property
    def ids(self) -> set[int]:
        return {page.pk for page in self.pages}

    @cached_property
    def documents(self) -> dict[int, str]:
        return dict(LibraryDocument.objects.values_list("pk", "slug"))

    @cached_property
    def slugs(self) -> set[str]:
        return set(self.documents.values())

    @cached_property
    def redirected(self) -> set[str]:
        return set(Redirect.objects.values_list("old_path", flat=True))

    @cached_property
    def hosts(self) -> set[str]:
        return {"", *Site.objects.values_list("hostname", flat=True)}


def _written(row: Model) -> str:
    """The texts of a row, as JSON without the signs that protect quotes."""
    texts = {
        field.name: field.value_to_string(row)
        for field in row._meta.concrete_fields
        if isinstance(field, (CharField, TextField, StreamField))
    }
    return json.dumps(texts, ensure_ascii=False).replace("\\", "")


def _of(page: Page, town: _Town) -> Iterator[DeadLink]:
    text = " ".join([_written(page), *town.rows[page.pk]])
    for attributes, inside in ANCHOR.findall(text):
        leads = dict(ATTRIBUTE.findall(attributes))
        words = html.unescape(re.sub(r"<[^>]*>", "", inside)).strip()
        if reason := _reason(leads, town):
            yield DeadLink(page, words, leads.get("href", ""), reason)
    for written in WRITTEN.findall(text):
        if reason := _reason({"href": written}, town):
            yield DeadLink(page, "", written, reason)


def _reason(leads: dict[str, str], town: _Town) -> str:
    """Why a link is dead; "" when it is not, or when it leaves the town's site."""
    kind, identifier = leads.get("linktype", ""), leads.get("id", "")
    if kind == "page":
        return "" if int(identifier) in town.ids else _("la page n’est plus en ligne")
    if kind == "document":
        return "" if int(identifier) in town.documents else _("le document a été supprimé")
    parts = urlsplit(html.unescape(leads.get("href", "")))
    if (
        parts.scheme not in ("", "http", "https")
        or (parts.hostname or "") not in town.hosts
        or not parts.path
    ):
        return ""
    return "" if _answers(unquote(parts.path), town) else _("cette adresse n’existe pas")


def _answers(path: str, town: _Town) -> bool:
    """Whether something stands at an address of the site: a page, a file, a view that is on, or a redirection."""
    with_slash = path if path.endswith("/") else f"{path}/"
    if with_slash in town.addresses or Redirect.normalise_path(path) in town.redirected:
        return True
    for one in (path, with_slash):
        try:
            found = resolve(one)
        except Resolver404:
            continue
        if found.url_name == "file":
            return found.kwargs["slug"] in town.slugs
        if found.url_name != "wagtail_serve":
            return True
    return False
