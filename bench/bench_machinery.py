"""What twenty more plugins cost a page that shows none of them: at most 3 ms, and no statement more.

The twenty are written by this program as real plugins, each in a folder with a manifest, an application, addresses, an
API and the hooks that plugins usually implement, which have nothing to say on this page. One server process has them,
another has not; their pages are asked for in turn, so that both see the same machine.
"""

import json
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import IO, Any

from harness import Report, at_most, clocked, demo_town, signed_in, start, statements, visit

PLUGINS = 20
TURNS, ASKED = 30, 20
PAGES = {"parent home": ("parent", "/espace-famille/"), "public home": ("", "/")}
BOUNDS = {
    f"{PLUGINS} plugins more, {name}, {figure}": at_most(limit)
    for name in PAGES
    for figure, limit in (("statements", 0), ("time", 3))
}

MANIFEST = """
from core.contracts.plugin import Plugin

plugin = Plugin(
    slug="{slug}", name="{slug}", summary="Rien à montrer.", audience=frozenset({"families", "public", "agents"}),
    requires_core=">=1.0,<2", owner="mesures", django_apps=("plugins.{slug}",),
)
"""
APP = """
from django.apps import AppConfig


class Config(AppConfig):
    name = "plugins.{slug}"
    label = "{slug}"
"""
HOOKS = """
from core.contracts.backoffice import Menu, Screen
from core.contracts.jobs import Job
from core.contracts.markers import hookimpl


@hookimpl
def site_menu_items(request):
    return []


@hookimpl
def family_tiles(context):
    return []


@hookimpl
def family_panels(context):
    return []


@hookimpl
def home_panels(request):
    return []


@hookimpl
def billable_lines(scope):
    return iter(())


@hookimpl
def backoffice_screens():
    where = {"menu": Menu.CHILDHOOD, "permission": "families.view_family", "url_name": "{slug}:agents"}
    return [Screen(label="{slug}", icon="list-ul", **where)]
"""
URLS = """
from django.http import HttpResponse
from django.urls import path

from core.families.access import family_only
from core.kernel.access import agent, public

app_name = "{slug}"


@public
def page(request, pk=None):
    return HttpResponse("")


@family_only
def family(request, pk=None):
    return HttpResponse("")


@agent("families.view_family")
def agents(request):
    return HttpResponse("")


urlpatterns = [
    path("{slug}/", page, name="page"),
    path("{slug}/<uuid:pk>/", page, name="one"),
    path("espace-famille/{slug}/", family, name="family"),
    path("espace-famille/{slug}/<uuid:pk>/", family, name="mine"),
    path("gestion/{slug}/", agents, name="agents"),
]
"""
API = "urlpatterns = []\n"
FILES = {
    "__init__.py": "",
    "plugin.py": MANIFEST,
    "apps.py": APP,
    "hooks.py": HOOKS,
    "urls.py": URLS,
    "api.py": API,
}


def main() -> int:
    start()
    demo_town()
    from core.testing.outside import distribution

    report = Report(BOUNDS)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        folders = []
        for number in range(PLUGINS):
            folders.append(root / "plugins" / f"mesure_{number:02d}")
            folders[-1].mkdir(parents=True)
            for name, text in FILES.items():
                (folders[-1] / name).write_text(text.replace("{slug}", folders[-1].name))
        distribution(root, folders, name="modules-de-mesure")
        with asking([]) as without, asking([str(root)]) as with_them:
            for name, page in PAGES.items():
                few, many = ask(without, page), ask(with_them, page)
                assert many["plugins"] == few["plugins"] + PLUGINS, (few, many)
                pairs = [(ask(without, page), ask(with_them, page)) for _ in range(TURNS)]
                more = f"{PLUGINS} plugins more, {name}"
                report.say(f"{more}, statements", many["statements"] - few["statements"], "statements")
                for figure in ("time", "processor"):
                    report.say(f"{name}, {figure}", median(few[figure] for few, _ in pairs), "ms")
                    cost = median(many[figure] - few[figure] for few, many in pairs)
                    report.say(f"{more}, {figure}", cost, "ms")
    return report.close()


# A process that is asked --------------------------------------------------------------------------------------------


def asking(roots: list[str]) -> subprocess.Popen[str]:
    path = os.pathsep.join([*roots, os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    return subprocess.Popen(
        [sys.executable, __file__, "answer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip


def ask(process: subprocess.Popen[str], page: tuple[str, str]) -> dict[str, Any]:
    wrote, read = pipe(process.stdin), pipe(process.stdout)
    wrote.write(json.dumps(page) + "\n")
    wrote.flush()
    return json.loads(read.readline())


def pipe(one: IO[str] | None) -> IO[str]:
    assert one is not None
    return one


def answer() -> None:
    """For each line with a page, one line: its statements, and the median milliseconds of `ASKED` visits."""
    start()
    from django.test import Client

    from core.kernel import state

    clients: dict[str, Any] = {}
    for line in sys.stdin:
        username, address = json.loads(line)
        client = clients.get(username)
        if client is None:
            client = clients[username] = signed_in(username) if username else Client()
            for _ in range(5):
                visit(client, address)
        once = partial(visit, client, address)
        clock, processor = zip(*(clocked(once) for _ in range(ASKED)), strict=True)
        found = {
            "plugins": len(state.enabled()),
            "time": median(clock),
            "processor": median(processor),
            "statements": len(statements(once)),
        }
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        answer()
    else:
        raise SystemExit(main())
