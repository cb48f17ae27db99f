"""One row a paper that was made: what it takes to check it, never what it says."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class IssuedDocument(RandomId):
    """A document that was made for a family.

    `reference` is printed on it. `digest` is that of its words: the paper is kept nowhere, and whoever checks it learns
    whether the record still says the same.
    """

    reference = models.CharField(_("référence"), max_length=12, unique=True)
    code = models.CharField(_("nature"), max_length=60)
    title = models.CharField(_("titre"), max_length=200)
    family = models.ForeignKey(
        "families.Family",
        on_delete=models.CASCADE,
        related_name="issued_documents",
        verbose_name=_("famille"),
    )
    digest = models.CharField(_("empreinte"), max_length=64)
    issued_at = models.DateTimeField(_("édité le"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("édité par"),
    )
    by_agent = models.BooleanField(_("par la mairie"), default=False)

    class Meta:
        verbose_name = _("document édité")
        verbose_name_plural = _("documents édités")
        ordering = ("-issued_at", "pk")
        indexes = [models.Index(fields=["family", "-issued_at"], name="editions_of_family")]

    def __str__(self) -> str:
        return self.reference
