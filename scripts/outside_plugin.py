#!/usr/bin/env python3
"""A plugin that is not in the tree, from its wheel to its end: what the lane `outside` runs.

    outside_plugin.py [--keep DIR]

Builds the wheels of Parvis and of `tests/outside_plugin`, installs both in a fresh environment, runs the plugin's own
tests (conformance is among them) there, switches the plugin on and off in a running town, bills with it, then retires
and uninstalls it. Whatever the database holds afterwards that it did not hold before, but for what was billed, is a
failure. Prints each step with its seconds; the last lines are those of pytest. `--keep` leaves everything in a folder.
"""

import argparse
import http.cookiejar
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.testing import outside
from core.testing.browser import launch_args

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "tests" / "outside_plugin"
SLUG, DISTRIBUTION = "musique", "parvis-ecole-de-musique"
TODAY, LATER = "2026-11-23", "2026-12-05"
PASSWORD = "parvis-demo-2026"

SPACE = f"/espace-famille/{SLUG}/"
PAGE = "/ecole-de-musique/"
TRACES = (
    ("", "/", f'href="{PAGE}"'),
    ("", PAGE, "Orchestre des jeunes"),
    ("", "/recherche/?q=orchestres", "Orchestre des jeunes"),
    ("", "/api/v1/", "/api/v1/musique/cours/"),
    ("", "/api/v1/schema/?format=json", "/api/v1/musique/inscriptions/"),
    ("", "/api/v1/musique/cours/", "Orchestre des jeunes"),
    ("parent", "/espace-famille/", f'href="{SPACE}"'),
    ("parent", SPACE, "Orchestre des jeunes"),
    ("parent", "/api/v1/musique/inscriptions/", '"prix"'),
    ("admin", "/gestion/", "/gestion/musique-cours/"),
    ("admin", "/gestion/musique-cours/", "Orchestre des jeunes"),
    ("admin", "/gestion/musique/eleves/", "Orchestre des jeunes"),
)
"""Who looks where, and what is there while the plugin is on."""

KEPT = {
    "facturation_": "what was billed",
    "pricing_priceexplanation": "why it was",
    "kernel_pluginswitch": "who switched and retired it",
    "notifications_": "what families were told of their invoices",
    "kernel_delivery": "what other plugins were told",
    "families_billingtouch": "months to bill again",
    "accounts_user": "last sign-in",
    "django_session": "sessions",
    "usersessions_": "sessions",
    "kernel_configurationversion": "the menus of the site, copied again without its page",
    "pages_picturerendition": "pictures at the sizes that pages asked for",
    "parvis_cache": "the cache",
}
"""Tables that may hold more than before, and why."""

NAMED = ("facturation_", "pricing_priceexplanation", "kernel_pluginswitch", "notifications_")
"""Those whose new rows may name the plugin."""

LIVED = f"""
import django
django.setup()
from django_tasks_db.models import DBTaskResult
from core.accounts.models import User
from core.kernel import clock, configuration
from core.kernel.models import Delivery, JobRun
from plugins.musique.models import MusicPage
admin = User.objects.get(username="admin")
page = MusicPage.objects.get()
page.lead = "Une phrase qu’un agent a écrite."
page.save_revision(user=admin, log_action=True).publish()
document = {{"withdrawal_days": 3, "lends_instruments": True, "phone": "05 57 80 81 00"}}
configuration.record(key="{SLUG}.settings", document=document, after=0, author="admin", at=clock.now())
Delivery.objects.create(
    hook="on_invoice_issued", slug="{SLUG}", event={{}}, next_attempt_at=clock.now(), created_at=clock.now()
)
JobRun.objects.create(job="{SLUG}.forget", slot=clock.now(), retry_at=clock.now(), started_at=clock.now(), state="done")
DBTaskResult.objects.create(
    task_path="plugins.{SLUG}.tasks.later", args_kwargs={{}}, backend_name="default", run_after=clock.now(),
    exception_class_path="", traceback="",
)
"""
"""What the life of a town leaves in the tables of core for a plugin: an edited page, settings, deliveries, jobs."""

