"""Activation codes: given to one person, one at a time, once; wrong tries are counted whichever process is asked."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.accounts.models import User
from core.families.models import Person
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.opening import codes, services
from core.opening.codes import ATTEMPTS, MACHINE, Code, State
from core.opening.errors import AccountExists, CodeEnded, NotAGuardian, OpeningError
from core.opening.identity import fold, is_the_one
from core.opening.models import ActivationCode
from core.testing.factories import GuardianFactory, PersonFactory, UserFactory

BORN = date(1985, 7, 14)
SECRET = "Cour!Tilleul7"


def guardian(**values: Any) -> Person:
    person = {"last_name": "Lacaze", "birth_date": BORN, "user": None, **values}
    found: Person = GuardianFactory(**{f"person__{name}": value for name, value in person.items()}).person
    return found


def present(code: Code | None, now: datetime, **values: Any) -> ActivationCode | None:
    return services.present(code=code, now=now, **{"last_name": "Lacaze", "birth_date": BORN, **values})


def letter(person: Person, now: datetime) -> services.Given:
    return services.issue(person_id=person.pk, channel="letter", actor=None, now=now)


# Pure ------------------------------------------------------------------------------------------------------------


@given(st.builds(codes.draw))
def test_a_code_is_read_as_people_write_it(code: Code) -> None:
    for typed in (
        str(code),
        str(code).lower(),
        str(code).replace("-", " "),
        f" {code.selector}{code.secret}\n",
    ):
        assert codes.read(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "K7PM-2XQD", "K7PM-2XQD-9RT0", "K7PM-2XQD-9RTBX", "🦊" * 12, "O" * 12, "é" * 12]
)
def test_what_cannot_be_a_code(typed: str) -> None:
    assert codes.read(typed) is None


@given(st.sampled_from(State), st.sampled_from(State))
def test_only_a_code_that_is_given_changes(before: State, after: State) -> None:
    assert MACHINE.allows(before, after) == (before == State.ISSUED and after != State.ISSUED)


@pytest.mark.parametrize(
    ("typed", "known", "same"),
    [
        ("lacaze", "LACAZE", True),
        ("Saint Cœur", "SAINT-COEUR", True),
        ("d'Arc", "D’Arc", True),
        ("Ö", "o", True),
        ("نور", "نور", True),
        ("🦊", "🦊", True),
        ("🦊", "🐻", False),
        ("X", "Y", False),
        ("<b>", "b", True),
        ("Martin", "Martinez", False),
    ],
)
def test_names_are_compared_as_people_write_them(typed: str, known: str, same: bool) -> None:
    assert (fold(typed) == fold(known)) is same


def test_a_birth_date_unknown_to_the_town_is_not_compared() -> None:
    def one(known: date | None) -> bool:
        return is_the_one(last_name="Lacaze", birth_date=BORN, known_names=["Lacaze"], known_birth_date=known)

    assert one(None)
    assert one(BORN)
    assert not one(date(1985, 7, 15))


# With the database -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_secret_is_never_kept() -> None:
    given_ = letter(guardian(), clock.now())
    row = ActivationCode.objects.get()
    assert given_.code.secret not in row.secret
    assert "$" in row.secret
    assert given_.code.secret not in str(JournalEntry.objects.values())


@pytest.mark.django_db
def test_a_code_opens_an_account_once() -> None:
    person, now = guardian(), clock.now()
    given_ = letter(person, now)
    row = present(given_.code, now)
    assert row
    who = {"code_id": row.pk, "username": "nora", "email": "", "password": SECRET, "now": now}
    user = services.open_account(**who)
    person.refresh_from_db()
    assert person.user == user
    assert user.check_password(SECRET)
    assert user.last_name == "Lacaze"
    with pytest.raises(CodeEnded):
        services.open_account(**{**who, "username": "autre"})
    assert present(given_.code, now) is None
    assert list(JournalEntry.objects.order_by("id").values_list("act", flat=True)) == [
        "opening.code_issued",
        "opening.account_opened",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"last_name": "Castex"}, {"birth_date": date(1985, 7, 15)}])
def test_the_right_code_with_another_identity_is_counted(wrong: dict[str, Any]) -> None:
    person, now = guardian(), clock.now()
    given_ = letter(person, now)
    for attempt in range(1, ATTEMPTS):
        assert present(given_.code, now, **wrong) is None
        assert ActivationCode.objects.get().attempts == attempt
    assert present(given_.code, now)
    assert present(given_.code, now, **wrong) is None
    assert ActivationCode.objects.get().state == State.LOCKED
    assert present(given_.code, now) is None
    assert JournalEntry.objects.filter(act="opening.code_locked").count() == 1


@pytest.mark.django_db
def test_a_birth_name_is_a_name() -> None:
    now = clock.now()
    given_ = letter(guardian(birth_name="Castex"), now)
    assert present(given_.code, now, last_name="CASTEX")


@pytest.mark.django_db
def test_who_may_have_a_code() -> None:
    now = clock.now()
    with pytest.raises(NotAGuardian):
        letter(PersonFactory(), now)
    known = guardian(user=UserFactory())
    with pytest.raises(AccountExists):
        letter(known, now)
    given_ = services.issue(
        person_id=known.pk, channel="desk", actor=None, now=now, identity_document="passeport"
    )
    with pytest.raises(AccountExists):
        services.open_account(code_id=given_.row.pk, username="x99", email="", password=SECRET, now=now)


@pytest.mark.django_db
def test_the_desk_gives_an_account_back() -> None:
    now, agent = clock.now(), UserFactory()
    person = guardian(user=UserFactory(username="nora"))
    before = person.user.get_session_auth_hash()
    given_ = services.issue(
        person_id=person.pk, channel="desk", actor=agent, now=now, identity_document="carte"
    )
    user = services.recover_account(code_id=given_.row.pk, password=SECRET, now=now)
    assert user.username == "nora"
    assert user.check_password(SECRET)
    assert user.get_session_auth_hash() != before, "the sessions that were open end"
    entry = JournalEntry.objects.get(act="opening.code_issued")
    assert entry.actor == agent.pk
    assert entry.changes == {"voie": "desk", "piece": "carte"}


@pytest.mark.django_db
def test_a_code_links_an_account_that_is_signed_in() -> None:
    now, user, person = clock.now(), UserFactory(), guardian()
    given_ = letter(person, now)
    services.link_account(code_id=given_.row.pk, user=user, now=now)
    person.refresh_from_db()
    assert person.user == user
    other = letter(guardian(), now)
    with pytest.raises(OpeningError):
        services.link_account(code_id=other.row.pk, user=user, now=now)
    assert ActivationCode.objects.get(pk=other.row.pk).state == State.ISSUED


ACTS = st.sampled_from(["letter", "desk", "right", "wrong", "use", "revoke", "wait", "expire"])


class EveryStory(TestCase):
    """Whatever is done in whatever order, the table holds."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(ACTS, max_size=14))
    def test_no_illegal_transition(self, story: list[str]) -> None:
        person, now = guardian(), clock.now()
        code: Code | None = None
        ended: dict[Any, str] = {}
        for act in story:
            held = ActivationCode.objects.filter(person=person, state=State.ISSUED).first()
            with suppress(OpeningError):
                self._do(act, person, now, code, held)
            if act in ("letter", "desk") and self.given:
                code, self.given = self.given.code, None
            if act == "wait":
                now += timedelta(days=3)
            for row in ActivationCode.objects.filter(person=person):
                assert ended.setdefault(row.pk, row.state) == row.state or ended[row.pk] == State.ISSUED
                ended[row.pk] = row.state
                assert row.attempts <= ATTEMPTS
            assert ActivationCode.objects.filter(person=person, state=State.ISSUED).count() <= 1
            assert ActivationCode.objects.filter(person=person, state=State.USED).count() >= bool(
                Person.objects.get(pk=person.pk).user_id
            )
        assert User.objects.filter(username__startswith="essai").count() <= 1

    given: services.Given | None = None

    def _do(
        self, act: str, person: Person, now: datetime, code: Code | None, held: ActivationCode | None
    ) -> None:
        match act:
            case "letter":
                self.given = letter(person, now)
            case "desk":
                self.given = services.issue(
                    person_id=person.pk, channel="desk", actor=None, now=now, identity_document="permis"
                )
            case "right":
                found = present(code, now)
                assert (found is not None) == bool(held and code and held.expires_at > now)
            case "wrong":
                assert present(code and Code(code.selector, "22222222"), now) is None
            case "use" if held:
                if Person.objects.get(pk=person.pk).user_id:
                    services.recover_account(code_id=held.pk, password=SECRET, now=now)
                else:
                    services.open_account(
                        code_id=held.pk, username=f"essai{held.pk}"[:30], email="", password=SECRET, now=now
                    )
            case "revoke" if held:
                services.revoke(code_id=held.pk, actor=UserFactory(), now=now)
            case "expire":
                services.expire(now)
