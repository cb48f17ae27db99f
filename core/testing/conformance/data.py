"""The demo's part of a plugin, and what it keeps about people."""

import hashlib
from collections import deque

import pytest
from django.apps import apps
from django.db import connection, models

from core.contracts.demo import Demo
from core.contracts.plugin import Plugin
from core.kernel import manager
from core.testing.conformance.context import rule

__all__ = ["test_its_part_of_the_demo_is_written_once", "test_what_leads_to_people_is_declared"]

PEOPLE = {"families.Person", "families.Family", "families.Guardian", "families.Child", "families.Contact"}
"""An account beside an act tells who did it: that is the act's own log, not what is known about a family."""


@rule("demo")
@pytest.mark.django_db
def test_its_part_of_the_demo_is_written_once(plugin: Plugin, town: Demo) -> None:
    load = manager.caller("load_demo", plugin.slug)
    assert load, "it has no part in the demo"
    once = _rows()
    assert not _own(plugin.slug) or any(once[model._meta.label][0] for model in _own(plugin.slug))
    told = [line for answer in load(demo=town) for line in answer]
    assert all(isinstance(line, str) and line for line in told)
    again = _rows()
    assert {label for label in once if once[label] != again[label]} == set()


def _own(slug: str) -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label == slug]


def _rows() -> dict[str, tuple[int, str]]:
    """How many rows each of our tables has, and a print of them all as the database holds them."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith(("core.", "plugins.", "wagtail.models", "wagtail.documents")):
            table = connection.ops.quote_name(model._meta.db_table)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - a table of ours
                rows = cursor.fetchall()
            found[model._meta.label] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


@rule("personal_data")
def test_what_leads_to_people_is_declared(plugin: Plugin) -> None:
    declared = {name for kind in plugin.personal_data for name in kind.models}
    own = {model.__name__: model for model in _own(plugin.slug)}
    assert declared - own.keys() == set(), "no such model"
    assert all(kind.what for kind in plugin.personal_data)
    assert leading_to_people(list(own.values())) - declared == set()


def leading_to_people(own: list[type[models.Model]]) -> set[str]:
    """Names of the models that hold a relation to a person or a family, or to a model that does."""
    pointing: dict[type[models.Model], set[type[models.Model]]] = {}
    found: set[str] = set()
    waiting: deque[type[models.Model]] = deque()
    for model in own:
        for field in model._meta.get_fields():
            target = field.related_model
            if getattr(field, "concrete", False) and isinstance(target, type):
                pointing.setdefault(target, set()).add(model)
                if target._meta.label in PEOPLE:
                    waiting.append(model)
    while waiting:
        model = waiting.popleft()
        if model.__name__ not in found:
            found.add(model.__name__)
            waiting.extend(pointing.get(model, ()))
    return found
