"""A visitor who follows every link of the public site, and what a reader would find wrong on its pages."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client

HOST = "testserver"
PER_PATH = 3
"""Addresses that differ by their query alone: months, pages of a list, filters."""

PER_SERIES = 4
"""Addresses that differ by their numbers alone: weeks of menus."""

READ_ELSEWHERE = ("mailto", "tel")


@dataclass(frozen=True)
class Visited:
    """What an address answers; `found_on` is the first page that leads to it."""

    address: str
    found_on: str
    status: int
    kind: str
    body: str

    @property
    def is_page(self) -> bool:
        return self.status == 200 and self.kind.startswith("text/html")

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.body, "html.parser")

    @cached_property
    def links(self) -> list[str]:
        """Whatever the page leads to or shows, as it writes it."""
        named = [
            str(tag[name]) for name in ("href", "src", "action") for tag in self.soup.select(f"[{name}]")
        ]
        several = [
            part.split()[0] for tag in self.soup.select("[srcset]") for part in str(tag["srcset"]).split(",")
        ]
        return [*named, *several]

    @cached_property
    def words(self) -> str:
        """What one reads or hears, without what is not words of ours (addresses, code)."""
        soup = BeautifulSoup(self.body, "html.parser")
        spoken = [
            str(tag[name])
            for name in ("alt", "aria-label", "placeholder", "title")
            for tag in soup.select(f"[{name}]")
        ]
        for tag in soup(["script", "style", "code", "svg"]):
            tag.decompose()
        return re.sub(r"\s+", " ", " ".join([soup.get_text(" "), *spoken]))


@dataclass
class Crawl:
    """Every address that one reaches from some doors, each asked once."""

    visits: dict[str, Visited] = field(default_factory=dict)
    abroad: set[str] = field(default_factory=set)

    @property
    def pages(self) -> list[Visited]:
        return [visit for visit in self.visits.values() if visit.is_page]


def crawl(client: Client, doors: list[str]) -> Crawl:
    """Breadth first; a series of addresses alike is sampled, everything else is asked."""
    done = Crawl()
    waiting = deque((door, "") for door in doors)
    alike: Counter[str] = Counter()
    while waiting:
        address, found_on = waiting.popleft()
        if address in done.visits or _is_enough(address, alike):
            continue
        answer = client.get(address, follow=True)
        kind = answer.get("Content-Type", "")
        body = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        visit = done.visits[address] = Visited(address, found_on, answer.status_code, kind, body)
        for link in visit.links if visit.is_page else ():
            target = urlsplit(urljoin(f"http://{HOST}{address}", link))
            if target.hostname == HOST:
                path = target.path + (f"?{target.query}" if target.query else "")
                waiting.append((path, address))
            elif target.scheme not in (*READ_ELSEWHERE, "data"):
                done.abroad.add(link)
    return done


def _is_enough(address: str, alike: Counter[str]) -> bool:
    path, asked, _query = address.partition("?")
    series = re.sub(r"\d+", "0", path)
    for key, most in ((path + asked, PER_PATH), (series, PER_SERIES)):
        if (
            (key.endswith("?") or key != path)
            and alike[key] >= most
            and not path.startswith(("/static/", "/media/"))
        ):
            return True
    alike[path + asked] += 1
    if series != path:
        alike[series] += 1
    return False


# What is wrong --------------------------------------------------------------------------------------------------------


def dead(done: Crawl) -> list[str]:
    return [
        f"{visit.address} ({visit.status}), on {visit.found_on or 'no page'}"
        for visit in done.visits.values()
        if visit.status != 200
    ]


def lost_anchors(done: Crawl) -> Iterator[str]:
    """Links to a place of a page that the page does not have."""
    for page in done.pages:
        for tag in page.soup.select("a[href*='#']"):
            path, _, anchor = str(tag["href"]).partition("#")
            target = done.visits.get(path or page.address)
            if anchor and target and target.is_page and not target.soup.find(id=anchor):
                yield f"{page.address}: {tag['href']}"


def empty_blocks(done: Crawl) -> Iterator[str]:
    """Parts of a page that announce something and hold nothing; links and pictures without words."""
    for page in done.pages:
        main = page.soup.find("main")
        for tag in (
            main.find_all(["section", "ul", "ol", "dl", "table", "h1", "h2", "h3", "p", "figure"])
            if main
            else ()
        ):
            if isinstance(tag, Tag) and not _says(tag):
                yield f"{page.address}: <{tag.name} {tag.attrs}> is empty"
        for panel in page.soup.select("section.panel"):
            head = panel.select_one(".panel-head")
            if head and not panel.get_text(strip=True).removeprefix(head.get_text(strip=True)):
                yield f"{page.address}: « {head.get_text(strip=True)} » holds nothing"
        for link in page.soup.select("a[href]"):
            if not _says(link):
                yield f"{page.address}: a link to {link['href']} without a word"
        for picture in page.soup.select("img:not([alt])"):
            yield f"{page.address}: {picture} says nothing"


def _says(tag: Tag) -> bool:
    """A place where a script will say something waits empty, and is known by its role."""
    if tag.get("role") == "status" or tag.find_parent(hidden=True) or tag.has_attr("hidden"):
        return True
    return bool(
        tag.get_text(strip=True) or tag.find(["img", "svg", "input", "video"]) or tag.get("aria-label")
    )
