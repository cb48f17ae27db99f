"""What the kernel keeps: which plugins are on, and who switched them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class RandomId(models.Model):
    """Base of whatever has an address: a key that nobody can guess or count."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class PluginState(models.Model):
    """On or off, for one plugin. Without a row, the manifest's `enabled_by_default` holds."""

    slug = models.CharField(_("module"), max_length=50, primary_key=True)
    enabled = models.BooleanField(_("activé"))

    class Meta:
        verbose_name = _("état d’un module")
        verbose_name_plural = _("états des modules")

    def __str__(self) -> str:
        return self.slug


class PluginSwitch(models.Model):
    """One act of switching, kept for ever. `actor` is an identifier of account, or « ligne de commande »."""

    slug = models.CharField(_("module"), max_length=50)
    enabled = models.BooleanField(_("activé"))
    at = models.DateTimeField(_("le"))
    actor = models.CharField(_("par"), max_length=150)

    class Meta:
        verbose_name = _("bascule d’un module")
        verbose_name_plural = _("bascules des modules")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.slug} {'on' if self.enabled else 'off'}"
