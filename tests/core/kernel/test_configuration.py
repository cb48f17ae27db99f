"""Versions: written once, in force from their day, restored, carried from one town to another all or nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.contracts.settings import Integer, Text
from core.kernel import configuration, documents, settings, state
from core.kernel.configuration import Overtaken, Refused
from core.kernel.models import ConfigurationVersion, NeverRewritten
from core.testing.hooks import fake_plugin

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
SCHEMA = (
    Integer(name="count", label="Nombre", minimum=1, maximum=12, default=3),
    Text(name="word", label="Mot", required=False),
)
KEY = "lent.settings"


@pytest.fixture(autouse=True)
def lent():  # type: ignore[no-untyped-def]
    with fake_plugin("lent", settings_schema=SCHEMA), fake_plugin("other", settings_schema=SCHEMA[:1]):
        yield


def write(count: int, key: str = KEY, **more: Any) -> ConfigurationVersion:
    after = more.pop("after", configuration.last_number(key))
    return configuration.record(
        key=key, document={"count": count}, after=after, author="anne", **{"at": NOW, **more}
    )


def test_versions_follow_each_other() -> None:
    assert configuration.current(KEY, today=TODAY) is None
    assert [write(4).number, write(5, note="Plus de place").number] == [1, 2]
    standing = configuration.current(KEY, today=TODAY)
    assert standing and (standing.document, standing.author, standing.note) == (
        {"count": 5},
        "anne",
        "Plus de place",
    )
    assert [version.number for version in configuration.history(KEY)] == [2, 1]
    assert write(6, key="other.settings").number == 1


def test_a_version_waits_for_its_day_and_a_correction_does_not_undo_it() -> None:
    write(4)
    write(5, valid_from=TODAY + timedelta(days=10))
    write(6, at=NOW + timedelta(days=1))

    def count(days: int) -> int:
        version = configuration.current(KEY, today=TODAY + timedelta(days=days))
        return version.document["count"] if version else 0

    assert [count(days) for days in (-1, 0, 1, 9, 10, 100)] == [0, 4, 6, 6, 5, 5]


def test_the_day_begins_at_midnight_in_paris() -> None:
    write(4, at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert configuration.current(KEY, today=TODAY - timedelta(days=1)) is None
    assert configuration.current(KEY, today=TODAY) is not None


def test_nothing_is_rewritten() -> None:
    version = write(4)
    for act in (
        version.save,
        version.delete,
        ConfigurationVersion.objects.all().delete,
        lambda: ConfigurationVersion.objects.update(note="x"),
    ):
        with pytest.raises(NeverRewritten):
            act()


def test_the_database_keeps_one_version_a_number() -> None:
    write(4)
    for number in (0, 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConfigurationVersion(key=KEY, number=number, document={}, created_at=NOW, author="x").save()


def test_of_two_agents_who_write_at_once_the_second_is_told() -> None:
    write(4)
    write(5, after=1)
    with pytest.raises(Overtaken, match="anne a enregistré une autre version"):
        write(6, after=1)
    with pytest.raises(Overtaken):
        write(6, after=7)
    assert configuration.last_number(KEY) == 2


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(Refused, match="Nombre : Écrivez un nombre entier de 1 à 12"):
        write(13)
    with pytest.raises(Refused, match="ne connaît pas"):
        write(1, key="nobody.settings")
    assert not ConfigurationVersion.objects.exists()


def test_restoring_writes_the_old_document_again() -> None:
    old = write(4)
    write(5)
    again = configuration.restore(version=old, author="paul", at=NOW)
    assert (again.number, again.document, again.note) == (3, {"count": 4}, "Retour à la version 1.")


class TestBundle:
    def test_from_one_town_to_another(self) -> None:
        write(4)
        write(7, key="other.settings")
        bundle = configuration.export_bundle([KEY, "other.settings", KEY], today=TODAY)
        write(8)
        plan = self.take(bundle, dry_run=True)
        assert [(change.key, [d.where for d in change.differences]) for change in plan] == [
            (KEY, ["count"]),
            ("other.settings", []),
        ]
        assert ConfigurationVersion.objects.count() == 3
        assert self.take(bundle) == plan
        assert ConfigurationVersion.objects.count() == 4
        standing = configuration.current(KEY, today=TODAY)
        assert standing and (standing.document, standing.note) == ({"count": 4}, "Repris d’un fichier.")

    def take(self, bundle: Any, dry_run: bool = False) -> list[configuration.Change]:
        return configuration.import_bundle(bundle, author="anne", at=NOW, today=TODAY, dry_run=dry_run)

    def test_all_or_nothing_with_every_reason(self) -> None:
        bundle = documents.pack(
            [
                documents.Entry("lent.settings", 1, {"count": 4}),
                documents.Entry("nobody.settings", 1, {}),
                documents.Entry("other.settings", 1, {"count": 40}),
            ]
        )
        with pytest.raises(Refused) as refused:
            self.take(bundle)
        assert refused.value.reasons == (
            "Cette commune ne connaît pas « nobody.settings ».",
            "other : Nombre : Écrivez un nombre entier de 1 à 12.",
        )
        assert not ConfigurationVersion.objects.exists()

    def test_a_failure_in_the_middle_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bundle = documents.pack(
            [documents.Entry(key, 1, {"count": 4}) for key in ("lent.settings", "other.settings")]
        )
        record = configuration.record

        def failing(**kwargs: Any) -> ConfigurationVersion:
            if kwargs["key"] == "other.settings":
                raise Overtaken("entre-temps")
            return record(**kwargs)

        monkeypatch.setattr(configuration, "record", failing)
        with pytest.raises(Overtaken):
            self.take(bundle)
        assert not ConfigurationVersion.objects.exists()

    def test_what_is_not_a_bundle(self) -> None:
        with pytest.raises(Refused, match="pas un fichier de configuration"):
            self.take({"format": "autre"})

    def test_a_key_never_set_is_left_out_and_an_unknown_one_is_refused(self) -> None:
        assert configuration.export_bundle([KEY], today=TODAY)["entries"] == []
        with pytest.raises(Refused):
            configuration.export_bundle(["nobody.settings"], today=TODAY)


class TestValues:
    def test_defaults_then_what_was_chosen(self) -> None:
        assert settings.values("lent") == {"count": 3, "word": ""}
        write(4)
        assert settings.values("lent") == {"count": 4, "word": ""}
        with pytest.raises(LookupError):
            settings.values("nobody")

    def test_what_was_read_is_kept_until_a_version_is_written(self, django_assert_num_queries: Any) -> None:
        write(4)
        with django_assert_num_queries(2), state.snapshot():
            assert settings.values("lent")["count"] == 4
            assert settings.values("lent")["count"] == 4
        with django_assert_num_queries(1), state.snapshot():  # the state itself
            assert settings.values("lent")["count"] == 4
        write(5, key="other.settings")
        with django_assert_num_queries(3), state.snapshot():
            assert settings.values("lent")["count"] == 4
            assert settings.values("other")["count"] == 5

    def test_without_any_version_the_state_is_all_that_is_read(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1), state.snapshot():
            assert settings.values("lent")["count"] == 3
            assert "lent" in state.enabled_slugs()

    def test_a_page_reads_what_it_has_just_written(self) -> None:
        with state.snapshot():
            assert settings.values("lent")["count"] == 3
            write(4)
            assert settings.values("lent")["count"] == 4

    def test_a_plugin_that_is_off_keeps_its_settings(self, switch: Any) -> None:
        write(4)
        switch("lent", False)
        assert "lent" not in state.enabled_slugs()
        assert settings.values("lent")["count"] == 4
        assert KEY in configuration.subjects()

    def test_a_version_waits_for_its_day(self, settings: Any) -> None:
        from core.kernel.settings import values

        write(4)
        write(5, valid_from=TODAY + timedelta(days=1))
        assert values("lent")["count"] == 4
        settings.PARVIS_TODAY = "2026-11-24"
        assert values("lent")["count"] == 5


def test_the_state_tells_switches_and_stamp_in_one_statement(switch: Any) -> None:
    switch("lent", False)
    switch("other", True)
    with state.snapshot():
        assert "lent" not in state.enabled_slugs()
        assert "other" in state.enabled_slugs()
        assert state.configuration_stamp() is None
    write(4)
    write(5)
    with state.snapshot():
        assert state.configuration_stamp() == (2, NOW)
