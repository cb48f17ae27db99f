"""Giving, presenting and using activation codes; accounts that are opened, linked, given back; addresses confirmed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.accounts.models import User
from core.families.models import Guardian, Person
from core.kernel import journal
from core.opening import acts, codes, mail, registration
from core.opening.codes import Code, State
from core.opening.errors import AccountExists, CodeEnded, NotAGuardian
from core.opening.identity import is_the_one
from core.opening.links import link
from core.opening.models import ActivationCode

Channel = ActivationCode.Channel


@dataclass(frozen=True, slots=True)
class Given:
    """A code that was just given: the only moment at which it is known."""

    row: ActivationCode
    code: Code


# Giving ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue(
    *, person_id: UUID, channel: str, actor: User | None, now: datetime, identity_document: str = ""
) -> Given:
    """Give a code to a guardian; the one that he or she had is no longer valid.

    For somebody who has an account, the code gives it back: at the desk only. Raises NotAGuardian, AccountExists.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if not _guardian(person.pk).exists():
        raise NotAGuardian
    if person.user_id and channel != Channel.DESK:
        raise AccountExists
    for former in person.activation_codes.filter(state=State.ISSUED):
        _end(former, codes.state_at(former.state, former.expires_at, now), State.REVOKED, now)
    given = _written(
        ActivationCode(
            person=person,
            channel=channel,
            identity_document=identity_document,
            issued_at=now,
            issued_by=actor,
            expires_at=now + (codes.LETTER_LIFE if channel == Channel.LETTER else codes.DESK_LIFE),
        )
    )
    _note(acts.CODE_ISSUED, given.row, actor, {"voie": channel, "piece": identity_document})
    return given


def _guardian(person: Any) -> QuerySet[Guardian]:
    """Where somebody is a guardian today: a record that was merged into another one leads nowhere."""
    return Guardian.objects.filter(person=person, merged_into__isnull=True)


def _written(row: ActivationCode) -> Given:
    while True:
        code = codes.draw()
        row.selector, row.secret = code.selector, make_password(code.secret)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if not ActivationCode.objects.filter(selector=code.selector, state=State.ISSUED).exists():
                raise
        else:
            return Given(row, code)


@transaction.atomic
def revoke(*, code_id: UUID, actor: User, now: datetime) -> None:
    """Take back a code that was not used."""
    row = ActivationCode.objects.select_for_update().select_related("person").get(pk=code_id)
    held = codes.state_at(row.state, row.expires_at, now)
    if held != State.ISSUED and row.state != State.ISSUED:
        return
    _end(row, held, State.REVOKED, now)
    _note(acts.CODE_REVOKED, row, actor, {})


def _end(row: ActivationCode, held: State, wanted: State, now: datetime) -> None:
    """Enter an end. What had expired meanwhile has expired, whatever was wanted."""
    entered = held if held != State.ISSUED else wanted
    codes.MACHINE.check(row.state, entered)
    row.state, row.ended_at = entered, now
    row.save(update_fields=["state", "ended_at", "attempts"])


def expire(now: datetime) -> None:
    """Job: mark the codes whose time is over."""
    ActivationCode.objects.filter(state=State.ISSUED, expires_at__lte=now).update(
        state=State.EXPIRED, ended_at=now
    )


# Presenting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def present(*, code: Code | None, last_name: str, birth_date: object, now: datetime) -> ActivationCode | None:
    """The valid code of that person, or None; a wrong secret or a wrong identity is counted, and locks at the fifth.

    Takes as long whether the code exists or not.
    """
    row = None
    if code:
        row = (
            ActivationCode.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(
                Exists(_guardian(OuterRef("person"))),
                selector=code.selector,
                state=State.ISSUED,
                expires_at__gt=now,
            )
            .first()
        )
    if row is None:
        make_password("nobody")
        return None
    assert code  # noqa: S101 - or there would be no row
    person = row.person
    right = check_password(code.secret, row.secret)
    names = (person.last_name, getattr(person, "birth_name", ""))
    known = is_the_one(
        last_name=last_name,
        birth_date=birth_date,  # type: ignore[arg-type]
        known_names=names,
        known_birth_date=person.birth_date,
    )
    if right and known:
        return row
    row.attempts += 1
    if codes.after_failure(row.attempts) == State.LOCKED:
        _end(row, State.ISSUED, State.LOCKED, now)
        _note(acts.CODE_LOCKED, row, None, {})
    else:
        row.save(update_fields=["attempts"])
    return None


