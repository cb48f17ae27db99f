"""Two separated parents: whatever one receives or may open, nothing there is the other's address, telephone, e-mail,
contact, benefits number or quotient.

Each home is marked with facts that exist nowhere else; then every answer that each parent gets is searched, pages,
operations of the API, documents, feeds and letters, and the identifiers that they show are followed.
"""

import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from core.accounts.models import User
from core.contracts.demo import Demo, load_demo
from core.contracts.family import Act
from core.documents.demo import load_documents
from core.families.demo import load_families
from core.families.models import Authorisation, Child, Contact, Family, Guardian, Person, Quotient
from core.families.services.common import answer_proposal, propose_change
from core.families.services.custody import answer_exception, propose_exception, record_decision
from core.families.services.mandates import propose_mandate
from core.kernel import calls, clock, discovery
from core.kernel.models import PluginState
from core.notifications.models import Message
from core.pages.demo import load_pages
from core.testing.conformance.context import signed_in
from core.testing.routes import every_route, identifiers, links
from core.town.demo import load_town

TODAY = date(2026, 11, 23)
NOT_HERS = ("/demo/", "/gestion/", "/static/", "/media/", "/deconnexion")
"""What belongs to no parent: the demo's letter box shows everybody's letters; the back office answers 404."""


OWN = ("/espace-famille/", "/api/v1/fam", "/api/v1/enf")


@dataclass(frozen=True)
class Marks:
    """Facts of one home that nothing else in the town holds. `digits` are searched without spaces nor signs."""

    words: tuple[str, ...]
    digits: tuple[str, ...]

    def found_in(self, text: str) -> set[str]:
        plain = text.casefold()
        numbers = re.sub(r"(?<=\d)[\s.,\u00a0\u202f-]+(?=\d)", "", text)
        return {word for word in self.words if word.casefold() in plain} | {
            number for number in self.digits if number in numbers
        }


@dataclass
class Side:
    """One parent: the account, the family, its marks."""

    username: str
    marks: Marks
    guardian: Guardian = field(init=False)


SIDES = (
    Side(
        "parent",
        Marks(
            (
                "impasse des Zibelines",
                "Zorgues-sur-Orge",
                "nora.zibeline@",
                "Zénobie Quatrepoint",
                "marraine-zib",
            ),
            ("612009871", "612009872", "557009873", "90017", "7341977", "48117"),
        ),
    ),
    Side(
        "coparent",
        Marks(
            ("sentier des Wapitis", "Wattignolles", "thomas.wapiti@", "Wladimir Cinqdoigts", "parrain-wap"),
            ("613008761", "613008762", "558008763", "90026", "8432866", "59336"),
        ),
    ),
)


def _mark(side: Side) -> None:
    street, city, email, contact, relation = side.marks.words
    phone, second, other, postcode, benefits, quotient = side.marks.digits
    side.guardian = Guardian.objects.get(person__user__username=side.username)
    Person.objects.filter(pk=side.guardian.person_id).update(
        email=f"{email}example.org", phone=f"+33{phone}", second_phone=f"+33{second}"
    )
    User.objects.filter(username=side.username).update(email=f"{email}example.org")
    Guardian.objects.filter(pk=side.guardian.pk).update(benefits_regime="caf", benefits_number=benefits)
    Family.objects.filter(pk=side.guardian.family_id).update(
        address=f"12 {street}", postcode=postcode, city=city
    )
    Contact.objects.filter(family=side.guardian.family_id).delete()
    Contact.objects.create(family=side.guardian.family, name=contact, relation=relation, phone=f"+33{other}")
    Quotient.objects.filter(family=side.guardian.family_id).update(value_cents=int(quotient))


def _between(first: Side, second: Side) -> None:
    """Whatever passes from a home to the other: exceptions and proposals with their answers, words, a decision,
    mandates; and what each is told of it."""
    child = Child.objects.filter(families=first.guardian.family_id).get(families=second.guardian.family_id)
    given: dict[str, Any] = {"actor": None, "now": clock.now()}
    for side, other, days in ((first, second, (1, 2)), (second, first, (15, 16))):
        answered = propose_change(
            child=child, guardian=side.guardian, fact="birth_name", value=f"De {side.username}", **given
        )
        answer_proposal(proposal=answered, guardian=other.guardian, agreed=True, **given)
        asked = propose_exception(
            child=child,
            guardian=side.guardian,
            first_day=date(2027, 1, days[0]),
            last_day=date(2027, 1, days[1]),
            mine=True,
            today=TODAY,
            **given,
        )
        if side is first:
            answer_exception(exception=asked, guardian=other.guardian, agreed=False, today=TODAY, **given)
        propose_mandate(
            guardian=side.guardian,
            name="Jeanne",
            relation="carer",
            children=[child.pk],
            acts=[Act.BOOK],
            valid_to=date(2027, 1, 31),
            today=TODAY,
            **given,
        )
    propose_change(child=child, guardian=second.guardian, fact="birth_place", value="Bordeaux", **given)
    record_decision(
        child=child,
        court="Tribunal judiciaire",
        decided_on=date(2026, 6, 1),
        starts_on=date(2026, 7, 1),
        ends_on=None,
        summary=f"Résidence {second.marks.words[0]} et {first.marks.words[0]}.",
        banned=[],
        **given,
    )
    assert Authorisation.objects.filter(child=child).count() >= 4


