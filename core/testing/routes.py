"""The addresses of the house and of its plugins, with the rule of each: what they answer, what leads to them."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any
from uuid import uuid4

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

from core.api.permissions import rule_of
from core.kernel.access import AccessRule
from core.kernel.gates import PluginURLResolver

SAMPLES = {"uuid": lambda: str(uuid4()), "int": lambda: "999999999", "tile": lambda: "mon-espace"}
FORM = "application/x-www-form-urlencoded"
AT_MOST = 3
"""Objects that are looked at behind one route."""

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
                yield prefix, pattern  # which matches its own part of the address
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


def answer(client: Client, address: str) -> str:
    """What somebody gets, in a word; where GET is refused, with the method that is asked for."""
    found = client.get(address)
    if found.status_code == 405 and "POST" in found.get("Allow", ""):
        found = client.post(address, content_type="application/json" if "/api/" in address else FORM)
    return word(found)


def word(answer: HttpResponseBase) -> str:
    match answer.status_code:
        case 302 if answer["Location"].startswith("/connexion/"):
            return "sign in"
        case 301 | 302 | 303:
            return "elsewhere"
        case 401:
            return "unauthorised"
        case 403:
            return "forbidden"
        case 404:
            return "nowhere"
        case status if status >= 500:
            return f"error {status}"
    return "here"


def objects(routes: Sequence[Route], client: Client, shells: Sequence[str]) -> set[str]:
    """Addresses of single objects, of these routes, that somebody's own pages and answers show.

    Pages are followed from the shells and from the routes that take no argument; of each route, `AT_MOST` addresses.
    """
    plain = [route.address for route in routes if route.is_plain]
    doors = [shell for shell in shells if word(client.get(shell)) == "here"]
    waiting = deque([*doors, *(address for address in plain if not address.startswith("/api/"))])
    found: dict[str, set[str]] = {route.address: set() for route in routes}
    while waiting:
        page = client.get(waiting.popleft())
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        for link in sorted(links(page.content.decode())):
            known = _among(routes, link)
            if known and link not in found[known.address] and len(found[known.address]) < AT_MOST:
                found[known.address].add(link)
                waiting.append(link)
    answers = (client.get(address) for address in plain if address.startswith("/api/"))
    seen = {
        identifier
        for page in answers
        if page.status_code == 200
        for identifier in identifiers(page.content.decode())
    }
    for route in routes:
        if route.in_api and route.address.count("<") == 1:
            candidates = (route.filled(identifier) for identifier in sorted(seen))
            served = (address for address in candidates if client.get(address).status_code == 200)
            found[route.address] = set(islice(served, AT_MOST))
    return {address for addresses in found.values() for address in addresses}


def _among(routes: Sequence[Route], address: str) -> Route | None:
    """The route that leads to this one object, if it is one of these."""
    try:
        match = resolve(address)
    except Resolver404:
        return None
    return next((route for route in routes if match.kwargs and route.view is match.func), None)


def shown(addresses: set[str], outsider: Client) -> list[str]:
    """Those that answer something else than 404; a method that is not allowed tells nothing."""
    return [
        address
        for address in sorted(addresses)
        for found in (outsider.get(address), outsider.post(address, content_type=FORM))
        if found.status_code not in (404, 405)
    ]