# Using -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_account(*, code_id: UUID, username: str, email: str, password: str, now: datetime) -> User:
    """Open the account of the person of a code. The address counts once confirmed by the message that leaves now.

    Raises CodeEnded, AccountExists; IntegrityError when the identifier was taken meanwhile.
    """
    row = _usable(code_id, now)
    person = row.person
    if person.user_id:
        raise AccountExists
    user = User.objects.create_user(
        username=username,
        password=password,
        first_name=person.first_name[:150],
        last_name=person.last_name[:150],
    )
    person.user = user
    person.save(update_fields=["user"])
    _end(row, State.ISSUED, State.USED, now)
    _note(acts.ACCOUNT_OPENED, row, user, {"compte": str(user.pk)})
    ask_to_confirm(user=user, email=email)
    return user


@transaction.atomic
def recover_account(*, code_id: UUID, password: str, now: datetime) -> User:
    """Give an account back to its person: a new password, no second factor any more, every session ended by that.

    Raises CodeEnded, also when the code is not one of the desk.
    """
    row = _usable(code_id, now)
    user = row.person.user
    if user is None or row.channel != Channel.DESK:
        raise CodeEnded
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    _end(row, State.ISSUED, State.USED, now)
    _note(acts.ACCOUNT_RECOVERED, row, user, {"compte": str(user.pk)})
    mail.tell_recovered(user)
    return user


@transaction.atomic
def link_account(*, code_id: UUID, user: User, now: datetime) -> None:
    """Link an account that is signed in to the person of a code; what it had asked about its family is settled.

    Raises CodeEnded, AccountExists, HasAPerson.
    """
    row = _usable(code_id, now)
    if row.person.user_id:
        raise AccountExists
    link(person=row.person, user=user)
    _end(row, State.ISSUED, State.USED, now)
    _note(acts.ACCOUNT_LINKED, row, user, {"compte": str(user.pk)})
    registration.settle(user=user, now=now)


def _usable(code_id: UUID, now: datetime) -> ActivationCode:
    row = (
        ActivationCode.objects.select_for_update(of=("self",))
        .select_related("person__user")
        .filter(pk=code_id)
        .first()
    )
    if row is None or codes.state_at(row.state, row.expires_at, now) != State.ISSUED:
        raise CodeEnded
    return row


def _note(act: str, row: ActivationCode, actor: User | None, changes: dict[str, str]) -> None:
    journal.record(actor=actor, act=act, object=row, concerning=[row.person], changes=changes or None)


# Accounts of those whom the town does not know yet -----------------------------------------------------------------


@transaction.atomic
def ask_to_sign_up(*, email: str) -> None:
    """Write to an address that somebody gave: the link to open an account, or that one exists already."""
    account = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    user = account.user if account else User.objects.filter(email__iexact=email).first()
    if user:
        mail.tell_account_exists(email, user)
    else:
        mail.invite(email)


@transaction.atomic
def sign_up(*, email: str, username: str, password: str, first_name: str, last_name: str) -> User:
    """Open an account without a family for somebody whose address is confirmed.

    Raises IntegrityError when the identifier or the address was taken meanwhile.
    """
    user = User.objects.create_user(
        username=username,
        email=email,
        password=password,
        first_name=first_name[:150],
        last_name=last_name[:150],
    )
    EmailAddress.objects.create(user=user, email=email.lower(), primary=True, verified=True)
    return user


def ask_to_confirm(*, user: User, email: str) -> None:
    """Send the link that makes an address that of an account."""
    if email:
        mail.ask_to_confirm(user, email)


@transaction.atomic
def confirm_address(*, user_id: UUID, email: str) -> bool:
    """The address becomes that of the account. False when the account is gone, or when it is another account's."""
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    others = EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=user_id)
    if (
        user is None
        or others.exists()
        or User.objects.filter(email__iexact=email).exclude(pk=user_id).exists()
    ):
        return False
    EmailAddress.objects.filter(user=user).update(primary=False)
    EmailAddress.objects.update_or_create(
        user=user, email=email.lower(), defaults={"verified": True, "primary": True}
    )
    user.email = email
    user.save(update_fields=["email"])
    person = Person.objects.filter(user=user).first()
    if person and not person.email:
        person.email = email
        person.save(update_fields=["email"])
    journal.record(actor=user, act=acts.ADDRESS_CONFIRMED, object=user, concerning=[person] if person else [])
    return True
