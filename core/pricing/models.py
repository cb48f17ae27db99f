"""Versions of tariffs, what is being composed, and the explanations of the prices that versions gave."""

from functools import lru_cache
from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.contracts.pricing import Tariff
from core.kernel.models import RandomId
from core.pricing import format as tariff_format


class FrozenTariffError(Exception):
    """A published version is never rewritten: a change is another version."""


class TariffVersion(RandomId):
    """One version of a tariff. ``document`` is the whole truth; the other columns repeat it to be searched.

    On a date, the version in force is the published one that began last and covers that date.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        PUBLISHED = "published", _("publié")

    code = models.SlugField(_("code"), max_length=100)
    name = models.CharField(_("nom"), max_length=200)
    service = models.SlugField(_("service"), max_length=100)
    unit = models.CharField(_("unité"), max_length=30)
    document = models.JSONField(_("document"))
    digest = models.CharField(_("empreinte"), max_length=64, editable=False)
    decision_number = models.CharField(_("numéro de délibération"), max_length=100, blank=True)
    decision_date = models.DateField(_("date de délibération"), null=True, blank=True)
    valid_from = models.DateField(_("valable à partir du"))
    valid_to = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    status = models.CharField(_("état"), max_length=10, choices=Status, default=Status.DRAFT)

    class Meta:
        verbose_name = _("version de tarif")
        verbose_name_plural = _("versions de tarif")
        ordering = ("code", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=("code", "valid_from"), name="pricing_version_code_valid_from"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="pricing_version_validity",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "published")), name="pricing_version_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.valid_from})"

    @property
    def tariff(self) -> Tariff:
        """The version ready to price, read once a process."""
        return _compiled(_Named(self.digest, self.document))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_if_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_frozen()
        return super().delete(*args, **kwargs)

    def _refuse_if_frozen(self) -> None:
        """Asks the database: an object read before the publication does not know of it."""
        if type(self).objects.filter(pk=self.pk, status=self.Status.PUBLISHED).exists():
            raise FrozenTariffError(f"{self.code} {self.valid_from} is published")


class TariffSketch(RandomId):
    """A tariff that an agent is composing: a document that may still lack what a tariff needs.

    ``draft`` is the version that it will take the place of; without, it will be one more. ``revision`` grows with each
    change, so that two agents do not undo each other's work.
    """

    document = models.JSONField(_("document"))
    draft = models.ForeignKey(
        TariffVersion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("brouillon repris"),
    )
    revision = models.PositiveIntegerField(_("révision"), default=0)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        verbose_name = _("tarif en cours de composition")
        verbose_name_plural = _("tarifs en cours de composition")
        ordering = ("-updated_at",)

    def __str__(self) -> str:
        return str(self.document.get("name") or _("Tarif sans nom"))


def private_storage() -> Storage:
    """Where files lie that only a view serves, after its check."""
    return storages["private"]


class DecisionFile(RandomId):
    """The text of a council decision (délibération), for all the tariffs that name it."""

    number = models.CharField(_("numéro"), max_length=100)
    date = models.DateField(_("date"))
    file = models.FileField(
        _("fichier PDF"), upload_to="deliberations", storage=private_storage, max_length=255
    )

    class Meta:
        verbose_name = _("texte de délibération")
        verbose_name_plural = _("textes de délibération")
        ordering = ("-date", "number")
        constraints = [models.UniqueConstraint(fields=("number", "date"), name="pricing_decision_once")]

    def __str__(self) -> str:
        return f"{self.number} ({self.date})"


class PriceExplanation(models.Model):
    """The sentences of an explanation, once for all the prices that have the same."""

    digest = models.CharField(_("empreinte"), max_length=64, primary_key=True)
    steps = models.JSONField(_("étapes"))

    class Meta:
        verbose_name = _("explication de prix")
        verbose_name_plural = _("explications de prix")

    def __str__(self) -> str:
        return self.digest[:12]


class _Named:
    """A document known by its digest, so that a cache may hold what is made of it."""

    __slots__ = ("digest", "document")

    def __init__(self, digest: str, document: dict[str, Any]) -> None:
        self.digest = digest
        self.document = document

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and self.digest == other.digest


@lru_cache(maxsize=256)
def _compiled(named: _Named) -> Tariff:
    return tariff_format.parse(named.document)
