"""The addresses that a plugin brings, whichever gate they stand behind, with the rule of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.exceptions import Resolver404

from core.api.permissions import rule_of
from core.kernel.access import AccessRule
from core.kernel.gates import PluginURLResolver

SAMPLES = {"uuid": lambda: str(uuid4()), "int": lambda: "999999999"}
_LINKS = re.compile(r"""\b(?:href|action)=["'](/[^"'#]*)""")
_UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `address` keeps its `<uuid:…>`; `slug` is its plugin's, None for core; `rule` None when undeclared."""

    address: str
    name: str
    view: Any
    slug: str | None
    rule: AccessRule | None

    @property
    def is_plain(self) -> bool:
        return not re.search(r"[<(^]", self.address)

    @property
    def is_pattern(self) -> bool:
        """Written as a regular expression: no sample can be made of it."""
        return bool(re.search(r"[(^]", self.address))

    @property
    def in_api(self) -> bool:
        return self.address.startswith("/api/")

    def sample(self) -> str:
        """An address of the right shape that leads to nothing."""
        return re.sub(
            r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1], lambda: "inconnu")(), self.address
        )

    def filled(self, identifier: str) -> str:
        """The address of one object, for a route with one identifier."""
        return re.sub(r"<[^>]+>", identifier, self.address)


def rule_declared_by(view: Any) -> AccessRule | None:
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    found = getattr(view, "access_rule", None) or getattr(view_class, "access_rule", None) or rule_of(view)
    return found if isinstance(found, AccessRule) else None


def _walk(resolver: Any, prefix: str, slug: str | None) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(
                address, pattern.name or "", pattern.callback, slug, rule_declared_by(pattern.callback)
            )
        else:
            owner = pattern.slug if isinstance(pattern, PluginURLResolver) else slug
            yield from _walk(pattern, address, owner)


def every_route() -> list[Route]:
    return list(_walk(get_resolver(), "/", None))


def routes_of(slug: str) -> list[Route]:
    return [route for route in every_route() if route.slug == slug]


def _gates(resolver: Any, prefix: str, slug: str) -> Iterator[tuple[str, PluginURLResolver]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, PluginURLResolver) and pattern.slug == slug:
                yield address, pattern
            elif not re.search(r"[<(^]", address):
                yield from _gates(pattern, address, slug)


def belongs(slug: str, path: str) -> bool:
    """Is an address one of a plugin's, be it on or off?"""
    for prefix, gate in _gates(get_resolver(), "/", slug):
        if path.startswith(prefix):
            try:
                URLResolver.resolve(gate, path.removeprefix(prefix))
            except Resolver404:
                continue
            return True
    return False


def links(text: str) -> set[str]:
    """Addresses on this site that a page leads or posts to, without their query."""
    return {unescape(found).partition("?")[0] for found in _LINKS.findall(text)}


def identifiers(text: str) -> set[str]:
    """Random identifiers in an answer of the API."""
    return set(_UUIDS.findall(text))
