"""The one place where the lists of agents become narrower: by the sites on which a role was given."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from core.accounts import roles

M = TypeVar("M", bound=Model)


def within(
    user: Any, permission: str, rows: QuerySet[M], *, site: str | None = None, service: str | None = None
) -> QuerySet[M]:
    """The rows on which `user` holds `permission` (`app_label.codename`).

    `site` is the path from a row to its site (`"session__site"`, `"pk"` for the sites themselves), `service` the path
    to the code of its service; None for rows that belong to none. No row at all without the permission.
    """
    return roles.within(user, permission, rows, site=site, service=service)
