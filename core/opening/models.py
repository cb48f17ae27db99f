"""Activation codes. The secret is never kept: only its slow hash."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId
from core.opening.codes import ATTEMPTS, State


class IdentityDocument(models.TextChoices):
    """What an agent looked at. Its kind alone is kept: neither number nor copy."""

    CARD = "carte", _("carte nationale d’identité")
    PASSPORT = "passeport", _("passeport")
    PERMIT = "titre", _("titre de séjour")
    LICENCE = "permis", _("permis de conduire")


class ActivationCode(RandomId):
    """A code given to one person, to open an account or to have it back. One at most is valid at a time.

    At the desk (`channel`), an agent saw an identity document; a letter goes to the address that the town knows.
    """

    class Channel(models.TextChoices):
        LETTER = "letter", _("lettre")
        DESK = "desk", _("guichet")

    person = models.ForeignKey(
        "families.Person",
        on_delete=models.CASCADE,
        related_name="activation_codes",
        verbose_name=_("personne"),
    )
    selector = models.CharField(_("début"), max_length=4, editable=False)
    secret = models.CharField(max_length=128, editable=False)
    channel = models.CharField(_("voie"), max_length=6, choices=Channel)
    identity_document = models.CharField(
        _("pièce d’identité vue"), max_length=10, blank=True, choices=IdentityDocument
    )
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.ISSUED)
    attempts = models.PositiveSmallIntegerField(_("essais manqués"), default=0)
    issued_at = models.DateTimeField(_("donné le"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("donné par"),
    )
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    ended_at = models.DateTimeField(_("fini le"), null=True, blank=True)

    class Meta:
        verbose_name = _("code d’activation")
        verbose_name_plural = _("codes d’activation")
        ordering = ("-issued_at", "pk")
        default_permissions = ("add", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="issued"), name="opening_one_code_a_person"
            ),
            models.UniqueConstraint(
                fields=["selector"], condition=Q(state="issued"), name="opening_selector_finds_one"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="opening_known_state"),
            models.CheckConstraint(
                condition=Q(state="issued", ended_at__isnull=True)
                | (~Q(state="issued") & Q(ended_at__isnull=False)),
                name="opening_ended_has_a_date",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=ATTEMPTS), name="opening_attempts_limited"),
            models.CheckConstraint(
                condition=Q(state="locked", attempts=ATTEMPTS)
                | (~Q(state="locked") & Q(attempts__lt=ATTEMPTS)),
                name="opening_locked_after_attempts",
            ),
            models.CheckConstraint(
                condition=Q(channel="letter") | ~Q(identity_document=""), name="opening_desk_saw_a_document"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="opening_expires_after_issue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
