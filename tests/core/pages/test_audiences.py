"""Who reads what: the keys of whoever asks, and how editors choose them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from core.contracts.access import Trade
from core.contracts.audiences import FAMILIES, Audience, of_site
from core.contracts.family import FamilyContext
from core.families.models import Guardian
from core.pages import audiences as rooms
from core.pages.audiences import NOBODY, AudienceFormField, Reserved, audiences, joined, may_read, offered
from core.testing.factories import AgentFactory, ChildFactory, FamilyFactory, GuardianFactory, SiteFactory
from core.testing.hooks import fake_plugin


def asked_by(user: Any) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


@pytest.fixture
def parent(db: None) -> Any:
    guardian = GuardianFactory()
    ChildFactory(families=[guardian.family], site=SiteFactory(name="École Villon"))
    return guardian


def test_a_visitor_has_no_key() -> None:
    assert audiences(asked_by(AnonymousUser())) == NOBODY
    assert audiences(RequestFactory().get("/")) == NOBODY


def test_an_account_without_a_family_has_none(db: None) -> None:
    assert audiences(asked_by(AgentFactory())) == NOBODY


def test_a_parent_has_those_of_the_schools_of_all_households(parent: Guardian) -> None:
    second = FamilyFactory()
    GuardianFactory(family=second, person=parent.person)
    other: Any = SiteFactory()
    ChildFactory(families=[second], site=other)
    first = parent.family.children.get().schoolings.get().site_id
    assert audiences(asked_by(parent.person.user)) == {FAMILIES, of_site(first), of_site(other.pk)}


def test_the_groups_of_a_plugin_are_read_once_a_request(parent: Guardian) -> None:
    told: list[FamilyContext | None] = []

    def groups(family: FamilyContext | None) -> list[Audience]:
        told.append(family)
        return [Audience(key="activity:chorale", label="Chorale")]

    request = asked_by(parent.person.user)
    with fake_plugin("musique", family_audiences=groups):
        assert "activity:chorale" in audiences(request)
        assert audiences(request) is audiences(request)
        assert [context.id for context in told if context] == [parent.family.pk]
        assert ("activity:chorale", "Familles : Chorale") in offered()
        assert told[-1] is None


def test_a_key_is_a_word() -> None:
    with pytest.raises(ValueError, match="no key"):
        Audience(key="deux mots", label="")


@dataclass
class Notice:
    readers: str
    keys = Reserved.keys


def test_whom_a_publication_is_for(parent: Guardian) -> None:
    site = parent.family.children.get().schoolings.get().site_id
    family, visitor = asked_by(parent.person.user), asked_by(AnonymousUser())
    for keys, seen in (
        ((), True),
        ((FAMILIES,), True),
        ((of_site(site),), True),
        ((of_site(uuid4()),), False),
    ):
        notice: Any = Notice(readers=joined(keys))
        assert may_read(family, notice) is seen, keys
        assert may_read(visitor, notice) is (not keys), keys


def test_an_agent_reads_it_at_its_address(db: None) -> None:
    notice: Any = Notice(readers=joined([FAMILIES]))
    assert may_read(asked_by(AgentFactory(trades=[Trade.WRITER])), notice)
    assert not may_read(asked_by(AgentFactory()), notice)


# The form of editors


def test_sites_are_offered_but_the_town_hall(db: None) -> None:
    school: Any = SiteFactory(name="École Villon")
    SiteFactory(name="Mairie", kind="town_hall")
    assert dict(offered()) == {
        FAMILIES: "Toutes les familles, une fois connectées",
        of_site(school.pk): "Familles : École Villon",
    } | {key: label for key, label in offered() if key.startswith("activity:")}


def field() -> AudienceFormField:
    return AudienceFormField(choices=[(FAMILIES, "Familles")], required=False)


def test_nothing_ticked_is_everybody() -> None:
    assert field().clean([]) == ""
    assert field().clean([FAMILIES]) == " families "
    assert not field().has_changed(" families ", [FAMILIES])
    assert field().has_changed(" families ", [])


def test_a_group_that_is_gone_stays_ticked_and_says_so() -> None:
    """Unticked by itself, it would open the publication to everybody."""
    known: Any = field()
    shown = known.widget.render("readers", known.prepare_value(" activity:danse families "))
    assert shown.count("checked") == 2
    assert rooms.gone() in shown.replace("&#x27;", "’")
    assert known.clean(["activity:danse", FAMILIES]) == " activity:danse families "
