"""The page of trades: every act that somebody may be given, in French, with the trades that hold it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.accounts.trades import AGENT, RESERVED, declared, duties, permissions_named
from core.contracts.access import Duty, Trade

VERBS = ("view", "choose", "add", "change", "delete", "export")
"""Django's own permissions, in the order in which one reads them."""


@dataclass(frozen=True, slots=True)
class Action:
    """One line: `name` is the permission, `label` what agents read, `heading` the room or the plugin that brings it."""

    name: str
    label: str
    heading: str
    duty: Duty | None
    reserved: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Lines by heading, and what each trade holds: {name of the group: permissions}."""

    sections: tuple[tuple[str, tuple[Action, ...]], ...]
    held: dict[str, frozenset[str]]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(action.name for _heading, actions in self.sections for action in actions)


def _verb(codename: str) -> tuple[int, str]:
    words = {
        "view": _("consulter"),
        "choose": _("choisir"),
        "add": _("ajouter"),
        "change": _("modifier"),
        "delete": _("supprimer"),
        "export": _("exporter"),
    }
    verb = codename.partition("_")[0]
    return (VERBS.index(verb), words[verb]) if verb in words else (len(VERBS), "")


def _label(permission: Permission) -> str:
    """« Séances : consulter »; for an act of its own, the name that its model gives it."""
    model = permission.content_type.model_class()
    name = f"{permission.content_type.app_label}.{permission.codename}"
    if name == AGENT:
        return _("Ouvrir la gestion")
    if name == "auth.change_group":
        return _("Droits des métiers : modifier")
    _rank, verb = _verb(permission.codename)
    if model is None or not verb:
        return permission.name
    return _("%(things)s : %(verb)s") % {
        "things": capfirst(str(model._meta.verbose_name_plural)),
        "verb": verb,
    }


def _heading(app_label: str) -> str:
    if app_label.startswith("wagtail"):
        return _("Pages, images et documents")
    if app_label == "auth":
        app_label = "accounts"
    return capfirst(str(apps.get_app_config(app_label).verbose_name))


def matrix() -> Matrix:
    """Two statements a page, whatever the number of trades."""
    names = {name for grant in declared() for name in grant.permissions}
    known = permissions_named(names)
    side = duties()
    lines: dict[str, list[tuple[tuple[str, int], Action]]] = {}
    for name, permission in known.items():
        action = Action(
            name,
            _label(permission),
            _heading(permission.content_type.app_label),
            side.get(name),
            name in RESERVED,
        )
        key = (permission.content_type.model, _verb(permission.codename)[0])
        lines.setdefault(action.heading, []).append((key, action))
    sections = tuple(
        (heading, tuple(action for _key, action in sorted(found, key=lambda line: (line[0], line[1].label))))
        for heading, found in sorted(lines.items())
    )
    keys = {permission.pk: name for name, permission in known.items()}
    held: dict[str, set[str]] = {trade.value: set() for trade in Trade}
    rows = Group.objects.filter(name__in=held).values_list("name", "permissions")
    for group, permission_id in rows:
        if permission_id in keys:
            held[group].add(keys[permission_id])
    return Matrix(sections, {group: frozenset(names) for group, names in held.items()})


def both_sides(held: Iterable[str]) -> bool:
    """Does somebody with these permissions both say what is owed and handle it?"""
    side = duties()
    return {side[name] for name in held if name in side} == set(Duty)