@pytest.fixture(scope="module")
def sides(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Side, Side]]:
    """The demo commune with every plugin on; the two homes are marked before anything is written about them."""
    with django_db_blocker.unblock(), transaction.atomic():
        for plugin in discovery.installed().plugins:
            PluginState.objects.update_or_create(slug=plugin.slug, defaults={"enabled": True})
        demo = Demo(today=clock.today())
        load_town(today=demo.today)
        load_families(demo=demo)
        for side in SIDES:
            _mark(side)
        load_documents(demo=demo)
        load_pages(demo=demo)
        list(calls.strict(load_demo, demo=demo))
        _between(*SIDES)
        yield SIDES
        transaction.set_rollback(True)


@dataclass
class Searched:
    """How many answers were read, and in which of them each set of marks was found. `messages`: their topics."""

    answers: int = 0
    messages: list[str] = field(default_factory=list)
    documents: int = 0
    theirs: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)

    def read(self, address: str, text: str, own: Marks, theirs: Marks) -> None:
        self.answers += 1
        self.own |= own.found_in(text)
        self.theirs += [f"{address}: {mark}" for mark in sorted(theirs.found_in(text))]


def _text(answer: Any) -> str | None:
    kind = answer.get("Content-Type", "")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind.startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if kind.startswith(
        ("text/", "application/json", "application/problem+json", "application/rss", "application/vnd")
    ):
        return unescape(body.decode("utf-8", "replace"))
    return None


def _walk(client: Client, own: Marks, theirs: Marks, found: Searched, limit: int = 450) -> None:
    """Every address without parameters that is not an agent's, then whatever their answers lead to."""
    routes = [
        route
        for route in every_route()
        if route.rule and not route.rule.name.removeprefix("api:").startswith("agent:")
    ]
    plain = [route.address for route in routes if route.is_plain]
    with_identifier = [
        route for route in routes if route.in_api and not route.is_plain and not route.is_pattern
    ]
    waiting = deque(["/espace-famille/", *sorted(plain)])
    seen = set(waiting)
    while waiting and found.answers < limit:
        address = waiting.popleft()
        if address.startswith(NOT_HERS):
            continue
        answer = client.get(address, follow=True)
        text = _text(answer)
        if text is None:
            continue
        found.documents += answer.get("Content-Type", "").startswith("application/pdf")
        found.read(address, text, own, theirs)
        new = {link.partition("#")[0] for link in links(text)}
        if address.startswith("/api/"):
            new |= {route.filled(pk) for route in with_identifier for pk in list(identifiers(text))[:6]}
        for link in sorted(new - seen):
            seen.add(link)
            if answer.status_code == 200:
                # What is a family's own comes first; the town's site is large.
                (waiting.appendleft if link.startswith(OWN) else waiting.append)(link)


def search(own: Side, other: Side) -> Searched:
    found = Searched()
    user = User.objects.get(username=own.username)
    _walk(signed_in(user), own.marks, other.marks, found)
    for message in Message.objects.filter(person=own.guardian.person_id):
        found.messages.append(message.topic)
        found.read(f"message {message.pk}", str(message.__dict__), own.marks, other.marks)
    for letter in mail.outbox:
        if user.email in letter.to:
            found.read("letter", f"{letter.subject} {letter.body}", own.marks, other.marks)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("mine", [0, 1], ids=["parent", "coparent"])
def test_nothing_of_the_other_home_is_found(sides: tuple[Side, Side], mine: int) -> None:
    own, other = sides[mine], sides[1 - mine]
    found = search(own, other)
    assert found.theirs == []
    assert found.answers >= 80, found.answers
    assert found.documents >= 1
    assert found.messages.count("core.changement-commun") >= 2, found.messages
    assert found.messages.count("core.jours-de-garde") >= 1, found.messages
    # The search itself is proved by one's own facts: those that the pages show are found in them.
    street, _city, _email, contact, _relation = own.marks.words
    *_, other_phone, _postcode, _benefits, quotient = own.marks.digits
    assert {street, contact, other_phone, quotient} <= found.own


@pytest.mark.django_db
def test_a_planted_leak_is_found(sides: tuple[Side, Side]) -> None:
    own, other = sides
    Contact.objects.create(family=own.guardian.family, name="Voisin", phone=f"+33{other.marks.digits[0]}")
    text = (
        signed_in(User.objects.get(username=own.username)).get("/espace-famille/mon-espace/").content.decode()
    )
    assert other.marks.found_in(unescape(text)) == {other.marks.digits[0]}
