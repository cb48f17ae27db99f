"""Whom the suite is about, the town that it walks through, and the people who do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.test import Client

from core.accounts.models import Assignment, User
from core.contracts.access import Trade
from core.contracts.demo import Demo, load_demo
from core.contracts.family import Act
from core.contracts.plugin import Plugin
from core.documents.demo import load_documents
from core.families.demo import load_families
from core.families.models import Guardian, Mandate, Person
from core.families.services.mandates import accept_mandate, propose_mandate
from core.kernel import calls, clock, discovery
from core.kernel.models import PluginState
from core.pages.demo import load_pages
from core.testing import quality
from core.testing.fixtures import fresh_memory
from core.town.demo import load_town
from core.town.models import Site

__all__ = ["fresh_memory", "people", "town"]

HERE, ELSEWHERE = "elementaire-villon", "elementaire-bonheur"
"""Sites of the demo."""

F = TypeVar("F", bound=Callable[..., Any])


def rule(name: str) -> Callable[[F], F]:
    """The rule of the quality sheet that a test answers."""
    if not any(name in rules for rules in quality.RULES.values()):
        raise ValueError(name)

    def mark(test: F) -> F:
        test.parvis_rule = name  # type: ignore[attr-defined]
        return test

    return mark


def folder_of(slug: str) -> Path:
    """Where a plugin's files are."""
    spec = find_spec(f"plugins.{slug}")
    assert spec and spec.origin, f"plugins.{slug} is not a package"
    return Path(spec.origin).parent


def under_test(config: pytest.Config, module: ModuleType) -> list[Plugin]:
    """The plugins that a run is about."""
    wanted = config.getoption("parvis_plugin") or [getattr(module, "PLUGIN", None)]
    known = {plugin.slug: plugin for plugin in discovery.installed().plugins}
    if wanted == [None]:
        return list(known.values())
    for slug in wanted:
        if slug not in known:
            aside = {item.slug: item.reason for item in discovery.quarantined()}
            raise pytest.UsageError(f"plugin {slug}: {aside.get(slug, 'it is not installed')}")
    return [known[slug] for slug in wanted]


def cases(config: pytest.Config, module: ModuleType, rule: str) -> list[Any]:
    return [
        pytest.param(plugin, id=plugin.slug, marks=_exempt(plugin.slug, rule))
        for plugin in under_test(config, module)
    ]


def _exempt(slug: str, rule: str) -> list[pytest.MarkDecorator]:
    try:
        reason = quality.read(folder_of(slug)).exempt.get(rule)
    except ValueError:
        reason = None  # the test of the sheet says what is wrong
    return [pytest.mark.skip(reason=f"exempt: {reason}")] if reason else []


def needed(plugins: list[Plugin]) -> set[str]:
    """Some plugins and all that they stand on."""
    known = {plugin.slug: plugin for plugin in discovery.installed().plugins}
    found, waiting = set(), [plugin.slug for plugin in plugins]
    while waiting:
        found.add(slug := waiting.pop())
        waiting += [other for other in known[slug].depends_on if other not in found]
    return found


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Demo]:
    """The demo commune with the plugins under test and those that they need; the others are off. Undone at the end."""
    on = needed(under_test(request.config, request.module))
    with django_db_blocker.unblock(), _sized(), transaction.atomic():
        for plugin in discovery.installed().plugins:
            PluginState.objects.update_or_create(slug=plugin.slug, defaults={"enabled": plugin.slug in on})
        demo = Demo(today=clock.today())
        load_town(today=demo.today)
        load_families(demo=demo)
        load_documents(demo=demo)
        load_pages(demo=demo)
        for _line in calls.strict(load_demo, demo=demo):
            _learn_sizes()  # before the next plugin reads what this one wrote
        yield demo
        transaction.set_rollback(True)


@contextmanager
def _sized() -> Iterator[None]:
    """Rows that earlier tests undid still fill their tables: PostgreSQL would learn that full pages hold no row."""
    _learn_sizes("VACUUM")
    yield


def _learn_sizes(command: str = "ANALYZE") -> None:
    """PostgreSQL plans with what it was last told of the sizes, and nobody tells it inside a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(command)


@dataclass(frozen=True)
class People:
    """Clients signed in as people of the demo.

    `visitor` is nobody, `newcomer` has no family. `second` is a guardian of the parent's family without the parental
    authority, `delegate` was mandated by the parent: both may see the planning and book. `here` and `elsewhere` hold
    every right on one site each, `bystander` is an agent without any, `admin` has them all.
    """

    visitor: Client
    parent: Client
    neighbour: Client
    newcomer: Client
    second: Client
    delegate: Client
    bystander: Client
    here: Client
    elsewhere: Client
    admin: Client

    def agent(self, permission: str) -> Client:
        """An agent who may do this one thing."""
        app, codename = permission.split(".")
        wanted = Permission.objects.filter(content_type__app_label=app, codename=codename)
        assert wanted.exists(), f"no permission {permission}"
        return signed_in(agent_with(*wanted))


def agent_with(*permissions: Permission) -> User:
    """An agent of no trade, who may open the back office and do these things."""
    agent = User.objects.create(username=f"agent-{uuid4()}")
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    agent.user_permissions.set([access, *permissions])
    return agent


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


PROFILES = tuple(People.__dataclass_fields__)
GIVEN = (Act.PLANNING, Act.BOOK)


def _second(parent: Guardian) -> User:
    user = User.objects.create(username="second", first_name="Luc", last_name="Barthe")
    person = Person.objects.create(user=user, first_name="Luc", last_name="Barthe")
    Guardian.objects.create(
        family=parent.family,
        person=person,
        position=9,
        parental_authority=False,
        payer_share=0,
        may_book=True,
    )
    return user


def _delegate(parent: Guardian, today: date) -> User:
    user = User.objects.create(username="delegue", first_name="Jeanne", last_name="Roux")
    child = parent.family.child_links.values_list("child", flat=True)[0]
    mandate, _secret = propose_mandate(
        guardian=parent,
        actor=parent.person.user,
        name="Jeanne Roux",
        relation=Mandate.Relation.GRANDPARENT,
        children=[child],
        acts=GIVEN,
        valid_to=today,
        today=today,
        now=clock.now(),
    )
    accept_mandate(mandate=mandate, user=user, today=today, now=clock.now())
    return user


def _of_site(code: str) -> User:
    """An agent with every right, on one site."""
    user = User.objects.create(username=f"agent-{code}", is_staff=True)
    group = Group.objects.get(name=Trade.ADMIN.value)
    Assignment.objects.create(user=user, trade=group, site=Site.objects.get(code=code))
    return user


@pytest.fixture
def people(db: None, town: Demo) -> People:
    def account(name: str) -> Client:
        return signed_in(User.objects.get(username=name))

    parent = Guardian.objects.select_related("family", "person__user").get(person__user__username="parent")
    return People(
        visitor=Client(),
        parent=account("parent"),
        neighbour=account("voisin"),
        newcomer=account("nouveau"),
        second=signed_in(_second(parent)),
        delegate=signed_in(_delegate(parent, town.today)),
        bystander=signed_in(agent_with()),
        here=signed_in(_of_site(HERE)),
        elsewhere=signed_in(_of_site(ELSEWHERE)),
        admin=account("admin"),
    )
