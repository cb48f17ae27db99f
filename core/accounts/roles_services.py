"""Acts on roles and on the accounts of agents. Each leaves its entry in the journal."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import roles
from core.accounts.models import Assignment, User
from core.accounts.trades import RESERVED, permissions_named
from core.contracts.access import Trade
from core.contracts.jobs import Job
from core.contracts.journal import Act
from core.kernel import journal
from core.kernel.clock import PARIS
from core.town.models import Service, Site


def _act(code: str, label: str) -> Act:
    return Act(f"accounts.{code}", label, shown_to_family=False)


ACTS = (
    _act("agent_created", "Compte d’agent créé"),
    _act("agent_changed", "Compte d’agent modifié"),
    _act("agent_deactivated", "Compte d’agent désactivé"),
    _act("agent_reactivated", "Compte d’agent réactivé"),
    _act("role_given", "Métier donné à un agent"),
    _act("role_withdrawn", "Métier retiré à un agent"),
    _act("trade_changed", "Droits d’un métier modifiés"),
)


class LastAdministrator(Exception):
    """Somebody must remain who may give roles."""


class Stale(Exception):
    """What was changed meanwhile by somebody else."""


def mirror_groups(user: User, today: date) -> None:
    """Make the groups of an account those of its roles, for what Wagtail reads of them."""
    active = Assignment.objects.filter(roles.active(today), user=user)
    user.groups.set(Group.objects.filter(pk__in=active.values("trade")))
    roles.forget(user)


@transaction.atomic
def give_role(
    *,
    user: User,
    trade: Group,
    site: Site | None = None,
    service: Service | None = None,
    until: date | None = None,
    actor: Any,
    today: date,
) -> Assignment:
    """Give an agent a trade. Raises ValidationError when it is already held there."""
    if trade.name == Trade.ADMIN.value and (site or service):
        raise ValidationError(_("L’administration ne se limite ni à un lieu ni à un service."))
    role = Assignment(user=user, trade=trade, site=site, service=service, until=until)
    role.full_clean()
    role.save()
    if not user.is_staff:
        User.objects.filter(pk=user.pk).update(is_staff=True)
    mirror_groups(user, today)
    journal.record(
        actor=actor, act="accounts.role_given", object=user, changes={"role": [None, _described(role)]}
    )
    return role


@transaction.atomic
def withdraw_role(*, role: Assignment, actor: Any, today: date) -> None:
    """Take a trade back. Raises LastAdministrator."""
    _keep_an_administrator(today, without=[role])
    user, before = role.user, _described(role)
    role.delete()
    mirror_groups(user, today)
    journal.record(actor=actor, act="accounts.role_withdrawn", object=user, changes={"role": [before, None]})


def _described(role: Assignment) -> dict[str, Any]:
    return {
        "trade": role.trade.name,
        "site": role.site.code if role.site else None,
        "service": role.service.code if role.service else None,
        "until": role.until,
    }


def _keep_an_administrator(today: date, *, without: Iterable[Assignment]) -> None:
    """Locks the administrators, so that two of them do not withdraw each other at once."""
    left = Assignment.objects.select_for_update(of=("self",)).filter(
        roles.active(today),
        user__is_active=True,
        trade__name=Trade.ADMIN.value,
        site=None,
        service=None,
    )
    gone = {role.pk for role in without}
    remaining = [role for role in left.order_by("pk") if role.pk not in gone]
    if len(remaining) == 0 and any(role.trade.name == Trade.ADMIN.value for role in without):
        raise LastAdministrator


@transaction.atomic
def change_trades(*, before: dict[str, frozenset[str]], after: dict[str, frozenset[str]], actor: Any) -> int:
    """Give and take permissions (`app_label.codename`) of trades, by name of group. Administration holds them all.

    `before` is what the agent saw: raises Stale when it is no longer so. Returns how many boxes changed.
    """
    groups = {
        group.name: group for group in Group.objects.select_for_update().filter(name__in=after).order_by("pk")
    }
    known = permissions_named({name for names in (*before.values(), *after.values()) for name in names})
    names_of = {permission.pk: name for name, permission in known.items()}
    changed = 0
    for name, group in groups.items():
        held = frozenset(
            names_of[pk] for pk in group.permissions.values_list("pk", flat=True) if pk in names_of
        )
        if name == Trade.ADMIN.value or after[name] == before[name]:
            continue
        if held != before[name]:
            raise Stale
        given, taken = after[name] - held - RESERVED, held - after[name]
        group.permissions.add(*(known[item].pk for item in given))
        group.permissions.remove(*(known[item].pk for item in taken))
        changes = {item: [item in held, item in given] for item in sorted(given | taken)}
        if not changes:
            continue
        journal.record(actor=actor, act="accounts.trade_changed", object=group, changes=changes)
        changed += len(changes)
    return changed


@transaction.atomic
def create_agent(*, username: str, email: str, first_name: str, last_name: str, actor: Any) -> User:
    """An account without a password and without a role. Raises ValidationError."""
    user = User(username=username, email=email, first_name=first_name, last_name=last_name, is_staff=True)
    user.set_unusable_password()
    user.full_clean()
    if email and User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Un compte a déjà cette adresse électronique.")})
    user.save()
    journal.record(actor=actor, act="accounts.agent_created", object=user)
    return user


@transaction.atomic
def change_agent(
    *, user: User, username: str, email: str, first_name: str, last_name: str, actor: Any
) -> User:
    """Names and address of an agent. The journal tells which fields changed, not what they hold.

    Raises ValidationError.
    """
    wanted = {"username": username, "email": email, "first_name": first_name, "last_name": last_name}
    changed = [name for name, value in wanted.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, wanted[name])
    user.full_clean(exclude=["password"])
    if "email" in changed and email and User.objects.exclude(pk=user.pk).filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Un compte a déjà cette adresse électronique.")})
    if changed:
        user.save(update_fields=changed)
        journal.record(
            actor=actor, act="accounts.agent_changed", object=user, changes={"fields": sorted(changed)}
        )
    return user


@transaction.atomic
def set_active(*, user: User, active: bool, actor: Any, today: date) -> None:
    """Close or reopen an agent's account; closed, its sessions end at once. Raises LastAdministrator."""
    if user.is_active == active:
        return
    if not active:
        _keep_an_administrator(today, without=list(user.assignments.select_related("trade")))
    user.is_active = active
    user.save(update_fields=["is_active"])
    roles.forget(user)
    act = "accounts.agent_reactivated" if active else "accounts.agent_deactivated"
    journal.record(actor=actor, act=act, object=user)


def end_roles(now: datetime) -> None:
    """Accounts whose roles ended lose the groups too. Their rights ended on the day itself."""
    today = now.astimezone(PARIS).date()
    ended = Assignment.objects.filter(until__lt=today, user__groups=F("trade"))
    for user in User.objects.filter(assignments__in=ended).distinct():
        mirror_groups(user, today)


JOBS = (
    Job(
        name="roles",
        label=gettext_lazy("Clore les rôles terminés"),  # type: ignore[arg-type]
        schedule=time(0, 10),
        run=end_roles,
    ),
)
