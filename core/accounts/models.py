"""Who signs in."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class User(RandomId, AbstractUser):
    """An account, of a parent or of an agent. Groups tell an agent's trades; a parent's family tells the rest."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("compte")  # type: ignore[assignment]
        verbose_name_plural = _("comptes")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
