"""Documents: their life, who sees them, what is destroyed, and that nothing bad is ever served."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.contracts.access import Trade
from core.documents import selectors, services
from core.documents.errors import DocumentError, NotNow, OutOfDate, TooMany
from core.documents.models import DocumentFile, DocumentType, SupportingDocument
from core.documents.states import MACHINE, State, asked_at, valid_until
from core.families.models import Guardian
from core.families.selectors import context_of
from core.families.services.merging import merge
from core.kernel import clock
from core.kernel.models import JournalEntry
from core.reminders import own
from core.testing.factories import (
    AgentFactory,
    ChildFactory,
    FamilyFactory,
    GuardianFactory,
    SiteFactory,
    UserFactory,
)
from tests.core.documents.files import deposited, kind, made, received

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def on_disk(document: SupportingDocument) -> list[bool]:
    return [storages["private"].exists(str(file.file)) for file in document.files.all()]


# Rules ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted_from", "months", "fixed_end", "last"),
    [
        (date(2026, 11, 30), 3, "", date(2027, 2, 28)),
        (date(2026, 11, 23), 12, "", date(2027, 11, 23)),
        (date(2026, 9, 1), None, "31/08", date(2027, 8, 31)),
        (date(2026, 8, 31), None, "31/08", date(2026, 8, 31)),
        (date(2026, 1, 1), None, "", None),
    ],
)
def test_until_when_a_document_counts(
    counted_from: date, months: int | None, fixed_end: str, last: date | None
) -> None:
    assert valid_until(counted_from=counted_from, months=months, fixed_end=fixed_end) == last


def test_ages_at_which_a_document_is_asked_for() -> None:
    born = date(2019, 11, 24)  # seven tomorrow
    ages = {"birth_date": born, "today": TODAY}
    assert asked_at(**ages, from_age=None, to_age=6)
    assert not asked_at(**ages, from_age=7, to_age=None)
    assert asked_at(birth_date=born, today=TODAY + timedelta(days=1), from_age=7, to_age=7)


# Its life ------------------------------------------------------------------------------------------------------------


def test_it_is_sent_once_however_often_the_button_is_pressed() -> None:
    family, key = made(FamilyFactory), uuid4()
    first, second = (deposited(family, submission=key) for _ in range(2))
    assert first.pk == second.pk
    assert DocumentFile.objects.count() == 1
    assert on_disk(first) == [True]


def test_what_is_too_old_is_refused_with_the_day() -> None:
    with pytest.raises(OutOfDate, match="30/09/2026"):
        deposited(made(FamilyFactory), type=kind("vieux", valid_months=3), issued_on=date(2026, 6, 30))
    assert not SupportingDocument.objects.exists()


def test_a_transaction_that_is_undone_leaves_no_file() -> None:
    before = set(storages["private"].listdir("pieces")[0]) if storages["private"].exists("pieces") else set()
    with pytest.raises(TooMany):
        deposited(made(FamilyFactory), received=[received() for _ in range(11)])
    after = set(storages["private"].listdir("pieces")[0]) if storages["private"].exists("pieces") else set()
    assert [name for name in after - before if storages["private"].listdir(f"pieces/{name}")[1]] == []
    assert not SupportingDocument.objects.exists()


def test_pages_are_added_until_somebody_has_looked() -> None:
    document, agent = deposited(made(FamilyFactory)), made(UserFactory)
    page = received()
    for _ in range(2):
        services.add_files(document_id=document.pk, received=[page], actor=None, now=clock.now())
    assert [file.position for file in document.files.all()] == [1, 2]
    services.check(document_id=document.pk, actor=agent, now=clock.now())
    with pytest.raises(NotNow, match="vérifié"):
        services.add_files(document_id=document.pk, received=[received()], actor=None, now=clock.now())


def test_what_is_not_kept_leaves_who_looked_and_when(django_capture_on_commit_callbacks: Any) -> None:
    family, agent = made(FamilyFactory), made(UserFactory)
    document = deposited(family, type=kind("impot", keeps_files=False, reading="money"))
    names = [str(file.file) for file in document.files.all()]
    with django_capture_on_commit_callbacks(execute=True):
        services.check(document_id=document.pk, actor=agent, now=clock.now())
    document.refresh_from_db()
    assert (document.state, document.decided_by, document.files.count()) == ("checked", agent, 0)
    assert document.decided_at == document.files_destroyed_at
    assert [storages["private"].exists(name) for name in names] == [False]
    assert set(JournalEntry.objects.values_list("act", flat=True)) >= {
        "documents.checked",
        "documents.files_destroyed",
    }


def test_a_refusal_is_told_without_its_reason(django_capture_on_commit_callbacks: Any) -> None:
    user, agent = made(UserFactory), made(UserFactory)
    document = deposited(made(FamilyFactory), user)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            services.refuse(document_id=document.pk, actor=agent, reason="Le nom manque.", now=clock.now())
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    assert "Le nom manque" not in letter.body
    assert f"/espace-famille/documents/{document.pk}/" in letter.body


def test_what_is_past_its_last_day_ends_and_health_is_destroyed(
    django_capture_on_commit_callbacks: Any,
) -> None:
    family, now = made(FamilyFactory), clock.now()
    child = made(ChildFactory, families=[family])
    health = kind("sante", subject="child", reading="health", fixed_end="31/08")
    plain = kind("domicile", valid_months=3)
    documents = [deposited(family, type=health, child_id=child.pk), deposited(family, type=plain)]
    names = [str(document.files.get().file) for document in documents]
    for document in documents:
        services.check(document_id=document.pk, actor=None, now=now, until=TODAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.expire(today=TODAY, now=now) == 0, "its last day still counts"
        assert services.expire(today=TODAY + timedelta(days=1), now=now) == 2
        assert services.expire(today=TODAY + timedelta(days=1), now=now) == 0
    assert [storages["private"].exists(name) for name in names] == [False, True]
    assert set(SupportingDocument.objects.values_list("state", flat=True)) == {"expired"}


def test_files_of_what_was_refused_go_after_half_a_year(django_capture_on_commit_callbacks: Any) -> None:
    document, now = deposited(made(FamilyFactory)), clock.now()
    services.refuse(document_id=document.pk, actor=None, reason="Illisible.", now=now)
    assert services.forget_refused(now=now + timedelta(days=179)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget_refused(now=now + timedelta(days=181)) == 1
    document.refresh_from_db()
    assert document.files.count() == 0
    assert document.reason == "Illisible."


def test_withdrawing_destroys_all_of_it(django_capture_on_commit_callbacks: Any) -> None:
    document = deposited(made(FamilyFactory))
    name = str(document.files.get().file)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(document_id=document.pk, actor=None)
    assert not storages["private"].exists(name)
    assert JournalEntry.objects.filter(act="documents.withdrawn").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "refused", "decided_at": clock.now()},
        {"state": "checked"},
        {"state": "inconnu", "decided_at": clock.now()},
        {"origin": "town", "title": "Attestation"},
        {"type": None},
        {"state": "expired", "decided_at": clock.now()},
        {"files_destroyed_at": clock.now()},
    ],
)
def test_the_database_refuses_a_document_that_makes_no_sense(wrong: dict[str, Any]) -> None:
    document = deposited(made(FamilyFactory))
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportingDocument.objects.filter(pk=document.pk).update(**wrong)


ACTS = st.lists(st.sampled_from(["check", "refuse", "add", "withdraw", "expire", "late_check"]), max_size=7)


class EveryLife(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(ACTS)
    def test_no_illegal_move_and_each_decision_once(self, order: list[str]) -> None:
        family, agent, now = made(FamilyFactory), made(UserFactory), clock.now()
        document = deposited(family, made(UserFactory))
        path = [State.RECEIVED]
        for act in order:
            with suppress(DocumentError, SupportingDocument.DoesNotExist):
                self._do(act, document.pk, agent, now)
            found = SupportingDocument.objects.filter(pk=document.pk).first()
            if found is None:
                assert path[-1] in (State.RECEIVED, State.REFUSED)
                break
            if found.state != path[-1]:
                assert MACHINE.allows(path[-1], found.state)
                path.append(State(found.state))
        entries = JournalEntry.objects.filter(object_id=str(document.pk))
        for act in ("checked", "refused", "expired", "withdrawn"):
            assert entries.filter(act=f"documents.{act}").count() <= 1

    def _do(self, act: str, pk: Any, agent: Any, now: Any) -> None:
        match act:
            case "check":
                services.check(document_id=pk, actor=agent, now=now)
            case "late_check":
                services.check(document_id=pk, actor=agent, now=now, until=TODAY)
            case "refuse":
                services.refuse(document_id=pk, actor=agent, reason="Illisible.", now=now)
            case "add":
                services.add_files(document_id=pk, received=[received()], actor=agent, now=now)
            case "withdraw":
                services.withdraw(document_id=pk, actor=agent)
            case "expire":
                services.expire(today=TODAY + timedelta(days=1), now=now)


# Whose it is ---------------------------------------------------------------------------------------------------------


def homes() -> tuple[Guardian, Guardian, Any]:
    first, second = made(GuardianFactory), made(GuardianFactory)
    return first, second, made(ChildFactory, families=[first.family, second.family])


def seen(guardian: Guardian) -> set[Any]:
    context = context_of(guardian.person.user, TODAY)
    assert context
    return set(selectors.of_family(context).values_list("pk", flat=True))


def test_separated_parents_read_their_own_papers_and_what_is_common_to_the_child() -> None:
    mine, theirs, child = homes()
    domicile = deposited(mine.family, mine.person.user, type=kind("domicile"))
    caf = deposited(mine.family, mine.person.user, type=kind("caf", reading="money"))
    about = {"child_id": child.pk}
    assurance = deposited(mine.family, mine.person.user, type=kind("assurance", subject="child"), **about)
    vaccins = deposited(
        mine.family,
        mine.person.user,
        type=kind("vaccins", subject="child", reading="health", shared=True),
        **about,
    )
    assert seen(mine) == {domicile.pk, caf.pk, assurance.pk, vaccins.pk}
    assert seen(theirs) == {vaccins.pk}
    Guardian.objects.filter(pk=theirs.pk).update(parental_authority=False)
    assert seen(theirs) == set()


def test_a_guardian_without_the_authority_reads_neither_health_nor_money_but_what_he_sent() -> None:
    holder = made(GuardianFactory)
    other = made(GuardianFactory, family=holder.family, position=2, parental_authority=False, payer_share=0)
    child = made(ChildFactory, families=[holder.family])
    health = kind("sante", subject="child", reading="health")
    kept = [
        deposited(holder.family, holder.person.user, type=health, child_id=child.pk),
        deposited(holder.family, holder.person.user, type=kind("caf", reading="money")),
    ]
    plain = deposited(holder.family, holder.person.user)
    sent = deposited(holder.family, other.person.user, type=health, child_id=child.pk)
    assert seen(other) == {plain.pk, sent.pk}
    assert seen(holder) == {plain.pk, sent.pk, *(document.pk for document in kept)}
    context = context_of(other.person.user, TODAY)
    assert context
    assert {kind_.reading for kind_ in selectors.types_for(context)} == {"plain"}


def test_agents_reach_the_families_of_their_sites_and_health_only_with_the_right() -> None:
    here, elsewhere = made(SiteFactory), made(SiteFactory)
    family = made(FamilyFactory)
    child = made(ChildFactory, families=[family], site=here)
    plain = deposited(family)
    health = deposited(family, type=kind("sante", subject="child", reading="health"), child_id=child.pk)

    def reached(*trades: Trade, **where: Any) -> set[Any]:
        agent = made(AgentFactory, trades=list(trades), **where)
        return set(selectors.reached(agent).values_list("pk", flat=True))

    assert reached(Trade.CHILDHOOD) == {plain.pk, health.pk}
    assert reached(Trade.CHILDHOOD, trades__site=here) == {plain.pk, health.pk}
    assert reached(Trade.CHILDHOOD, trades__site=elsewhere) == set()
    assert reached(Trade.BILLING) == {plain.pk}
    assert reached(Trade.FIELD, trades__site=here) == set()


def test_a_merge_takes_the_documents_along() -> None:
    kept, absorbed = made(FamilyFactory), made(FamilyFactory)
    document = deposited(absorbed)
    merge(kept=kept, absorbed=absorbed, actor=None, today=TODAY, now=clock.now())
    document.refresh_from_db()
    assert document.family == kept


def test_what_is_missing_is_asked_for_each_child_of_the_age() -> None:
    guardian = made(GuardianFactory)
    small = made(ChildFactory, families=[guardian.family], person__birth_date=date(2023, 1, 1))
    made(ChildFactory, families=[guardian.family], person__birth_date=date(2016, 1, 1))
    DocumentType.objects.all().delete()
    asked = kind("vaccins", subject="child", reading="health", asked=True, to_age=6)
    kind("autre")

    def missing() -> list[tuple[str, Any]]:
        context = context_of(guardian.person.user, TODAY)
        assert context
        found = selectors.missing(context, selectors.types_for(context), list(selectors.of_family(context)))
        return [(one.type.code, one.child.id if one.child else None) for one in found]

    assert missing() == [("vaccins", small.pk)]
    document = deposited(guardian.family, type=asked, child_id=small.pk)
    assert missing() == []
    services.refuse(document_id=document.pk, actor=None, reason="Flou.", now=clock.now())
    assert missing() == [("vaccins", small.pk)]


def test_what_the_town_gives_is_told_to_who_may_read_it(django_capture_on_commit_callbacks: Any) -> None:
    payer = made(GuardianFactory)
    other = made(GuardianFactory, family=payer.family, position=2, parental_authority=False, payer_share=0)
    with django_capture_on_commit_callbacks(execute=True):
        services.give(
            family_id=payer.family_id,
            title="Attestation fiscale",
            received=[received()],
            actor=made(UserFactory),
            now=clock.now(),
            type=kind("caf", reading="money"),
        )
    assert [letter.to for letter in mail.outbox] == [[payer.person.user.email]]
    assert "fiscale" not in mail.outbox[0].body
    assert len(seen(payer)) == 1
    assert seen(other) == set()


def test_what_is_to_be_sent_again_until_something_newer_stands_for_it() -> None:
    guardian = made(GuardianFactory)
    user, now = guardian.person.user, clock.now()
    asked, other = kind("domicile", asked=True), kind("autre")
    refused = deposited(guardian.family, user, type=other, now=now - timedelta(days=9))
    services.refuse(document_id=refused.pk, actor=None, reason="Flou.", now=now)
    ends = deposited(guardian.family, user, type=asked, now=now - timedelta(days=9))
    services.check(document_id=ends.pk, actor=None, now=now, until=TODAY + timedelta(days=20))
    later = deposited(guardian.family, user, type=kind("libre"), now=now)
    services.check(document_id=later.pk, actor=None, now=now, until=TODAY + timedelta(days=2))

    def again() -> tuple[set[Any], list[Any], list[str]]:
        context = context_of(user, TODAY)
        assert context
        rows = list(selectors.of_family(context))
        told = [notice.label for notice in own.of_family(context)]
        return set(selectors.to_send_again(context)), selectors.ending(rows, today=TODAY), sorted(told)

    assert again() == (
        {refused, ends},
        [ends],
        ["Renouveler un document", "Renvoyer un document qui ne convient pas"],
    )
    for type_ in (asked, other):
        deposited(guardian.family, user, type=type_, now=now)
    assert again() == (set(), [], [])
