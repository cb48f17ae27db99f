"""Requests, their timeline and their messages."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId
from core.requests.states import CLOSED, TONES, State


class ServiceRequest(RandomId):
    """Something that a person asks of the town. `kind` is the code of a `core.contracts.requests.RequestKind`.

    `user` is the account that asks, `on_behalf_of` the guardian for whom a delegate or an agent asks, `entered_by` the
    agent who typed it at the desk. `family` is set when it is asked for a household: its guardians then see it too. An
    account without a family asks for nobody else. `data` is JSON in the kind's own shape. `version` grows with each
    change: who acts on an older one is told. `submission` is the form that was sent: sent twice, it is one request.
    """

    reference = models.CharField(_("référence"), max_length=20, unique=True)
    kind = models.CharField(_("nature"), max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="requests",
        verbose_name=_("demandeur"),
    )
    on_behalf_of = models.ForeignKey(
        "families.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests_for",
        verbose_name=_("pour le compte de"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("saisie par"),
    )
    family = models.ForeignKey(
        "families.Family",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("famille"),
    )
    child = models.ForeignKey(
        "families.Child",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("enfant"),
    )
    title = models.CharField(_("objet"), max_length=200)
    data = models.JSONField(_("contenu"), default=dict)
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.DRAFT)
    service = models.ForeignKey(
        "town.Service",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("service"),
    )
    site = models.ForeignKey(
        "town.Site",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("lieu"),
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_requests",
        verbose_name=_("confiée à"),
    )
    due_on = models.DateField(_("à traiter avant le"), null=True, blank=True)
    created_at = models.DateTimeField(_("commencée le"))
    submitted_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("close par"),
    )
    outcome = models.TextField(
        _("réponse"), blank=True, help_text=_("Ce qui a été fait, ou la raison du refus.")
    )
    submission = models.UUIDField(_("envoi"), unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("demande")
        verbose_name_plural = _("demandes")
        ordering = ("-created_at", "pk")
        indexes = [
            models.Index(
                fields=["due_on", "submitted_at"],
                condition=Q(state__in=("submitted", "in_progress", "waiting")),
                name="requests_open_by_due",
            ),
            models.Index(fields=["state", "-submitted_at"], name="requests_by_state"),
            models.Index(fields=["kind", "state"], name="requests_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="requests_known_state"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False, due_on__isnull=False)
                | Q(state__in=("draft", "cancelled"), submitted_at__isnull=True),
                name="requests_submitted_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_at__isnull=False)
                | (~Q(state__in=CLOSED) & Q(closed_at__isnull=True)),
                name="requests_closed_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(outcome=""), name="requests_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("created_at")),
                name="requests_closed_after_begun",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state not in (*CLOSED, State.DRAFT)


class RequestEvent(models.Model):
    """One step of the timeline: the state that was entered, when and by whom (None for the machine). Kept for ever.

    `rank` is the version of the request that it made: it orders steps and messages, also those of one instant.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(_("état"), max_length=12, choices=State)
    at = models.DateTimeField(_("le"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("par"),
    )
    by_agent = models.BooleanField(_("par un agent"))
    rank = models.PositiveIntegerField(_("rang"))

    class Meta:
        verbose_name = _("étape d’une demande")
        verbose_name_plural = _("étapes d’une demande")
        ordering = ("rank", "pk")

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"


class RequestMessage(RandomId):
    """What one side wrote to the other. `internal`: a note between agents, which the family never sees."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("auteur"),
    )
    by_agent = models.BooleanField(_("par un agent"))
    internal = models.BooleanField(_("note interne"), default=False)
    text = models.TextField(_("texte"))
    at = models.DateTimeField(_("le"))
    rank = models.PositiveIntegerField(_("rang"))
    submission = models.UUIDField(_("envoi"), unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("message d’une demande")
        verbose_name_plural = _("messages d’une demande")
        ordering = ("rank", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="requests_message_has_text"),
            models.CheckConstraint(
                condition=Q(internal=False) | Q(by_agent=True), name="requests_note_by_agent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.at:%Y-%m-%d %H:%M}"


class RequestAttachment(models.Model):
    """A supporting document that is joined to a request, by the family or by an agent. One document serves several."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(
        "documents.SupportingDocument",
        on_delete=models.PROTECT,
        related_name="attachments",
        verbose_name=_("pièce"),
    )
    by_agent = models.BooleanField(_("par un agent"))
    at = models.DateTimeField(_("joint le"))
    rank = models.PositiveIntegerField(_("rang"))

    class Meta:
        verbose_name = _("pièce jointe d’une demande")
        verbose_name_plural = _("pièces jointes d’une demande")
        ordering = ("rank", "pk")
        constraints = [
            models.UniqueConstraint(fields=["request", "document"], name="requests_document_joined_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.document_id}"
