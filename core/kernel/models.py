"""What the kernel keeps: which plugins are on, what is to be told and done, versions, and the journal."""

import uuid
from typing import Any

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
    """One act of switching, kept for ever. `actor` is an identifier of account, or « ligne de commande ».

    `retired`: the plugin was taken away for good, with its data (`core.kernel.retirement`).
    """

    slug = models.CharField(_("module"), max_length=50)
    enabled = models.BooleanField(_("activé"))
    retired = models.BooleanField(_("retiré"), default=False)
    at = models.DateTimeField(_("le"))
    actor = models.CharField(_("par"), max_length=150)

    class Meta:
        verbose_name = _("bascule d’un module")
        verbose_name_plural = _("bascules des modules")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.slug} {'on' if self.enabled else 'off'}"


class Delivery(models.Model):
    """An event on its way to one plugin (see `core.kernel.outbox`), written with the fact that it tells.

    `event` holds identifiers and days only, `error` the class of the last exception, never its text.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("En attente")
        DONE = "done", _("Transmise")
        FAILED = "failed", _("En échec")

    hook = models.CharField(_("point d’extension"), max_length=100)
    slug = models.CharField(_("module"), max_length=50)
    event = models.JSONField(_("évènement"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_attempt_at = models.DateTimeField(_("prochain essai"))
    error = models.CharField(_("erreur"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("créée le"))
    finished_at = models.DateTimeField(_("terminée le"), null=True)

    class Meta:
        verbose_name = _("annonce à un module")
        verbose_name_plural = _("annonces aux modules")
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at"],
                condition=~models.Q(state="done"),
                name="kernel_to_deliver",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hook} → {self.slug}"


class JobRun(models.Model):
    """One slot of a periodic job (see `core.kernel.jobs`); the two constraints decide which machine runs it.

    `claim` belongs to the tick that runs it. `retry_at`: while it runs, when it is held for dead; once it failed, when
    it is tried again.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("En cours")
        DONE = "done", _("Réussi")
        FAILED = "failed", _("Échec")

    job = models.CharField(_("travail"), max_length=100)
    slot = models.DateTimeField(_("créneau"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.RUNNING)
    claim = models.UUIDField(default=uuid.uuid4, editable=False)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=1)
    retry_at = models.DateTimeField(_("à reprendre le"))
    error = models.CharField(_("erreur"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("commencé le"))
    finished_at = models.DateTimeField(_("terminé le"), null=True)

    class Meta:
        verbose_name = _("passage d’un travail")
        verbose_name_plural = _("passages des travaux")
        constraints = [
            models.UniqueConstraint(fields=["job", "slot"], name="kernel_one_run_a_slot"),
            models.UniqueConstraint(
                fields=["job"], condition=models.Q(state="running"), name="kernel_one_run_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M}"


class NeverRewritten(Exception):
    """A version is followed by another, never changed nor deleted."""


class VersionQuerySet(models.QuerySet["ConfigurationVersion"]):
    def update(self, **kwargs: object) -> int:
        raise NeverRewritten

    def delete(self) -> tuple[int, dict[str, int]]:
        raise NeverRewritten


class ConfigurationVersion(models.Model):
    """One state of one document of the configuration (see `core.kernel.configuration`), kept for ever.

    Without `valid_from` it holds from the day when it was written. `author` is an identifier of account, or « ligne de
    commande ».
    """

    key = models.CharField(_("clé"), max_length=100)
    number = models.PositiveIntegerField(_("numéro"))
    document = models.JSONField(_("document"))
    valid_from = models.DateField(_("valable à partir du"), null=True, blank=True)
    created_at = models.DateTimeField(_("écrite le"))
    author = models.CharField(_("par"), max_length=150)
    note = models.CharField(_("raison"), max_length=300, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version de configuration")
        verbose_name_plural = _("versions de configuration")
        constraints = [
            models.UniqueConstraint(fields=("key", "number"), name="kernel_version_key_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="kernel_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverRewritten
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise NeverRewritten


class JournalSeal(models.Model):
    """One link of a chain: the digest of a batch of entries together with that of the link before (see
    `core.kernel.seals`). Reads have a chain of their own, since they are kept for less long.

    `purged_at`: from when its entries may be gone; the link stays, so that the chain still holds.
    """

    class Chain(models.TextChoices):
        ACTS = "acts", _("actes")
        READS = "reads", _("consultations")

    chain = models.CharField(_("chaîne"), max_length=10, choices=Chain)
    number = models.PositiveIntegerField(_("numéro"))
    digest = models.CharField(_("empreinte"), max_length=64)
    sealed_at = models.DateTimeField(_("scellé le"))
    purged_at = models.DateTimeField(_("purgé le"), null=True)

    class Meta:
        verbose_name = _("sceau du journal")
        verbose_name_plural = _("sceaux du journal")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="kernel_seal_once")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


class JournalEntry(models.Model):
    """Who did or read what, for whom and why (see `core.kernel.journal`). The database refuses to change or delete it.

    Identifiers only: `actor` is an account (None for the machine), `on_behalf_of` a person. `act` is a code such as
    « families.quotient_recorded », `object_kind` a label of model. `service`: in whose name, as the family reads it.
    """

    at = models.DateTimeField(_("le"))
    actor = models.UUIDField(_("par"), null=True)
    on_behalf_of = models.UUIDField(_("pour le compte de"), null=True)
    act = models.CharField(_("acte"), max_length=100)
    is_read = models.BooleanField(_("consultation"), default=False)
    object_kind = models.CharField(_("nature de l’objet"), max_length=100)
    object_id = models.CharField(_("objet"), max_length=64)
    changes = models.JSONField(_("différences"), null=True)
    reason = models.CharField(_("raison"), max_length=300, blank=True)
    service = models.CharField(_("service"), max_length=120, blank=True)
    seal = models.ForeignKey(JournalSeal, on_delete=models.PROTECT, null=True, related_name="entries")

    class Meta:
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("journal")
        default_permissions = ("view", "export")
        indexes = [
            models.Index(fields=["object_id", "id"], name="kernel_journal_object"),
            models.Index(fields=["actor", "id"], name="kernel_journal_actor"),
            models.Index(fields=["at"], name="kernel_journal_at"),
            models.Index(fields=["id"], condition=models.Q(seal=None), name="kernel_journal_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_kind} {self.object_id}"


class JournalSubject(models.Model):
    """Whom an entry is about: a family, a child, a person, by label of model and identifier."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="subjects")
    kind = models.CharField(_("nature"), max_length=100)
    subject = models.UUIDField(_("qui"))

    class Meta:
        verbose_name = _("personne concernée")
        verbose_name_plural = _("personnes concernées")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind", "subject"], name="kernel_subject_once")
        ]
        indexes = [models.Index(fields=["subject", "-entry"], name="kernel_subject_entries")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
