"""A file of households that an agent brings: kept until it is written or thrown away."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class FamilyImport(RandomId):
    """One file, from its upload to its writing. `core.families.services.importing` leads it.

    `report` is what the last reading found (`Report.stored`). `content` and the reasons go away with the work
    (`services.importing.forget_files`): they hold personal data.
    """

    class State(models.TextChoices):
        READING = "reading", _("lecture en cours")
        READ = "read", _("à confirmer")
        WRITING = "writing", _("écriture en cours")
        WRITTEN = "written", _("importé")
        REFUSED = "refused", _("illisible")

    WORKING = (State.READING, State.WRITING)

    name = models.CharField(_("fichier"), max_length=200)
    content = models.BinaryField(_("contenu"), null=True)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.READING)
    done = models.PositiveIntegerField(_("lignes lues"), default=0)
    total = models.PositiveIntegerField(_("lignes"), default=0)
    report = models.JSONField(_("compte rendu"), default=dict)
    error = models.CharField(_("ce qui l’a arrêté"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("par"),
    )
    moved_at = models.DateTimeField(_("dans cet état depuis le"))
    made_at = models.DateTimeField(_("déposé le"))
    written_at = models.DateTimeField(_("importé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("import de familles")
        verbose_name_plural = _("imports de familles")
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="written", written_at__gte=F("made_at"))
                | (~Q(state="written") & Q(written_at__isnull=True)),
                name="family_import_written_once",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="writing"),
                name="family_import_one_writes",
                violation_error_message=_("Un autre import s’écrit en ce moment."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("reading", "read", "writing", "written", "refused")),
                name="family_import_state",
            ),
        ]

    def __str__(self) -> str:
        return self.name
