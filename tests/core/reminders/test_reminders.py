"""« Je pense à » : order, words, whom it is shown to, the calendar, the message of the day."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contracts.family import Act, FamilyContext
from core.contracts.notices import Notice
from core.families.models import Guardian, Mandate
from core.families.selectors import context_of
from core.families.services.mandates import propose_mandate
from core.kernel import discovery, jobs
from core.kernel.models import PluginState
from core.notifications import bounces
from core.notifications.models import Message
from core.reminders import digest, feeds
from core.reminders.models import CalendarFeed, Digest
from core.reminders.rules import reminders
from core.requests.models import ServiceRequest
from core.requests.states import State
from core.testing.factories import ChildFactory, FamilyFactory, GuardianFactory, PersonFactory, UserFactory
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
Told = dict[str, list[Notice]]


def notice(name: str = "a", **facts: Any) -> Notice:
    return Notice(**{"key": f"lent.{name}", "label": f"Rendre {name}", "url": f"/{name}/", **facts})


@pytest.fixture
def told() -> Iterator[Told]:
    """What the only plugin reminds each family of, by name of family; "" for all."""
    PluginState.objects.bulk_create(
        PluginState(slug=plugin.slug, enabled=False) for plugin in discovery.installed().plugins
    )
    said: Told = {"": []}

    def notices(context: FamilyContext) -> list[Notice]:
        return [*said[""], *said.get(context.name, [])]

    with fake_plugin("lent", notices=notices):
        yield said


@pytest.fixture
def guardian(client: Client) -> Guardian:
    found = GuardianFactory(person__first_name="Nora")
    client.force_login(found.person.user)
    return found


def read(client: Client, address: str = "/espace-famille/je-pense-a/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


# Rules ---------------------------------------------------------------------------------------------------------------


def test_the_most_urgent_comes_first() -> None:
    found = reminders(
        [
            notice("plus-tard", until=date(2026, 12, 20)),
            notice("ouvre", begins=date(2026, 12, 1), until=date(2026, 12, 6)),
            notice("sans-date"),
            notice("aujourdhui", until=TODAY),
            notice("en-retard", until=date(2026, 11, 20)),
            notice("bientot", until=date(2026, 11, 29)),
        ],
        TODAY,
    )
    assert [(one.notice.url, one.tone) for one in found] == [
        ("/en-retard/", "error"),
        ("/aujourdhui/", "attention"),
        ("/bientot/", "attention"),
        ("/sans-date/", "attention"),
        ("/ouvre/", "info"),
        ("/plus-tard/", "info"),
    ]
    assert [one.when.replace("\xa0", " ") for one in found] == [
        "c’était avant le vendredi 20 novembre",
        "aujourd’hui, dernier jour",
        "jusqu’au dimanche 29 novembre",
        "dès que possible",
        "à partir du mardi 1er décembre",
        "jusqu’au dimanche 20 décembre",
    ]


_days = st.one_of(st.none(), st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days)))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(_days, _days), max_size=8))
def test_nothing_is_lost_and_what_is_late_is_never_below(
    pairs: list[tuple[date | None, date | None]],
) -> None:
    made = [
        notice(str(rank), begins=first, until=last)
        for rank, (first, last) in enumerate(pairs)
        if not (first and last and last < first)
    ]
    found = reminders(made, TODAY)
    assert sorted(one.notice.key for one in found) == sorted(one.key for one in made)
    late = [one.tone == "error" for one in found]
    assert late == sorted(late, reverse=True)


def test_a_notice_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match=r"lent\.a"):
        notice(begins=TODAY, until=TODAY - timedelta(days=1))


# Pages ---------------------------------------------------------------------------------------------------------------


def test_the_home_and_the_page_say_it(told: Told, client: Client, guardian: Guardian) -> None:
    assert "Vous n’avez rien à faire" in read(client)
    assert "rien à faire pour le moment" in read(client, "/espace-famille/")
    told[""] = [
        notice(f"livre-{n}", until=TODAY + timedelta(days=n), detail="Emprunté à l’école.") for n in range(6)
    ]
    home, page = read(client, "/espace-famille/"), read(client)
    assert home.index("Je pense à") < home.index("Mon espace")
    assert ("livre-3" in home, "livre-4" in home, "Tout voir (6)" in home) == (True, False, True)
    assert page.index("livre-0") < page.index("livre-5")
    assert "Emprunté à l’école." in page


def test_a_delegate_is_reminded_of_what_was_entrusted(told: Told, client: Client) -> None:
    guardian = GuardianFactory()
    child = ChildFactory(families=[guardian.family])
    person = PersonFactory(user=UserFactory())
    mandate, _secret = propose_mandate(
        guardian=guardian, actor=guardian.person.user, name="Jeanne Roux", relation="grandparent",
        children=[child.pk], acts=[Act.BOOK], valid_to=date(2027, 1, 31), today=TODAY, now=NOW,
    )  # fmt: skip
    Mandate.objects.filter(pk=mandate.pk).update(
        delegate=person, state=Mandate.State.ACTIVE, accepted_at=NOW, secret=""
    )
    told[""] = [
        notice("livre"), notice("argent", needs=Act.MONEY), notice("jours", needs=Act.BOOK)
    ]  # fmt: skip
    client.force_login(person.user)
    page = read(client)
    assert [name for name in ("livre", "argent", "jours") if f"Rendre {name}" in page] == ["jours"]
    assert client.get("/espace-famille/mon-espace/messages/").status_code == 404


def test_a_request_waits_for_an_answer(told: Told, client: Client, guardian: Guardian) -> None:
    with fake_plugin_kind():
        for state, title in ((State.WAITING, "Déménagement"), (State.SUBMITTED, "École")):
            ServiceRequest.objects.create(
                kind="pret.livre", title=title, state=state, user=guardian.person.user,
                family=guardian.family, reference=f"R-{title}", created_at=NOW, submitted_at=NOW, due_on=TODAY,
            )  # fmt: skip
        page = read(client)
    assert "Répondre à une question de la mairie" in page
    assert "Déménagement" in page and "École" not in page


def test_an_address_that_gives_messages_back(told: Told, client: Client, guardian: Guardian) -> None:
    assert guardian.person.user
    bounces.record(address=guardian.person.user.email.upper(), status="5.1.1", now=NOW, actor=None)
    bounces.record(address="autre@example.org", status="5.1.1", now=NOW, actor=None)
    page = read(client)
    assert "Vérifier mon adresse électronique" in page and guardian.person.user.email in page
    assert 'href="/espace-famille/mon-espace/messages/"' in page and "autre@example.org" not in page


def fake_plugin_kind() -> Any:
    from core.contracts.requests import RequestKind

    kind = RequestKind(
        code="pret.livre", label="Livre", service="x", delay_days=2, permission="requests.change_servicerequest",
        sections=lambda data: (), accept=lambda acceptance: "",
    )  # fmt: skip
    return fake_plugin("pret", request_kinds=lambda: [kind])


def test_two_homes_are_never_mixed(told: Told, client: Client, guardian: Guardian) -> None:
    other = GuardianFactory(person=guardian.person, family=FamilyFactory(name="Autre foyer"))
    told[guardian.family.name] = [notice("ici")]
    told["Autre foyer"] = [notice("ailleurs")]
    session = client.session
    session["famille"] = str(guardian.family_id)
    session.save()
    assert ("Rendre ici" in read(client), "Rendre ailleurs" in read(client)) == (True, False)
    user = guardian.person.user
    context = context_of(user, TODAY, other.family_id)
    assert user and context
    secret = feeds.make(user=user, context=context, now=NOW)
    text = feeds.read(secret=secret, now=NOW)
    assert text is not None and "ici" not in text


# The calendar --------------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(told: Told, guardian: Guardian) -> str:
    user = guardian.person.user
    context = context_of(user, TODAY)
    assert user and context
    told[""] = [
        notice("livre", until=TODAY + timedelta(days=2), detail="Zoé doit 12,50 €"),
        notice("ouvre", begins=TODAY + timedelta(days=5), until=TODAY + timedelta(days=9)),
        notice("sans-date"),
    ]
    return feeds.make(user=user, context=context, now=NOW)


def test_the_calendar_says_what_and_when_and_nothing_else(secret: str, client: Client) -> None:
    answer = Client().get(f"/espace-famille/agenda/{secret}.ics")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert (answer["X-Robots-Tag"], "no-cache" in answer["Cache-Control"]) == ("noindex", True)
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2
    assert (
        "DTSTART;VALUE=DATE:20261125\r\nDTEND;VALUE=DATE:20261126\r\nSUMMARY:Rendre livre (dernier jour)"
        in text
    )
    assert "DTSTART;VALUE=DATE:20261128" in text
    assert "UID:lent.livre@" in text
    assert not {"Zoé", "12,50", "Nora"} & set(re.split(r"[\s:]", text))


def test_what_is_kept_does_not_open_it(secret: str) -> None:
    row = CalendarFeed.objects.get()
    assert (
        secret not in repr(row.__dict__)
        and Client().get(f"/espace-famille/agenda/{row.digest}.ics").status_code == 404
    )


def test_a_revoked_calendar_leads_nowhere(secret: str, client: Client) -> None:
    address = f"/espace-famille/agenda/{secret}.ics"
    assert client.post("/espace-famille/je-pense-a/calendrier/retirer/").status_code == 302
    assert Client().get(address).status_code == 404
    page = client.post("/espace-famille/je-pense-a/calendrier/").content.decode()
    (again,) = re.findall(r"/espace-famille/agenda/([^\"]+)\.ics", page)
    assert Client().get(f"/espace-famille/agenda/{again}.ics").status_code == 200
    assert again not in client.get("/espace-famille/je-pense-a/").content.decode()
    assert CalendarFeed.objects.get().read_at


@pytest.mark.parametrize("gone", ["account", "household"])
def test_whoever_left_reads_nothing_more(secret: str, guardian: Guardian, gone: str) -> None:
    if gone == "account":
        assert guardian.person.user
        guardian.person.user.is_active = False
        guardian.person.user.save()
    else:
        GuardianFactory(person=guardian.person)
        Guardian.objects.filter(pk=guardian.pk).delete()
    assert feeds.read(secret=secret, now=NOW) is None


# The message of the day ----------------------------------------------------------------------------------------------


@pytest.fixture
def sent(django_capture_on_commit_callbacks: Any) -> Any:
    def run(day: int = 0) -> list[Any]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            digest.send_all(NOW + timedelta(days=day))
        return list(mail.outbox)

    return run


def test_once_a_week_without_a_word(told: Told, guardian: Guardian, sent: Any) -> None:
    assert sent() == []
    told[""] = [notice("livre", until=TODAY + timedelta(days=9)), notice("cle")]
    assert [sent(day) for day in (0, 1, 6)] == [
        [],
        [],
        [],
    ]  # looked at on Monday: nothing was to be done then
    (message,) = sent(7)
    assert message.subject == "Je pense à : rendre livre, et une autre chose"
    assert "/livre/" in message.body and "Rendre cle" in message.alternatives[0].content
    assert "mon-espace/messages/" in message.body
    assert sent(7) == []
    assert Message.objects.count() == 1


def test_each_day_with_something_new(told: Told, guardian: Guardian, sent: Any) -> None:
    assert guardian.person.user
    digest.choose(user=guardian.person.user, rhythm=Digest.Rhythm.DAILY)
    told[""] = [notice("livre", until=TODAY + timedelta(days=9))]
    assert [len(sent(day)) for day in (0, 1, 2)] == [1, 0, 1]  # two days later, it ends within a week
    told[""] = []
    assert sent(3) == []


def test_never_is_never(told: Told, guardian: Guardian, sent: Any) -> None:
    assert guardian.person.user
    digest.choose(user=guardian.person.user, rhythm=Digest.Rhythm.NEVER)
    told[""] = [notice()]
    assert sent() == [] and not Message.objects.exists()


def test_a_stop_between_two_accounts_writes_to_nobody_twice(
    told: Told, guardian: Guardian, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    GuardianFactory()
    told[""] = [notice()]
    real, seen = digest.tell, []

    def stops(**who: Any) -> Any:
        seen.append(who)
        if len(seen) == 2:
            raise RuntimeError
        return real(**who)

    with monkeypatch.context() as patch:
        patch.setattr(digest, "tell", stops)
        with pytest.raises(RuntimeError):
            sent()
    assert len(sent()) == 1
    assert Message.objects.count() == 2


def test_two_homes_of_one_parent_are_told_apart(told: Told, guardian: Guardian, sent: Any) -> None:
    GuardianFactory(person=guardian.person, family=FamilyFactory(name="Autre foyer"))
    told[guardian.family.name] = [notice("ici")]
    told["Autre foyer"] = [notice("ailleurs")]
    (message,) = sent()
    here, there = (message.body.index(name) for name in ("Rendre ici", "Rendre ailleurs"))
    assert message.body.index("Autre foyer") < there
    assert (message.body.index(guardian.family.name) < here) is True


def test_the_job_is_known(told: Told) -> None:
    assert "core.je-pense-a" in {entry.key for entry in jobs.entries()}


# What one receives ---------------------------------------------------------------------------------------------------


def test_choosing(told: Told, client: Client, guardian: Guardian) -> None:
    page = read(client, "/espace-famille/mon-espace/messages/")
    assert "Toujours envoyés" in page and "La mairie vous demande quelque chose" in page
    assert "Vous avez déjà un compte" not in page  # it answers whoever asked
    answer = client.post("/espace-famille/mon-espace/messages/", {"rhythm": "daily"})
    assert answer.status_code == 302
    assert Digest.objects.get(user=guardian.person.user).rhythm == "daily"
    assert client.post("/espace-famille/mon-espace/messages/", {"rhythm": uuid4()}).status_code == 200


def test_hook_notices(told: Told, client: Client, guardian: Guardian) -> None:
    told[guardian.family.name] = [notice("salle", label="Rendre les clés de la salle")]
    assert "Rendre les clés de la salle" in read(client)
