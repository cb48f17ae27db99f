"""Runs, and the facts that they billed.

A *head* is the lock row of one fact and one payer. Its *versions* are numbered from 1: an odd one bills the fact, the
even one that follows reverses it whole. A version has one line a component of the price, so that régie, accounting code
and CESU are plain columns. Drafts are versions like others: two runs never draft one fact.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class Run(RandomId):
    """One computation of a month: drafted by beneficiary batch, previewed, then issued by payer batch.

    The cursor columns say which batch is next, so that a run that was stopped goes on where it was.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("en calcul")
        PREVIEWED = "previewed", _("à vérifier")
        ISSUING = "issuing", _("en cours d’émission")
        ISSUED = "issued", _("émis")
        CANCELLED = "cancelled", _("annulé")

    OPEN = (State.DRAFT, State.PREVIEWED, State.ISSUING)

    period = models.DateField(_("mois"), help_text=_("Premier jour du mois."))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DRAFT)
    sources = models.JSONField(_("modules interrogés"), default=list)
    excluded_sources = models.JSONField(_("modules écartés"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("lancé par"),
    )
    created_at = models.DateTimeField(_("lancé le"))
    previewed_at = models.DateTimeField(_("calculé le"), null=True)
    issued_on = models.DateField(_("date des factures"), null=True)
    issued_at = models.DateTimeField(_("émis le"), null=True)
    error = models.TextField(_("ce qui l’a arrêté"), blank=True)
    plan = models.JSONField(default=list, help_text="months to collect, earlier ones first")
    plan_index = models.PositiveSmallIntegerField(default=0)
    child_cursor = models.UUIDField(null=True)
    payer_cursor = models.UUIDField(null=True)
    total = models.PositiveIntegerField(_("à faire"), default=0)
    done = models.PositiveIntegerField(_("fait"), default=0)

    class Meta:
        verbose_name = _("calcul de factures")
        verbose_name_plural = _("calculs de factures")
        ordering = ("-created_at",)
        permissions = [("issue_run", "Peut émettre les factures d’un calcul")]
        constraints = [
            models.CheckConstraint(condition=Q(period__day=1), name="facturation_run_first_day"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "previewed", "issuing", "issued", "cancelled")),
                name="facturation_run_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.state}"


class RunTouch(models.Model):
    """A touch that a run has read: cleared at issue if its `rev` is still this one."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="touches")
    child = models.ForeignKey("families.Child", on_delete=models.CASCADE, related_name="+")
    period = models.DateField()
    rev = models.UUIDField()

    class Meta:
        verbose_name = _("correction relevée")
        verbose_name_plural = _("corrections relevées")
        constraints = [
            models.UniqueConstraint(fields=["run", "child", "period"], name="facturation_one_touch_read")
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.period}"


class BilledHead(models.Model):
    """One fact for one payer: the row to lock before billing or reversing it.

    `id` is `facts.head_id(source, key, payer)`, so that a batch knows its heads without reading them. `seq` is the
    last version, drafts included; `digest` describes what stands, "" when nothing does. The `before_…` columns are what
    `run` found, and what a cancelled run puts back.
    """

    id = models.UUIDField(primary_key=True)
    source = models.CharField(_("module"), max_length=50)
    key = models.CharField(_("fait"), max_length=200)
    payer = models.ForeignKey(
        "families.Guardian", on_delete=models.PROTECT, related_name="+", verbose_name=_("payeur")
    )
    beneficiary = models.ForeignKey(
        "families.Child",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("enfant"),
        db_index=False,
    )
    period = models.DateField(_("mois"))
    seq = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=32, blank=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    before_seq = models.PositiveIntegerField(default=0)
    before_digest = models.CharField(max_length=32, blank=True)
    before_run = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("fait facturé")
        verbose_name_plural = _("faits facturés")
        constraints = [
            models.UniqueConstraint(fields=["source", "key", "payer"], name="facturation_one_head"),
            models.CheckConstraint(
                condition=Q(seq__gte=F("before_seq")), name="facturation_head_moves_forward"
            ),
        ]
        indexes = [models.Index(fields=["beneficiary", "period"], name="facturation_head_scope")]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"


class BilledLine(models.Model):
    """One component of one version of a fact; frozen by the database once its run is being issued (migration 0002).

    A reversal copies what it reverses with the opposite quantity and amount. `fact_cents` is the amount of the whole
    version (all its components). `invoice` is `facts.invoice_id(run, payer, regie)`, known from the draft on, so that
    issuing writes invoices and leaves lines alone; no such invoice exists before, nor for lines whose sum is zero.
    The head carries the constraints of payer and child; their copies here only spare joins.
    """

    class Change(models.TextChoices):
        NEW = "new", _("nouveau")
        CHANGED = "changed", _("modifié")
        REMOVED = "removed", _("annulé")

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="lines", db_index=False)
    head = models.ForeignKey(BilledHead, on_delete=models.PROTECT, related_name="lines", db_index=False)
    seq = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    change = models.CharField(max_length=8, choices=Change)
    earlier = models.BooleanField(default=False)
    invoice = models.ForeignKey(
        "facturation.Invoice", on_delete=models.PROTECT, related_name="lines", db_constraint=False
    )
    regie = models.ForeignKey("facturation.Regie", on_delete=models.PROTECT, related_name="+", db_index=False)
    payer = models.ForeignKey(
        "families.Guardian", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    beneficiary = models.ForeignKey(
        "families.Child",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    service = models.CharField(max_length=100)
    site = models.ForeignKey(
        "town.Site", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    service_date = models.DateField()
    label = models.CharField(max_length=200)
    quantity = models.IntegerField()
    unit = models.CharField(max_length=30)
    share_numerator = models.PositiveIntegerField(default=1)
    share_denominator = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=50)
    product = models.CharField(max_length=100)
    accounting_code = models.CharField(max_length=20, blank=True)
    cesu = models.BooleanField(default=False)
    amount_cents = models.BigIntegerField()
    fact_cents = models.BigIntegerField()
    explanation = models.CharField(max_length=64, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        verbose_name = _("ligne facturée")
        verbose_name_plural = _("lignes facturées")
        constraints = [
            models.UniqueConstraint(fields=["head", "seq", "position"], name="facturation_one_version"),
            models.CheckConstraint(
                condition=Q(change__in=("new", "changed", "removed")), name="facturation_line_change"
            ),
        ]
        indexes = [models.Index(fields=["run", "payer"], name="facturation_line_run_payer")]

    def __str__(self) -> str:
        return f"{self.label} {self.service_date}"
