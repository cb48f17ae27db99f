"""Kinds of supporting documents, the documents, and their files."""

import uuid
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.contracts.family import Act
from core.documents.states import TONES, State
from core.kernel.models import RandomId


def private_storage() -> Storage:
    """Outside every public address: a view serves what is there, after its check."""
    return storages["private"]


def check_day_of_year(text: str) -> None:
    try:
        day, month = text.split("/")
        date(2023, int(month), int(day))  # a year without 29 February
    except ValueError:
        raise ValidationError(_("Écrivez le jour et le mois, par exemple « 31/08 ».")) from None


class DocumentType(RandomId):
    """A kind of document that families send. Agents write them; one that was used is put aside, never deleted.

    `reading` says which adults of the household read it, and which agents. `shared`: about the child itself, so that
    both holders of the parental authority read it, whichever home sent it. Without `keeps_files`, the files go as soon
    as somebody has looked at them. A document counts `valid_months` from the day written on it, or until `fixed_end`.
    """

    class Subject(models.TextChoices):
        HOUSEHOLD = "household", _("la famille")
        CHILD = "child", _("un enfant")

    class Reading(models.TextChoices):
        PLAIN = "plain", _("papier ordinaire : tous les responsables du foyer")
        MONEY = "money", _("revenus : les responsables qui lisent les prix")
        HEALTH = "health", _("santé : les responsables qui exercent l’autorité parentale, accès restreint")

    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("Il paraît dans les adresses : « justificatif-domicile »."),
    )
    label = models.CharField(_("nom"), max_length=100)
    hint = models.CharField(
        _("ce que les familles lisent"),
        max_length=300,
        blank=True,
        help_text=_("Quel papier convient, de quand il date, ce qu’on peut cacher."),
    )
    subject = models.CharField(_("concerne"), max_length=9, choices=Subject)
    reading = models.CharField(_("qui le lit"), max_length=6, choices=Reading, default=Reading.PLAIN)
    shared = models.BooleanField(
        _("commun aux deux foyers de l’enfant"),
        default=False,
        help_text=_("Seulement s’il ne porte ni l’adresse ni les revenus d’un parent."),
    )
    valid_months = models.PositiveSmallIntegerField(
        _("valable (mois)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    fixed_end = models.CharField(
        _("valable jusqu’au"),
        max_length=5,
        blank=True,
        validators=[check_day_of_year],
        help_text=_("Un jour de l’année : « 31/08 »."),
    )
    keeps_files = models.BooleanField(
        _("garder le fichier"),
        default=True,
        help_text=_("Sinon il est détruit dès qu’un agent l’a vérifié ; il reste « vérifié par, le »."),
    )
    asked = models.BooleanField(_("demandé à toutes les familles"), default=False)
    from_age = models.PositiveSmallIntegerField(_("dès l’âge de"), null=True, blank=True)
    to_age = models.PositiveSmallIntegerField(_("jusqu’à l’âge de (compris)"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rang"), default=50)
    active = models.BooleanField(_("utilisé"), default=True)

    class Meta:
        verbose_name = _("nature de pièce")
        verbose_name_plural = _("natures de pièces")
        ordering = ("rank", "label")
        constraints = [
            models.CheckConstraint(
                condition=Q(shared=False) | Q(subject="child"),
                name="documents_shared_is_about_a_child",
                violation_error_message=_("Seul un papier de l’enfant peut être commun aux deux foyers."),
            ),
            models.CheckConstraint(
                condition=Q(shared=False) | ~Q(reading="money"),
                name="documents_shared_tells_no_money",
                violation_error_message=_("Les revenus d’un parent ne se partagent pas avec l’autre foyer."),
            ),
            models.CheckConstraint(
                condition=Q(valid_months__isnull=True) | Q(fixed_end=""),
                name="documents_one_validity",
                violation_error_message=_(
                    "Choisissez une durée en mois ou un jour de l’année, pas les deux."
                ),
            ),
            models.CheckConstraint(
                condition=Q(from_age__isnull=True) | Q(to_age__isnull=True) | Q(to_age__gte=F("from_age")),
                name="documents_ages",
                violation_error_message=_("Le premier âge dépasse le second."),
            ),
            models.CheckConstraint(
                condition=Q(subject="child") | Q(from_age__isnull=True, to_age__isnull=True),
                name="documents_ages_of_a_child",
                violation_error_message=_("Un âge ne se demande que pour un papier de l’enfant."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def needs(self) -> Act | None:
        """What a guardian must be allowed to do to read one."""
        return {self.Reading.MONEY: Act.MONEY, self.Reading.HEALTH: Act.HEALTH}.get(
            self.Reading(self.reading)
        )


class SupportingDocument(RandomId):
    """A paper of a family, sent by it or given by the town: one or several files, photographed page by page.

    `deposited_by` is the account that sent it. What the town gives has a `title` and no type. `decided_*` is who
    checked or refused it. `files_destroyed_at`: only the fact that somebody looked remains. `submission` is the form
    that was sent: sent twice, it is one document.
    """

    class Origin(models.TextChoices):
        FAMILY = "family", _("la famille")
        TOWN = "town", _("la mairie")

    family = models.ForeignKey(
        "families.Family", on_delete=models.PROTECT, related_name="documents", verbose_name=_("famille")
    )
    child = models.ForeignKey(
        "families.Child",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("enfant"),
    )
    type = models.ForeignKey(
        DocumentType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("nature"),
    )
    origin = models.CharField(_("vient de"), max_length=6, choices=Origin, default=Origin.FAMILY)
    title = models.CharField(_("titre"), max_length=150, blank=True)
    note = models.CharField(_("précision"), max_length=300, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.RECEIVED)
    deposited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("déposé par"),
    )
    deposited_at = models.DateTimeField(_("déposé le"))
    issued_on = models.DateField(_("date écrite sur le document"), null=True, blank=True)
    valid_until = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vérifié par"),
    )
    decided_at = models.DateTimeField(_("vérifié le"), null=True, blank=True)
    reason = models.CharField(_("raison du refus"), max_length=300, blank=True)
    files_destroyed_at = models.DateTimeField(_("fichiers détruits le"), null=True, blank=True)
    submission = models.UUIDField(_("envoi"), unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("pièce")
        verbose_name_plural = _("pièces")
        ordering = ("-deposited_at", "pk")
        indexes = [
            models.Index(fields=["deposited_at"], condition=Q(state="received"), name="documents_to_check"),
            models.Index(
                fields=["valid_until"],
                condition=Q(state="checked", valid_until__isnull=False),
                name="documents_to_expire",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="documents_known_state"),
            models.CheckConstraint(
                condition=Q(state="received", decided_at__isnull=True)
                | (~Q(state="received") & Q(decided_at__isnull=False)),
                name="documents_decided_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="documents_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(origin="family", type__isnull=False) | (Q(origin="town") & ~Q(title="")),
                name="documents_say_what_they_are",
            ),
            models.CheckConstraint(
                condition=Q(origin="family") | ~Q(state__in=("received", "refused")),
                name="documents_of_the_town_are_not_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state="expired") | Q(valid_until__isnull=False),
                name="documents_expired_had_an_end",
            ),
            models.CheckConstraint(
                condition=Q(files_destroyed_at__isnull=True) | Q(decided_at__isnull=False),
                name="documents_destroyed_once_decided",
            ),
        ]
        permissions = [
            ("read_health_document", _("Peut lire les pièces de santé")),
            ("read_money_document", _("Peut lire les pièces sur les revenus")),
        ]

    def __str__(self) -> str:
        return self.title or str(self.type)

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]

    @property
    def is_shared(self) -> bool:
        """Both homes of the child read it."""
        return bool(self.type and self.type.shared and self.child_id)


class DocumentFile(RandomId):
    """One file of a document, as it is served: a JPEG that we wrote, or a PDF that we read.

    `scan` is what the antivirus says, where there is one. Until it has answered, nobody opens the file.
    """

    class Scan(models.TextChoices):
        PASSED = "passed", _("rien à signaler")
        WAITING = "waiting", _("l’antivirus n’a pas encore répondu")

    document = models.ForeignKey(
        SupportingDocument, on_delete=models.CASCADE, related_name="files", verbose_name=_("pièce")
    )
    position = models.PositiveSmallIntegerField(_("rang"))
    file = models.FileField(_("fichier"), storage=private_storage, max_length=200)
    name = models.CharField(_("nom"), max_length=100)
    content_type = models.CharField(
        _("type"), max_length=20, choices=[("image/jpeg", _("photo")), ("application/pdf", "PDF")]
    )
    size = models.PositiveIntegerField(_("taille (octets)"))
    digest = models.CharField(_("empreinte"), max_length=64)
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    width = models.PositiveIntegerField(_("largeur"), default=0)
    height = models.PositiveIntegerField(_("hauteur"), default=0)
    scan = models.CharField(_("antivirus"), max_length=7, choices=Scan, default=Scan.PASSED)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_scan_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)

    class Meta:
        verbose_name = _("fichier d’une pièce")
        verbose_name_plural = _("fichiers d’une pièce")
        ordering = ("position",)
        indexes = [
            models.Index(fields=["next_scan_at"], condition=Q(scan="waiting"), name="documents_to_scan"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="documents_file_position_once"),
            models.UniqueConstraint(fields=["document", "digest"], name="documents_file_once"),
            models.CheckConstraint(
                condition=Q(content_type__in=("image/jpeg", "application/pdf")),
                name="documents_two_kinds_of_file",
            ),
            models.CheckConstraint(
                condition=Q(scan="passed", next_scan_at__isnull=True)
                | Q(scan="waiting", next_scan_at__isnull=False),
                name="documents_scan_has_its_hour",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type == "image/jpeg"

    @property
    def is_open(self) -> bool:
        return self.scan == self.Scan.PASSED
