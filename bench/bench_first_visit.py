"""Bytes of a parent's first visit to the home of the Espace Famille, as a browser receives them from production.

Chromium asks for the page with an empty cache on a phone's screen; the page, styles, scripts and fonts are counted,
compressed as they came and decoded; pictures are not.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from harness import Report, at_most, demo_town, signed_in, start

LIMIT = 1000  # kB, as networks count
PHONE = {"width": 390, "height": 844}
BOUNDS = {"first visit, over the wire": at_most(120), "first visit, decoded": at_most(450)}


def main() -> int:
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        print("apt-get install chromium")
        return 77
    start()
    demo_town()
    cookie = signed_in("parent").cookies["sessionid"].value
    report = Report(BOUNDS)
    with serving() as base:
        found = received(f"{base}/espace-famille/", base, cookie)
    kinds = sorted({kind for kind, _wire, _decoded in found})
    assert "Document" in kinds and "Stylesheet" in kinds, kinds
    for kind in kinds:
        wire = sum(size for one, size, _decoded in found if one == kind)
        report.say(f"first visit, {kind.lower()}, over the wire", wire / LIMIT, "kB")
    counted = [(wire, decoded) for kind, wire, decoded in found if kind not in ("Image", "Media")]
    report.say("first visit, over the wire", sum(wire for wire, _ in counted) / LIMIT, "kB")
    report.say("first visit, decoded", sum(decoded for _, decoded in counted) / LIMIT, "kB")
    report.say("first visit, requests", len(found), "requests")
    return report.close()


def received(address: str, base: str, cookie: str) -> list[tuple[str, int, int]]:
    """(kind, bytes over the wire, bytes decoded) of each answer, headers counted on the wire."""
    from playwright.sync_api import sync_playwright

    from core.testing.browser import launch_args

    kinds: dict[str, str] = {}
    decoded: dict[str, int] = {}
    wire: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_args())
        context = browser.new_context(viewport=PHONE, locale="fr-FR")
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": base}])
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on(
            "Network.responseReceived", lambda event: kinds.setdefault(event["requestId"], event["type"])
        )
        network.on("Network.dataReceived", lambda event: decoded.__setitem__(
            event["requestId"], decoded.get(event["requestId"], 0) + event["dataLength"]))  # fmt: skip
        network.on(
            "Network.loadingFinished",
            lambda event: wire.__setitem__(event["requestId"], int(event["encodedDataLength"])),
        )
        page.goto(address, wait_until="networkidle")
        assert page.url == address, page.url
        browser.close()
    return [
        (kinds[request], size, decoded.get(request, 0)) for request, size in wire.items() if request in kinds
    ]


@contextmanager
def serving() -> Iterator[str]:
    """Address of one worker of production, which pays no attention to this process."""
    from django.db import connections

    connections.close_all()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "parvis.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
    ]
    server = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path, "PARVIS_URL": base})
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{base}/sante/", timeout=30)
                break
            except OSError:
                time.sleep(0.1)
        yield base
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    raise SystemExit(main())
