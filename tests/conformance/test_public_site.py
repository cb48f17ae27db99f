"""The public site with `actualites` alone, as a visitor finds it: every address answers, every link leads somewhere, no
part of a page is empty, the markup is valid, and the words are those of a French town."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.contracts.demo import Demo
from core.kernel import clock, configuration, discovery
from core.kernel.models import PluginState
from core.pages.demo import load_pages
from core.testing.crawl import Crawl, Visited, crawl, dead, empty_blocks, lost_anchors
from core.testing.words import FORBIDDEN, forbidden
from core.town.demo import load_town
from plugins.actualites.demo import load

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).parent / "html-validate.json"

STABLE = (
    "/", "/actualites/", "/actualites/flux.rss", "/documents/", "/contacts/", "/accessibilite/", "/plan-du-site/",
    "/recherche/", "/connexion/", "/espace-famille/", "/api/v1/", "/api/v1/schema/", "/api/v1/docs/", "/sante/",
)  # fmt: skip
"""Public addresses that stay the same for whoever judges from outside."""

OTHERS = (
    "/agenda/", "/agenda/?mois=2026-12", "/agenda/?passes", "/agenda/flux.ics", "/menus/", "/mentions-legales/",
    "/donnees-personnelles/", "/donnees-ouvertes/", "/contacts/ecrire/", "/sitemap.xml", "/robots.txt",
    "/recherche/?q=cantine", "/recherche/?q=introuvable", "/api/v1/menus/", "/api/v1/evenements/",
    "/api/v1/actualites/", "/api/v1/documents/",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crawl]:
    """Everything that a visitor reaches, read once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        only("actualites")
        demo = Demo(today=clock.today())
        load_town(today=demo.today)
        load_pages(demo=demo)
        load(demo)
        cache.clear()
        configuration.forget()
        yield crawl(Client(), [*STABLE, *OTHERS])
        transaction.set_rollback(True)


def only(*slugs: str) -> None:
    for plugin in discovery.installed().plugins:
        PluginState.objects.update_or_create(slug=plugin.slug, defaults={"enabled": plugin.slug in slugs})


# What answers ---------------------------------------------------------------------------------------------------------


def test_every_stable_address_answers(site: Crawl) -> None:
    answers = {address: site.visits[address].status for address in (*STABLE, *OTHERS)}
    assert {address: status for address, status in answers.items() if status != 200} == {}


def test_no_link_is_dead(site: Crawl) -> None:
    assert dead(site) == []
    assert len(site.pages) >= 55
    assert len(site.visits) >= 120


def test_no_link_is_lost_in_its_page(site: Crawl) -> None:
    assert list(lost_anchors(site)) == []


def test_no_block_is_empty(site: Crawl) -> None:
    assert "\n".join(empty_blocks(site)) == ""


def test_what_leads_elsewhere_is_safe_and_nothing_is_loaded_from_there(site: Crawl) -> None:
    assert {link for link in site.abroad if not link.startswith("https://")} == set()
    for page in site.pages:
        for tag in page.soup.select("img, script, link[rel=stylesheet], iframe, source, video"):
            source = str(tag.get("src") or tag.get("href") or "")
            assert not source.startswith(("http", "//")), f"{page.address}: {source}"


def test_no_cookie_but_where_something_is_sent(site: Crawl) -> None:
    forms = [page for page in site.pages if page.soup.select("form[method=post]")]
    without = [page.address for page in site.pages if page not in forms]
    assert len(without) >= 50
    for address in without[:25]:
        assert not Client().get(address).cookies, address


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/actualites/",
        "/documents/",
        "/agenda/",
        "/agenda/?mois=2026-12",
        "/menus/",
        "/contacts/",
        "/recherche/",
    ],
)
def test_ten_statements_for_home_and_lists(site: Crawl, address: str) -> None:
    Client().get(address)
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 10, "\n".join(sql[:300] for sql in asked)


def test_without_it_the_home_page_still_answers(site: Crawl) -> None:
    only()
    page = Visited("/", "", 200, "text/html", Client().get("/").content.decode())
    only("actualites")
    assert "Une question ? Besoin d’aide ?" in page.words
    assert "05 57 80 81 87" in page.words
    assert list(empty_blocks(Crawl({"/": page}))) == []
    assert not {"/actualites/", "/agenda/", "/menus/", "/documents/"} & set(page.links)


def test_a_planted_dead_link_and_an_empty_block_are_seen() -> None:
    empty = "<section class='panel'><div class='panel-head'><h2>Vide</h2></div></section>"
    body = f"<main><h1></h1>{empty}<a href='/x/#y'></a></main>"
    page = Visited("/x/", "", 200, "text/html", body)
    done = Crawl({"/x/": page, "/y/": Visited("/y/", "/x/", 404, "text/html", "")})
    assert len(dead(done)) == 1
    assert len(list(empty_blocks(done))) == 3
    assert len(list(lost_anchors(done))) == 1


# Markup ---------------------------------------------------------------------------------------------------------------


def validated(folder: Path) -> list[str]:
    """What the validator says of the pages of a folder."""
    asked = [
        "node",
        str(VALIDATOR),
        "--config",
        str(RULES),
        "--formatter",
        "json",
        "--ext",
        "html",
        str(folder),
    ]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode in (0, 1), answer.stderr
    return [
        f"{Path(file['filePath']).name}:{message['line']} {message['ruleId']}: {message['message']}"
        for file in json.loads(answer.stdout or "[]")
        for message in file["messages"]
    ]


def needs_validator() -> None:
    if not VALIDATOR.exists():
        assert os.environ.get("CI", "").lower() not in ("true", "1"), "run `npm ci`"
        pytest.skip("the validator of markup comes with `npm ci`; where CI is set, its absence is a failure")


def test_the_markup_of_every_page_is_valid(site: Crawl, tmp_path: Path) -> None:
    needs_validator()
    for rank, page in enumerate(site.pages):
        name = re.sub(r"\W+", "-", page.address).strip("-") or "accueil"
        (tmp_path / f"{rank:03d}-{name[:60]}.html").write_text(page.body, "utf-8")
    assert len(list(tmp_path.iterdir())) >= 55
    assert "\n".join(validated(tmp_path)) == ""


def test_invalid_markup_is_seen(tmp_path: Path) -> None:
    needs_validator()
    (tmp_path / "faux.html").write_text(
        "<!doctype html><p><div></div></p><img><b id=a></b><b id=a></b>", "utf-8"
    )
    assert len(validated(tmp_path)) >= 3


# Words ----------------------------------------------------------------------------------------------------------------


def test_pages_speak_french(site: Crawl) -> None:
    wrong = {page.address: found for page in site.pages if (found := forbidden(page.words))}
    assert wrong == {}


@pytest.mark.parametrize(
    "planted",
    [
        "Page not found",
        "Cliquez ici",
        "Veuillez patienter",
        "Envoyez un email",
        "notre newsletter",
        "République Française",
        "Loading…",
    ],
)
def test_a_planted_word_is_seen(planted: str) -> None:
    assert forbidden(f"Bienvenue. {planted}. Au revoir.")
    assert len(FORBIDDEN) >= 40
