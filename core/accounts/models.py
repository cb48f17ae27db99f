"""Who signs in, and what the town hall entrusts to whom."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class User(RandomId, AbstractUser):  # type: ignore[django-manager-missing]
    """An account, of a parent or of an agent (`is_staff`). A parent's family tells what a parent may do, the roles of
    an agent the rest (`core.accounts.roles`): `has_perm` reads them, once a request."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("compte")  # type: ignore[assignment]
        verbose_name_plural = _("comptes")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        from core.accounts.roles import may

        return obj is None and may(self, perm)

    def has_module_perms(self, app_label: str) -> bool:
        from core.accounts.roles import rights_of

        rights = rights_of(self)
        return rights.everything or any(name.startswith(f"{app_label}.") for name in rights.held)

    @property
    def acting_service(self) -> str:
        """In whose name this agent acts, as families read it in their journal; empty for a parent."""
        from core.accounts.roles import rights_of

        return rights_of(self).service


_ANYWHERE = Value(UUID(int=0), output_field=models.UUIDField())


class Assignment(RandomId):
    """A role: an agent's trade, somewhere and for some service, until some day. Empty: everywhere, for all, for good.

    The groups of an account follow (`core.accounts.roles_services`), for what Wagtail reads of them: rights on pages,
    images, workflows.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("agent")
    )
    trade = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("métier")
    )
    site = models.ForeignKey(
        "town.Site",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lieu"),
        help_text=_("Sans lieu : dans toute la commune."),
    )
    service = models.ForeignKey(
        "town.Service",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Sans service : pour tous."),
    )
    until = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Dernier jour. Sans date : sans fin.")
    )

    class Meta:
        verbose_name = _("rôle")
        verbose_name_plural = _("rôles")
        ordering = ("trade__name", "site__name", "service__name")
        constraints = [
            models.UniqueConstraint(
                "user",
                "trade",
                Coalesce("site", _ANYWHERE),
                Coalesce("service", _ANYWHERE),
                name="accounts_role_once",
                violation_error_message=_("Cet agent a déjà ce métier, là et pour ce service."),
            )
        ]

    def __str__(self) -> str:
        where = ", ".join(str(part) for part in (self.site, self.service) if part)
        return f"{self.trade} ({where})" if where else str(self.trade)


class DefaultGrant(models.Model):
    """A permission that a trade was given when it was first declared: agents may take it away, and it stays away."""

    trade = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    permission = models.ForeignKey("auth.Permission", on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["trade", "permission"], name="accounts_default_once")]

    def __str__(self) -> str:
        return f"{self.trade_id} · {self.permission_id}"


class CacheEntry(models.Model):
    """The shared cache of a town without Redis (`CACHE_URL`): what processes count together, limits of attempts first.

    Django's database cache reads and writes it with its own SQL; a migration makes the table, no command.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "parvis_cache"
        default_permissions = ()

    def __str__(self) -> str:
        return self.cache_key
