"""The books of the sandbox provider: a third party's, though they lie in our database. Nothing else reads them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class SandboxTransaction(RandomId):
    """One order as the sandbox knows it. `answers_at`: until then it says *pending*, whatever was decided."""

    class Decision(models.TextChoices):
        WAITING = "waiting", _("en attente")
        ACCEPTED = "accepted", _("accepté")
        REFUSED = "refused", _("refusé")
        ABANDONED = "abandoned", _("abandonné")

    reference = models.CharField(_("référence"), max_length=30)
    amount_cents = models.PositiveBigIntegerField(_("montant (centimes)"))
    label = models.CharField(_("objet"), max_length=200)
    return_url = models.URLField(max_length=500)
    notify_url = models.URLField(max_length=500)
    decision = models.CharField(_("décision"), max_length=10, choices=Decision, default=Decision.WAITING)
    answers_at = models.DateTimeField(_("répond le"), null=True)

    class Meta:
        verbose_name = _("opération du bac à sable")
        verbose_name_plural = _("opérations du bac à sable")

    def __str__(self) -> str:
        return self.reference
