"""What is common to both homes of a child: authorisations, and changes of identity that both holders hear of."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.families.common import FACTS
from core.families.models.people import Child, Guardian
from core.kernel.models import RandomId


class Authorisation(models.Model):
    """What one holder of the parental authority says about one thing: dated, and ended when he or she says otherwise.

    What applies when both have spoken is `core.families.consents.most_protective`.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("photographier et filmer mon enfant")
        OUTINGS = "outings", _("emmener mon enfant en sortie")
        ALONE = "alone", _("laisser mon enfant rentrer seul")
        SWIMMING = "swimming", _("emmener mon enfant à la baignade")
        HOSPITAL = "hospital", _("faire soigner mon enfant à l’hôpital en cas d’urgence")

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="authorisations", verbose_name=_("enfant")
    )
    guardian = models.ForeignKey(
        Guardian, on_delete=models.PROTECT, related_name="authorisations", verbose_name=_("responsable légal")
    )
    kind = models.CharField(_("objet"), max_length=10, choices=Kind)
    allowed = models.BooleanField(_("autorisé"))
    said_at = models.DateTimeField(_("dit le"))
    ended_at = models.DateTimeField(_("jusqu’au"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("enregistrée par"),
    )

    class Meta:
        verbose_name = _("autorisation")
        verbose_name_plural = _("autorisations")
        ordering = ("kind", "-said_at")
        constraints = [
            models.UniqueConstraint(
                fields=["child", "guardian", "kind"],
                condition=Q(ended_at__isnull=True),
                name="authorisation_one_word_each",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("said_at")),
                name="authorisation_dates",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("image", "outings", "alone", "swimming", "hospital")),
                name="authorisation_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'+' if self.allowed else '-'}"


class CommonProposal(RandomId):
    """A change of something common to both homes: one holder proposes it, the other answers, an agent settles.

    `fact` is a key of `core.families.common.FACTS`; `value` is written as its field reads it. Its life is
    `core.families.common.MACHINE`.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("en attente")
        CONTESTED = "contested", _("contestée")
        APPLIED = "applied", _("appliquée")
        REJECTED = "rejected", _("refusée")
        WITHDRAWN = "withdrawn", _("retirée")

    OPEN = (State.PROPOSED, State.CONTESTED)

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("enfant")
    )
    fact = models.CharField(_("ce qui change"), max_length=40)
    value = models.CharField(_("nouvelle valeur"), max_length=200)
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        Guardian, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposée par")
    )
    proposed_at = models.DateTimeField(_("proposée le"))
    answered_by = models.ForeignKey(
        Guardian,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("réponse de"),
    )
    answered_at = models.DateTimeField(_("réponse le"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tranchée par"),
    )
    settled_at = models.DateTimeField(_("tranchée le"), null=True, blank=True)
    reason = models.CharField(_("raison"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("proposition commune")
        verbose_name_plural = _("propositions communes")
        ordering = ("-proposed_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["child", "fact"],
                condition=Q(state__in=("proposed", "contested")),
                name="common_one_open_proposal",
                violation_error_message=_("Une proposition attend déjà une réponse sur ce point."),
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")),
                name="common_answer_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="contested") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="common_contested_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | Q(settled_at__isnull=False),
                name="common_rejected_by_an_agent",
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(answered_at__isnull=False) | Q(settled_at__isnull=False),
                name="common_applied_by_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} · {self.child_id}"

    @property
    def label(self) -> str:
        return str(FACTS[self.fact].label)
