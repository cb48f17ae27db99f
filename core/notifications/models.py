"""One row a message to one person: the proof that it left, or why it did not; what each one wants to be told, and the
addresses that give messages back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class Message(RandomId):
    """A message as it was written, with what became of it.

    `address` is where it went: it stays true when the person gives another one. `key` names the fact that it tells:
    the same fact is told once. `error` is the class of the last exception, never its text; of a message that came back,
    the status that the other server gave. `text` and `html` are emptied once sent when the topic says that they hold a
    secret.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("courriel")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        QUEUED = "queued", _("En attente")
        SENT = "sent", _("Envoyé")
        FAILED = "failed", _("Non envoyé")
        UNREACHABLE = "unreachable", _("Sans adresse")
        UNWANTED = "unwanted", _("Non voulu")
        BOUNCED = "bounced", _("Revenu")

    topic = models.CharField(_("sujet"), max_length=60)
    key = models.CharField(_("fait"), max_length=120, unique=True, null=True, blank=True)
    channel = models.CharField(_("voie"), max_length=10, choices=Channel, default=Channel.EMAIL)
    person = models.ForeignKey(
        "families.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("personne"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("compte"),
    )
    address = models.CharField(_("adresse"), max_length=254, blank=True)
    subject = models.CharField(_("objet"), max_length=300)
    text = models.TextField(_("texte"), blank=True)
    html = models.TextField(_("texte mis en forme"), blank=True)
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_attempt_at = models.DateTimeField(_("prochain essai"))
    error = models.CharField(_("erreur"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("écrit le"))
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "pk")
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="queued"), name="notifications_to_send"
            ),
            models.Index(fields=["person", "-created_at"], name="notifications_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("sent", "bounced"), sent_at__isnull=False)
                | (~Q(state__in=("sent", "bounced")) & Q(sent_at__isnull=True)),
                name="notifications_sent_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(address="") | Q(state="unreachable"),
                name="notifications_address_or_unreachable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class TopicChoice(models.Model):
    """What one account said about the messages of a topic; without a row, by e-mail and not by SMS."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="topic_choices",
        verbose_name=_("compte"),
    )
    topic = models.CharField(_("sujet"), max_length=60)
    by_email = models.BooleanField(_("par courriel"), default=True)
    by_sms = models.BooleanField(_("par SMS"), default=False)

    class Meta:
        verbose_name = _("choix de messages")
        verbose_name_plural = _("choix de messages")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="notifications_one_choice_a_topic")
        ]

    def __str__(self) -> str:
        return self.topic


class FailingAddress(RandomId):
    """An address that gives messages back: nothing more is sent to it until an agent says that it works again.

    `address` is in lower case. `status` is the code of the refusal (RFC 3463), never its text, which may hold anything.
    """

    address = models.CharField(_("adresse"), max_length=254, unique=True)
    since = models.DateTimeField(_("depuis le"))
    status = models.CharField(_("code du refus"), max_length=20, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signalée par"),
    )

    class Meta:
        verbose_name = _("adresse en échec")
        verbose_name_plural = _("adresses en échec")
        ordering = ("-since", "pk")

    def __str__(self) -> str:
        return self.address
