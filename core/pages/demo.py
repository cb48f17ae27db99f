"""The demo's own site: its home page, its pictures, what it says of the Espace Famille, and what the law asks for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.models import Page

from core.contracts import settings as contract
from core.contracts.demo import Demo
from core.kernel import clock, configuration
from core.kernel.settings import Sheet
from core.pages import demo_texts, frame, legal
from core.pages.library import Licence, Picture
from core.pages.models import ContentPage, FooterEntry, HomePage, MenuEntry, SpacePage
from core.pages.scenes import SCENES
from core.pages.services import ensure_communication_rights, ensure_home
from core.town.models import Notice, Site
from core.town.selectors import calendar
from core.ui import formats

SPACE_SLUG = "comprendre-l-espace-famille"
TOLD_BEFORE = 10
"""Days among which the demo's strike falls: the next day of class."""


def load_pages(*, demo: Demo) -> list[str]:
    """Write the home page, the town's own pages and the rights of the communication team; twice is once. Returns French
    lines."""
    home = ensure_home()
    ensure_communication_rights(home)
    if not home.lead:
        _welcome(home)
    pictures = {name: scene(name) for name in SCENES}
    _page(
        home,
        SpacePage(
            title=f"L’Espace Famille de {settings.PARVIS_COMMUNE}",
            slug=SPACE_SLUG,
            lead=demo_texts.SPACE_LEAD,
            picture=pictures["school"],
            body=demo_texts.SPACE,
        ),
    )
    growing = _page(
        home,
        ContentPage(
            title="Grandir à Bassens",
            slug="grandir-a-bassens",
            lead=demo_texts.GROWING_LEAD,
            body=demo_texts.growing(pictures),
        ),
    )
    town_hall = _page(
        home,
        ContentPage(
            title="Venir à la mairie",
            slug="venir-a-la-mairie",
            lead=demo_texts.TOWN_HALL_LEAD,
            body=demo_texts.town_hall(pictures),
        ),
    )
    if not MenuEntry.objects.exists():
        MenuEntry.objects.create(page=home, target=growing, sort_order=0)
    if not FooterEntry.objects.exists():
        FooterEntry.objects.create(page=home, target=town_hall, sort_order=0)
    _settings(
        legal.accessibility(), {**demo_texts.ACCESSIBILITY, "written_on": demo.today - timedelta(days=60)}
    )
    _settings(legal.notice(), demo_texts.NOTICE)
    if not Notice.objects.exists():
        _strike(demo.today)
    frame.copy()
    return ["Site public : page d’accueil, trois pages de la commune, annonce urgente, pages légales."]


def _page(home: HomePage, page: Page) -> Page:
    """Published once; what editors made of it stays."""
    known = Page.objects.child_of(home).filter(slug=page.slug).first()
    if known is not None:
        return known
    home.add_child(instance=page)
    page.save_revision().publish()
    return page


def _settings(sheet: Sheet, values: dict[str, Any]) -> None:
    if configuration.last_number(sheet.key):
        return
    defaults = {field.name: field.default for field in sheet.schema}
    configuration.record(
        key=sheet.key,
        document=contract.document(sheet.schema, defaults | values),
        after=0,
        author="démonstration",
        at=clock.now(),
    )


def _strike(today: date) -> None:
    """The next day of class, in two schools."""
    first, last = today + timedelta(days=1), today + timedelta(days=TOLD_BEFORE)
    known = calendar(first, last)
    days = [first + timedelta(days=offset) for offset in range(TOLD_BEFORE)]
    day = next((day for day in days if known.is_school_day(day)), None)
    if day is None:
        return
    notice = Notice.objects.create(
        tone=Notice.Tone.ATTENTION,
        title=f"Grève {formats.day(day)}",
        text="L’accueil du soir ferme à 17 h 30. Le matin et la cantine ne changent pas.",
        address="/contacts/",
        label="Qui appeler",
        starts_at=datetime.combine(today, time.min, clock.PARIS),
        ends_at=datetime.combine(day, time(18, 30), clock.PARIS),
    )
    notice.sites.set(Site.objects.filter(kind=Site.Kind.SCHOOL_ELEMENTARY))


def scene(name: str) -> Picture:
    """A scene of the town in the library of pictures, drawn the first time."""
    drawing = SCENES[name]
    picture = Picture.objects.filter(title=drawing.title).first()
    if picture is None:
        picture = Picture(title=drawing.title, description=drawing.description, licence=Licence.OWN)
        picture.file = ContentFile(drawing.draw(), name=f"{name}.webp")
        picture.save()
    return picture


def _welcome(home: HomePage) -> None:
    home.title = f"Bienvenue à {settings.PARVIS_COMMUNE}"
    home.seo_title = settings.PARVIS_COMMUNE
    home.lead = demo_texts.WELCOME
    home.picture = scene("square")
    home.search_description = (
        f"Le site de {settings.PARVIS_COMMUNE} : actualités, Espace Famille et contacts."
    )
    home.save_revision().publish()