BILL = """
import json, sys
import django
django.setup()
from core.contracts.billing import Period
from core.kernel import clock
from plugins.facturation.models import BilledLine, Invoice, ProductMapping, Regie
from plugins.facturation.services import issuing, runs
for product in ("musique-cours", "musique-instrument"):
    ProductMapping.objects.get_or_create(product=product, defaults={"label": product, "regie": Regie.objects.get()})
run = runs.create_run(
    period=Period.of(clock.today()).previous, excluded_sources=[], actor=None, now=clock.now(), today=clock.today()
)
run = runs.draft_run(run_id=run.pk, now=clock.now())
issuing.start_issue(run_id=run.pk, today=clock.today(), confirmed=True)
issuing.issue_run(run_id=run.pk, now=clock.now())
lines = BilledLine.objects.filter(run=run)
mine = Invoice.objects.filter(run=run, payer__person__user__username="parent").first()
print(json.dumps({
    "sources": run.sources,
    "lines": lines.count(),
    "products": sorted(set(lines.values_list("product", flat=True))),
    "invoice": str(mine.pk) if mine else "",
}))
"""


class Wrong(Exception):
    """The lane is red, and why."""


def expect(held: object, what: str) -> None:
    if not held:
        raise Wrong(what)


class Town:
    """A fresh environment, its instance and its data."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.python = outside.fresh_environment(place / "venv")
        self.var = place / "var"
        (self.var / "static").mkdir(parents=True)
        shutil.copytree(ROOT / "site", place / "site", ignore=shutil.ignore_patterns("__pycache__"))
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PARVIS_PLUGINS", "DATABASE", "PYTEST"))
        }
        self.env = kept | {
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": str(place / "site"),
            "DJANGO_SETTINGS_MODULE": "parvis.settings.demo",
            "PARVIS_PLUGINS_STRICT": "1",
            "PARVIS_PLUGINS_ONLY": f"actualites,facturation,{SLUG}",
            "PARVIS_VAR": str(self.var),
            "PARVIS_TODAY": TODAY,
            "PYTHONWARNINGS": "ignore",
        }

    @property
    def database(self) -> Path:
        return self.var / "parvis.sqlite3"

    def run(self, *command: str, **env: str) -> str:
        """What a command of the environment says."""
        done = subprocess.run(
            [str(self.python.parent / command[0]), *command[1:]],
            cwd=self.place, env=self.env | env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        expect(done.returncode == 0, f"{' '.join(command)[:200]}\n{(done.stdout + done.stderr)[-4000:]}")
        return done.stdout

    def parvis(self, *arguments: str) -> str:
        return self.run("parvis", *arguments)

    def script(self, text: str, **env: str) -> dict[str, Any]:
        """What a piece of Python prints last, read as JSON."""
        found: dict[str, Any] = json.loads(self.run("python", "-c", text, **env).splitlines()[-1])
        return found

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Address of a server of two workers over the town's data."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            base = f"http://127.0.0.1:{probe.getsockname()[1]}"
        options = [
            "--graceful-timeout",
            "3",
            "--workers",
            "2",
            "--threads",
            "2",
            "--bind",
            base.removeprefix("http://"),
        ]
        with (self.place / "server.log").open("a") as log:
            server = subprocess.Popen(
                [str(self.python), "-m", "gunicorn", "parvis.wsgi", "--preload", "--log-level", "warning", *options],
                cwd=self.place, env=self.env | {"PARVIS_URL": base}, stdout=log, stderr=log,
            )  # fmt: skip
            try:
                wait(base, server)
                yield base
            finally:
                server.terminate()
                server.wait(30)


def wait(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        expect(server.poll() is None, "the server stopped")
        try:
            urllib.request.urlopen(f"{base}/sante/", timeout=30)
            return
        except OSError:
            time.sleep(0.1)
    raise Wrong("the server does not answer")


class Person:
    """Somebody with a browser; `account` is empty for a visitor."""

    def __init__(self, base: str, account: str = "") -> None:
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        if account:
            self.get("/connexion/")
            _status, page = self.post("/connexion/", login=account, password=PASSWORD)
            expect(
                any(cookie.name == "sessionid" for cookie in self.jar),
                f"{account} does not sign in\n{page[:2000]}",
            )

    def get(self, path: str) -> tuple[int, str]:
        status, body = self.raw(path)
        return status, body.decode("utf-8", "replace")

    def raw(self, path: str, data: bytes | None = None) -> tuple[int, bytes]:
        headers = {"Referer": self.base + path}
        try:
            with self.opener.open(
                urllib.request.Request(self.base + path, data, headers), timeout=60
            ) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "") or ""
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        status, body = self.raw(path, data)
        return status, body.decode("utf-8", "replace")


People = dict[str, Person]


def people(base: str) -> People:
    return {account: Person(base, account) for account in ("", "parent", "admin")}


def seen(who: People) -> list[str]:
    """Where something of the plugin shows, twice so that each worker is asked."""
    return [
        path
        for account, path, text in TRACES * 2
        for status, body in [who[account].get(path)]
        if text in body and status == 200
    ]


def check_wheel(wheel: Path) -> None:
    """The files of the wheel are those that `wheel.txt` names, no more, no less."""
    wanted = (PROJECT / "wheel.txt").read_text("utf-8").split()
    found = outside.contents(wheel)
    expect(found == wanted, f"in the wheel {sorted(set(found) ^ set(wanted))} differ from wheel.txt")


def check_installed(town: Town) -> None:
    """Core and the plugin come from the environment, not from the tree."""
    text = f"import core, plugins.{SLUG} as p, sys; print(core.__file__, p.__file__, *sys.path, sep='\\n')"
    core, plugin, *path = town.run("python", "-c", text).split()
    home = str(town.place / "venv")
    expect(core.startswith(home) and plugin.startswith(home), f"{core} and {plugin} are not of {home}")
    expect(str(ROOT) not in path and str(ROOT / "site") not in path, "the tree is on the path")


def tests(town: Town, database: Path, demo: Path) -> subprocess.Popen[str]:
    """The plugin's own tests in the environment, beside the rest; those in a browser where there is one."""
    options = ["-q", "-p", "no:cacheprovider", "--color=no", "--reuse-db", "-W", "ignore"]
    if not launch_args()["executable_path"]:
        options += ["-m", "not e2e"]
    env = town.env | {"PARVIS_TEST_DATABASE": str(database), "PARVIS_TEST_DEMO": str(demo)}
    del env["DJANGO_SETTINGS_MODULE"], env["PARVIS_TODAY"]  # those of the project
    return subprocess.Popen(
        [str(town.python), "-m", "pytest", *options],
        cwd=town.place / "project", env=env | {"TMPDIR": str(town.place)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def enrol(parent: Person) -> None:
    """A parent enrols a child by the pages."""
    _status, page = parent.get(SPACE)
    link = re.search(rf'href="({SPACE}[0-9a-f-]+/[0-9a-f-]+/)"', page)
    expect(link, "no child may be enrolled")
    assert link
    _status, asked = parent.get(link[1])
    expect("pourquoi ce prix" in asked, "the price is not explained")
    status, told = parent.post(link[1], instrument="prete")
    expect(status == 200 and "est inscrit" in told, f"the enrolment failed: {status}")


def invoice(parent: Person, identifier: str) -> str:
    """The words of an invoice's page; its PDF opens too."""
    address = f"/espace-famille/factures/{identifier}/"
    status, page = parent.get(address)
    expect(
        status == 200 and "Cours et solfège" in page,
        f"{address} answers {status} or does not name the course",
    )
    status, pdf = parent.raw(f"{address}pdf/")
    expect(status == 200 and pdf.startswith(b"%PDF"), f"{address}pdf/ answers {status}")
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", main[0])


def check_export(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    models = {line["model"] for line in lines}
    wanted = {f"{SLUG}.{name}" for name in ("term", "course", "enrolment", "musicpage")}
    wanted |= {
        "wagtailcore.page",
        "wagtailcore.pagelogentry",
        "kernel.configurationversion",
        "pricing.tariffversion",
    }
    expect(wanted <= models, f"{sorted(wanted - models)} are not exported")
    expect(oct(path.stat().st_mode & 0o777) == "0o600", "everybody may read the export")


def left(before: outside.Rows, after: outside.Rows) -> list[str]:
    """What should not be in the database: a table or a column, a row that nothing explains or that names the plugin."""
    return [
        f"{table}: {row[:300]}"
        for table, new in outside.added(before, after).items()
        for row in new
        if row.startswith("CREATE ")
        or not table.startswith(tuple(KEPT))
        or (SLUG in row and not table.startswith(NAMED))
    ]


class Steps:
    """Prints what was done and how long it took."""

    def __init__(self) -> None:
        self.began = self.last = time.monotonic()

    def __call__(self, done: str) -> None:
        now = time.monotonic()
        print(f"{now - self.last:6.1f} s  {done}", flush=True)
        self.last = now


def life(place: Path) -> int:
    step = Steps()
    shutil.copytree(PROJECT, place / "project", ignore=shutil.ignore_patterns("__pycache__"))
    with ThreadPoolExecutor(2) as pool:
        wheels = list(pool.map(outside.build, (ROOT, place / "project"), (place / "core", place / "plugin")))
    check_wheel(wheels[1])
    step("wheels of Parvis and of the plugin, whose files are those of wheel.txt")

    town = Town(place)
    outside.install(town.python, wheels[0])
    town.parvis("migrate", "-v0")
    shutil.copy(town.database, place / "tests.sqlite3")
    town.parvis("demo")
    shutil.copy(town.database, place / "before.sqlite3")
    step("a town without the plugin")

    outside.install(town.python, wheels[1])
    check_installed(town)
    town.parvis("migrate", "-v0")
    town.parvis("demo")
    shutil.copytree(town.var, place / "demo")
    suite = tests(town, place / "tests.sqlite3", place / "demo")
    try:
        step("installed from its wheel; its tests run beside what follows")
        export = lives_and_ends(town, step)
        outside.uninstall(town.python, DISTRIBUTION)
        expect(not list((place / "venv").rglob(f"plugins/{SLUG}")), "files are left in the environment")
        after_it(town, export, step)
        remains = left(outside.rows(place / "before.sqlite3"), outside.rows(town.database))
        expect(not remains, "left in the database:\n" + "\n".join(remains))
        step("nothing is left in the database but what was billed")
        said, _ = suite.communicate(timeout=300)
    finally:
        suite.kill()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    step(f"its tests; {time.monotonic() - step.began:.0f} s in all, {processor:.0f} s of processor")
    print(said)
    return suite.returncode


def lives_and_ends(town: Town, step: Steps) -> dict[str, str]:
    """On, off, on again, billed, retired, all in front of one server. Returns the invoice that stays and its words."""
    with town.serving() as base:
        who = people(base)
        everywhere = [path for _account, path, _text in TRACES * 2]
        found = seen(who)
        expect(found == everywhere, f"on, it is not seen at {sorted(set(everywhere) - set(found))}")
        step("seen everywhere in the running town")
        town.parvis("plugin", "disable", SLUG)
        expect(not (found := seen(who)), f"off, it is seen at {found}")
        town.parvis("plugin", "enable", SLUG)
        expect(seen(who) == everywhere, "on again, not all is back")
        step("off, nowhere; on again, everywhere")

        enrol(who["parent"])
        billed = town.script(LIVED + BILL)
        expect(
            billed["invoice"] and "musique-instrument" in billed["products"], f"it was not billed: {billed}"
        )
        words = invoice(who["parent"], billed["invoice"])
        step("a child enrolled, a month billed")

        town.parvis("plugin", "disable", SLUG, "--yes")  # an event still waits for it
        export = town.place / "musique.jsonl"
        expect("Rien n’est fait" in town.parvis("plugin", "retire", SLUG, "--export", str(export)), "no plan")
        said = town.parvis("plugin", "retire", SLUG, "--export", str(export), "--yes")
        expect("est retiré" in said, said)
        check_export(export)
        expect(not (found := seen(who)), f"retired, it is seen at {found}")
        for account, path in (("", "/"), ("parent", "/espace-famille/"), ("admin", "/gestion/")):
            status, _body = who[account].get(path)
            expect(status == 200, f"retired, and {path} answers {status} before the restart")
        step("retired: plan, export, migrations undone, in front of the running town")
    return {"invoice": billed["invoice"], "words": words}


def after_it(town: Town, kept: dict[str, str], step: Steps) -> None:
    """The town without its distribution: it serves, the invoice is as it was, the next month is billed."""
    town.parvis("migrate", "-v0")
    with town.serving() as base:
        who = people(base)
        expect(not (found := seen(who)), f"gone, it is seen at {found}")
        for account, path in (
            ("", "/"), ("", "/api/v1/schema/"),
            ("parent", "/espace-famille/"), ("parent", "/espace-famille/factures/"),
            ("admin", "/gestion/"), ("admin", "/gestion/modules/"), ("admin", "/gestion/pages/"),
            ("admin", "/gestion/reports/site-history/"),
        ):  # fmt: skip
            status, body = who[account].get(path)
            expect(status == 200, f"gone, and {path} answers {status}\n{body[:2000]}")
        expect(invoice(who["parent"], kept["invoice"]) == kept["words"], "the invoice changed")
    expect(SLUG not in town.parvis("plugins"), "it is still listed")
    later = town.script(BILL.replace("musique-", "autre-"), PARVIS_TODAY=LATER)
    expect(SLUG not in later["sources"] and later["lines"] == 0, f"the month after: {later}")
    step("uninstalled: the town serves, the invoice is as it was, the next month is billed")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, and leave")
    options = parser.parse_args(arguments)
    try:
        if options.keep:
            options.keep.mkdir(parents=True)
            return life(options.keep.resolve())
        with tempfile.TemporaryDirectory(prefix="outside-") as folder:
            return life(Path(folder))
    except Wrong as wrong:
        print(f"FAILED: {wrong}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
