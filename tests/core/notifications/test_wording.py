"""Words that agents give to messages: checked, seen before, restored; what leaves holds the values, never a place."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.template import engines
from django.template.loaders.locmem import Loader
from django.test import Client

from core.contracts.access import Trade
from core.contracts.notifications import Topic, Variable
from core.kernel import clock, configuration
from core.kernel.configuration import Refused
from core.notifications import topics, wording
from core.notifications.services import notify
from core.testing.factories import AgentFactory, PersonFactory
from core.testing.fixtures import fresh_memory
from core.ui import appearance
from core.ui.formats import day

__all__ = ["fresh_memory"]

pytestmark = pytest.mark.django_db

TEMPLATES = {
    "essai/livre.subject.txt": "{% autoescape off %}Rendez {{ book.title }}{% endautoescape %}",
    "essai/livre.txt": "{% load ui %}{% autoescape off %}Le livre {{ book.title }} est attendu le {{ due|jour }}.\n\n"
    "{{ button }} :\n{{ url }}\n\n-- \n{{ commune.name }}{% endautoescape %}",
    "essai/livre.html": '{% extends "notifications/message.html" %}{% block answer %}Rendez-le{% endblock %}',
}
TOPIC = Topic(
    code="essai.livre",
    label="Livre à rendre",
    template="essai/livre",
    variables=(
        Variable(name="titre", label="Titre", example="Le Petit Prince", source="book.title"),
        Variable(name="jour", label="Jour", example=date(2026, 12, 3), source="due", shape=day),
    ),
)
CONTEXT = {
    "book": {"title": "<Max>"},
    "due": date(2026, 12, 4),
    "url": "https://exemple.fr/",
    "button": "Voir",
}


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(
        engine, "template_loaders", [Loader(engine, TEMPLATES), *engine.template_loaders], raising=False
    )
    monkeypatch.setitem(topics._core, TOPIC.code, TOPIC)
    yield


def write(subject: str = "", text: str = "", after: int = 0) -> None:
    configuration.record(
        key="messages.essai.livre",
        document={"subject": subject, "text": text},
        after=after,
        author="admin",
        at=clock.now(),
        note="",
    )


@pytest.fixture
def sent(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    def say() -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            notify(to=PersonFactory(email="nora@example.org"), topic=TOPIC.code, context=CONTEXT)
        return mail.outbox[-1]

    return say


def test_the_original_until_somebody_writes(sent: Callable[[], Any]) -> None:
    message = sent()
    assert message.subject == "Rendez <Max>" and "est attendu le vendredi 4\xa0décembre" in message.body


def test_what_agents_wrote_leaves_with_the_values(sent: Callable[[], Any]) -> None:
    write("Bientôt : {titre}", "Bonjour,\n\nRendez « {titre} » le {jour}.\n\nMerci.")
    message = sent()
    html = message.alternatives[0].content
    assert message.subject == "Bientôt : <Max>"
    assert message.body.startswith("Bonjour,\n\nRendez « <Max> » le vendredi 4\xa0décembre.\n\nMerci.")
    assert "Voir :\nhttps://exemple.fr/" in message.body
    assert "&lt;Max&gt;" in html and "<Max>" not in html and 'href="https://exemple.fr/"' in html


def test_a_value_is_never_read_as_a_place() -> None:
    write("{titre}")
    found = wording.written(TOPIC, {**CONTEXT, "book": {"title": "{jour}"}, "commune": appearance.commune()})
    assert found.subject == "{jour}"


@pytest.mark.parametrize("text", ["{autre}", "{commune.name}", "{}", "{{ titre }}"])
def test_an_unknown_variable_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="pas une variable"):
        write(text=text)


def test_the_original_as_agents_read_it() -> None:
    subject, text = wording.original(TOPIC, commune=appearance.commune())
    assert (subject, text) == ("Rendez {titre}", "Le livre {titre} est attendu le {jour}.")


def test_every_topic_of_the_house_can_be_read_and_previewed() -> None:
    known = wording.editable()
    assert len(known) >= 5
    for topic in known:
        subject, text = wording.original(topic, commune=appearance.commune())
        places = {f"{{{variable.name}}}" for variable in topic.variables}
        assert subject and text and any(place in subject + text for place in places), topic.code
        seen = wording.preview(
            topic, subject=subject, text=text, commune=appearance.commune(), frame={"light": {}, "dark": {}}
        )
        assert "{" not in seen.subject + seen.text, topic.code


def test_the_page(client: Client, sent: Callable[[], Any]) -> None:
    client.force_login(AgentFactory(trades=[Trade.ADMIN]))
    address = "/gestion/messages/textes/essai.livre/"
    assert "Livre à rendre" in client.get("/gestion/messages/textes/").content.decode()
    assert "{titre}" in client.get(address).content.decode()
    typed = {"version-after": 0, "version-note": "", "subject": "Vite : {titre}", "text": ""}
    seen = client.post(address, {**typed, "apercu": "1"}).content.decode()
    assert "Vite : Le Petit Prince" in seen and not configuration.history("messages.essai.livre").exists()
    wrong = client.post(address, {**typed, "text": "{nom}"}).content.decode()
    assert "pas une variable" in wrong and "Vite : {titre}" in wrong
    assert client.post(address, typed).status_code == 302
    assert sent().subject == "Vite : <Max>"
    assert "Remettre le texte" in client.get(address).content.decode()
    restored = {"version-after": 1, "version-note": "", "subject": "", "text": ""}
    assert client.post(address, restored).status_code == 302
    assert sent().subject == "Rendez <Max>"
    assert client.get("/gestion/messages/textes/core.contact/").status_code == 404


def test_only_administration_writes_them(client: Client) -> None:
    client.force_login(AgentFactory(trades=[Trade.CHILDHOOD]))
    assert client.get("/gestion/messages/textes/").status_code == 404
    assert client.get("/gestion/messages/").status_code == 200
