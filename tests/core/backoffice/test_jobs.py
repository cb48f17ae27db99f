"""The page of jobs: for the administration, true when all is well and when nothing is."""

from datetime import time, timedelta

import pytest

from core.backoffice.views_jobs import rhythm
from core.contracts.access import Trade
from core.contracts.jobs import Job
from core.kernel import clock
from core.kernel.models import Delivery, JobRun
from core.testing.factories import AgentFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

PAGE = "/gestion/travaux/"
RETRY = "/gestion/travaux/relancer/"


@pytest.fixture
def admin(client):
    client.force_login(AgentFactory(username="anne", trades=[Trade.ADMIN]))
    return client


def delivery(slug, state=Delivery.State.FAILED, **values):
    now = clock.now()
    return Delivery.objects.create(
        **{
            "hook": "on_invoice_issued",
            "slug": slug,
            "event": dict.fromkeys(("invoice", "payer", "family"), "00000000-0000-0000-0000-000000000001"),
            "state": state,
            "next_attempt_at": now,
            "created_at": now,
            **values,
        }
    )


def test_it_belongs_to_the_administration(client):
    assert client.get(PAGE).status_code == 302
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD, Trade.BILLING]))
    assert client.get(PAGE).status_code == 404
    assert client.post(RETRY).status_code == 404


def test_before_the_first_tick(admin):
    page = admin.get(PAGE).content.decode()
    assert "Rien ne lance les travaux" in page
    assert "Aucun travail n’est encore passé." in page
    assert "parvis tick" in page
    assert "Jamais passé" in page
    assert "Aucune annonce n’attend" in page


def test_jobs_of_core_and_of_plugins_with_their_last_run(admin):
    now = clock.now()
    with fake_plugin(
        "horloge",
        jobs=lambda: [Job(name="essai", label="Un essai", schedule=time(18, 30), run=lambda now: None)],
    ):
        for job, state, error in (
            ("core.publication", "done", ""),
            ("horloge.essai", "failed", "django.db.utils.OperationalError"),
            ("core.sessions", "running", ""),
        ):
            JobRun.objects.create(
                job=job,
                slot=now,
                state=state,
                error=error,
                started_at=now,
                retry_at=now + timedelta(minutes=5),
            )
        page = admin.get(PAGE).content.decode()
    assert "Rien ne lance les travaux" not in page
    assert "toutes les 5 minutes" in page
    assert "chaque jour à 18 h 30" in page.replace("\u00a0", " ").replace("\u202f", " ")
    for text in (
        "Un essai",
        "horloge",
        "Réussi",
        "En cours",
        "Échec",
        "OperationalError",
        "repris à partir de",
    ):
        assert text in page, text


def test_a_timer_that_stopped_is_told(admin):
    now = clock.now()
    JobRun.objects.create(
        job="core.publication", slot=now, state="done", started_at=now - timedelta(hours=2), retry_at=now
    )
    page = admin.get(PAGE).content.decode()
    assert "Rien ne lance les travaux" in page
    assert "Le dernier passage date de" in page


def test_what_failed_is_relaunched(admin, django_capture_on_commit_callbacks):
    heard = []
    with fake_plugin("oreille", on_invoice_issued=lambda event: heard.append(event)):
        found = [delivery("oreille", error="ValueError", attempts=8) for _ in range(3)]
        page = admin.get(PAGE).content.decode()
        assert "Relancer 3 annonces en échec" in page
        assert "ValueError" in page
        with django_capture_on_commit_callbacks(execute=True):
            answer = admin.post(RETRY, {"delivery": found[0].pk}, follow=True).content.decode()
        assert "1 annonce est relancée." in answer
        assert len(heard) == 1
        with django_capture_on_commit_callbacks(execute=True):
            answer = admin.post(RETRY, follow=True).content.decode()
        assert "2 annonces sont relancées." in answer
        assert len(heard) == 3
        answer = admin.post(RETRY, {"delivery": found[0].pk}, follow=True).content.decode()
        assert "tout est déjà transmis" in answer
        assert len(heard) == 3
        assert admin.post(RETRY, {"delivery": "x"}).status_code == 404
        assert admin.get(RETRY).status_code == 405


def test_what_waits_says_when_it_is_tried_again(admin, switch):
    with fake_plugin("oreille", on_invoice_issued=lambda event: None):
        delivery("oreille", Delivery.State.WAITING, attempts=2, error="ConnectionError")
        page = admin.get(PAGE).content.decode()
        assert "prochain essai" in page
        assert "Relancer 1 annonce" not in page
        switch("oreille", False)
        assert "prochain essai" not in admin.get(PAGE).content.decode()


def test_a_long_list_has_pages_and_a_bounded_number_of_statements(admin, django_assert_max_num_queries):
    with fake_plugin("oreille", on_invoice_issued=lambda event: None):
        for _ in range(60):
            delivery("oreille")
        with django_assert_max_num_queries(25):
            page = admin.get(PAGE).content.decode()
        assert "Page 1 sur 2" in page
        assert admin.get(f"{PAGE}?page=2").content.decode().count('name="delivery"') == 10


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (timedelta(minutes=1), "chaque minute"),
        (timedelta(minutes=90), "toutes les 90 minutes"),
        (timedelta(hours=1), "chaque heure"),
        (timedelta(days=1), "toutes les 24 heures"),
        (time(9), "chaque jour à 9\u00a0h"),
    ],
)
def test_rhythm(schedule, words):
    assert rhythm(schedule) == words
