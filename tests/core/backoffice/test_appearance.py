"""The appearance of the town, seen before it is written, refused when nobody could read it."""

import re
from typing import Any

import pytest
from django.test import Client

from core.contracts.access import Trade
from core.kernel import configuration
from core.testing.factories import AgentFactory
from core.ui import appearance
from core.ui.palette import OURS

pytestmark = pytest.mark.django_db
PAGE = "/gestion/apparence/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AgentFactory(username="anne", trades=[Trade.ADMIN]))
    return client


def typed(**changes: str) -> dict[str, str]:
    colours = {"brand": OURS.brand, "brand_dark": OURS.brand_dark, "sun": OURS.sun}
    return {"name": "Bassens", "motto": "", **colours, "version-after": "0", **changes}


def test_seeing_is_not_writing(admin: Client) -> None:
    page = admin.post(PAGE, typed(brand="#7a1f2b", name="Bassens & Co", voir="1")).content.decode()
    assert "Aperçu, pas encore enregistré" in page
    frame = re.search(r'<iframe src="([^"]+)"', page)
    assert frame
    address = frame[1].replace("&amp;", "&")
    assert "brand=%237a1f2b" in address
    assert configuration.last_number(appearance.KEY) == 0
    answer = admin.get(address)
    assert "Bassens &amp; Co" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    sheet = re.search(r'href="(/gestion/apparence/apercu\.css[^"]+)"', answer.content.decode())
    assert sheet
    assert "--brand: #7a1f2b;" in admin.get(sheet[1].replace("&amp;", "&")).content.decode()
    assert 'data-bs-theme="dark"' in admin.get(f"{PAGE}apercu/?theme=dark").content.decode()


def test_saving_dresses_the_site(admin: Client) -> None:
    page = admin.post(PAGE, typed(brand="#7a1f2b", motto="Une ville, un fleuve"), follow=True)
    assert "C’est enregistré" in page.content.decode()
    home = admin.get("/contacts/").content.decode()
    assert "/theme.css?v=" in home
    assert "Une ville, un fleuve" in home


@pytest.mark.parametrize("act", [{}, {"voir": "1"}])
def test_an_unreadable_pair_is_refused_with_its_ratio(admin: Client, act: dict[str, str]) -> None:
    page = admin.post(PAGE, typed(brand="#e3a93c", **act)).content.decode()
    assert re.search(r"Liens[^.]+ : contraste de \d(,\d)? pour 1, il en faut 4,5", page)
    assert 'value="#e3a93c"' in page
    assert "g-badge--error" in page
    assert "brand=%23e3a93c" in page
    assert configuration.last_number(appearance.KEY) == 0


def test_what_is_no_colour_is_never_drawn(admin: Client) -> None:
    page = admin.post(PAGE, typed(brand='red"/><script>', voir="1")).content.decode()
    assert "par son code" in page
    assert "<script>" not in page
    assert f'fill="{OURS.brand}"' in page
    css = admin.get(f"{PAGE}apercu.css", {"brand": "red;}body{display:none}"}).content.decode()
    assert css == ""


def test_everywhere_else_no_frame_is_allowed(admin: Client) -> None:
    answer = admin.get(PAGE)
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_the_history_compares_and_restores(admin: Client) -> None:
    admin.post(PAGE, typed(brand="#7a1f2b"))
    admin.post(PAGE, typed(brand="#14532d", **{"version-after": "1"}))
    page = admin.get("/gestion/configuration/core.theme/2/").content.decode()
    assert "<td>#7a1f2b</td><td>#14532d</td>" in page
    answer: Any = admin.post("/gestion/configuration/core.theme/1/retablir/")
    assert answer.url == PAGE
    assert appearance.sheet().values()["brand"] == "#7a1f2b"
