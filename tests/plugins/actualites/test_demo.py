"""The demo: plausible on any day of the year, told once."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from wagtail.models import Page

from core.contracts.demo import Demo
from core.pages.demo import load_pages
from core.pages.library import LibraryDocument, Picture
from core.pages.scenes import SCENES
from core.town.demo import load_town
from plugins.actualites.demo import load
from plugins.actualites.demo_papers import menus_month, papers
from plugins.actualites.demo_stories import stories
from plugins.actualites.models import NewsPage

pytestmark = pytest.mark.django_db
DEMO = Demo(today=date(2026, 11, 23))


def test_twice_is_once_and_every_page_reads(client: Client) -> None:
    load_town(today=DEMO.today)
    load_pages(demo=DEMO)
    first = load(DEMO)
    counts = Page.objects.count(), LibraryDocument.objects.count(), Picture.objects.count()
    assert load(DEMO)[0] == first[0]
    assert (Page.objects.count(), LibraryDocument.objects.count(), Picture.objects.count()) == counts
    assert counts[1:] == (11, len(SCENES))
    for news in NewsPage.objects.live():
        news.full_clean()
        assert client.get(news.get_url()).status_code == (404 if news.readers else 200)
        assert news.date <= DEMO.today
        assert news.date.isoweekday() <= 5
    for document in LibraryDocument.objects.all():
        heir = LibraryDocument.objects.filter(replaces=document).exists()
        assert client.get(document.url).status_code == (302 if document.readers or heir else 200)
        assert document.file_size < 150_000
        text = "\n".join(page.extract_text() for page in PdfReader(document.file).pages)
        assert "Document de démonstration" in text
    assert [news.slug for news in NewsPage.objects.filter(live=False)] == ["atelier-parents"]
    assert NewsPage.objects.exclude(readers="").count() == 2
    page = client.get("/").content.decode()
    assert "Vacances de Noël" in page
    assert "menus de décembre" in page


@pytest.mark.parametrize("day", [date(2026, month, 15) for month in range(1, 13)] + [date(2027, 8, 31)])
def test_any_day_of_the_year(day: date) -> None:
    load_town(today=day)
    demo = Demo(today=day)
    told = stories(demo)
    assert len({story.slug for story in told}) == len(told) == 11
    assert all(story.date <= day and len(story.lead) <= 300 and len(story.title) <= 255 for story in told)
    assert all(story.scene in SCENES for story in told if story.scene)
    keys = {paper.key for paper in papers(demo)}
    assert {key for story in told for key in story.documents} <= keys
    assert menus_month(day).month not in (7, 8)


def test_menus_of_a_month_are_a_document() -> None:
    load_town(today=DEMO.today)
    menus = next(paper for paper in papers(DEMO) if paper.key == "menus")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(menus.pdf())).pages)
    assert "Menus de la cantine" in text
    assert "Mardi" in text
    assert "sans viande" in text
    assert "Mercredi" not in text
    assert menus.pdf() == menus.pdf()
