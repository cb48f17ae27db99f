"""The library of the town's site: its documents with every file they had, and its pictures with who made them.

Wagtail's choosers, collections and rights work on them (`WAGTAILDOCS_DOCUMENT_MODEL`, `WAGTAILIMAGES_IMAGE_MODEL`), so
that a document is the same wherever an editor joins it: one address, one check of who reads it
(`core.pages.documents`).
"""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet
from wagtail.images.models import Image as WagtailImage
from wagtail.log_actions import get_active_log_context
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from core.kernel import clock, journal
from core.pages.audiences import Reserved
from core.town.models import SchoolYear

FOLDER = "documents"


def private_storage() -> Storage:
    """Where files lie that only a view serves, after its check; never below the address of public media."""
    return storages["private"]


class DocumentTheme(models.Model):
    """A shelf of the library, as people look for things."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    slug = models.SlugField(_("adresse"), max_length=60, unique=True, editable=False)
    rank = models.PositiveSmallIntegerField(
        _("ordre"), default=0, help_text=_("Le plus petit nombre est montré en premier.")
    )

    class Meta:
        verbose_name = _("thème de documents")
        verbose_name_plural = _("thèmes de documents")
        ordering = ["rank", "name"]

    def __str__(self) -> str:
        return self.name


class Language(models.TextChoices):
    """The languages that families of the town read."""

    FRENCH = "fr", _("français")
    FALC = "fr-x-falc", _("facile à lire et à comprendre (FALC)")
    ENGLISH = "en", _("anglais")
    ARABIC = "ar", _("arabe")
    SPANISH = "es", _("espagnol")
    PORTUGUESE = "pt", _("portugais")
    TURKISH = "tr", _("turc")
    UKRAINIAN = "uk", _("ukrainien")


class DocumentQuerySet(SearchableQuerySetMixin, models.QuerySet["LibraryDocument"]):
    pass


class LibraryDocument(Reserved, AbstractDocument):
    """A document to download. Its address stays when its file is replaced; the earlier files are kept."""

    key = models.UUIDField(_("clé"), default=uuid4, unique=True, editable=False)
    slug = models.SlugField(
        _("adresse du fichier"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_(
            "Faite du titre si vous la laissez vide. Elle reste la même quand vous remplacez le fichier : "
            "ne la changez plus une fois le document annoncé."
        ),
    )
    file = models.FileField(_("fichier"), upload_to=FOLDER, storage=private_storage)
    description = models.CharField(
        _("à quoi il sert"), blank=True, max_length=300, help_text=_("Une phrase, lue sous le titre.")
    )
    theme = models.ForeignKey(
        DocumentTheme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("thème"),
        help_text=_("Sans thème, il ne paraît que dans les pages où vous le placez."),
    )
    school_year = models.ForeignKey(
        SchoolYear,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("année scolaire"),
    )
    language = models.CharField(_("langue"), max_length=12, choices=Language, default=Language.FRENCH)
    valid_from = models.DateField(
        _("à partir du"), null=True, blank=True, help_text=_("Avant ce jour, personne ne le lit.")
    )
    valid_until = models.DateField(
        _("jusqu’au (compris)"),
        null=True,
        blank=True,
        help_text=_("Après ce jour, il quitte de lui-même les listes et la recherche."),
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("remplace"),
        help_text=_("L’ancien document quitte les listes ; son adresse mène à celui-ci."),
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    filed_at = models.DateTimeField(_("fichier déposé le"), default=clock.now, editable=False)

    search_fields = [*AbstractDocument.search_fields, index.SearchField("description")]

    objects = DocumentQuerySet.as_manager()

    version_note: str = ""
    """What the next file changes, said by whoever puts it."""

    admin_form_fields = (
        "title",
        "file",
        "description",
        "theme",
        "collection",
        "school_year",
        "language",
        "valid_from",
        "valid_until",
        "replaces",
        "readers",
        "slug",
        "tags",
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                name="pages_document_dates",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
            models.CheckConstraint(
                name="pages_document_not_its_own_heir",
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                violation_error_message=_("Un document ne remplace pas lui-même."),
            ),
        ]

    @property
    def url(self) -> str:
        """Where it is read. Reserved, its address tells nothing of it and asks who comes."""
        if self.readers:
            return reverse("private_file", args=[self.key])
        return reverse("file", args=[self.slug])

    @property
    def language_words(self) -> str:
        """Its language as a list says it, « en portugais »; "" for ordinary French."""
        name = self.get_language_display()
        return {Language.FRENCH: "", Language.FALC: name}.get(
            Language(self.language), _("en %(language)s") % {"language": name}
        )

    @property
    def ancestor(self) -> "LibraryDocument | None":
        """The document that it replaces, if whoever reads this one may know of that one."""
        earlier = self.replaces
        return earlier if earlier and earlier.readers in ("", self.readers) else None

    @property
    def history(self) -> "models.QuerySet[DocumentVersion]":
        """Its files, the latest first, with who put them. One statement."""
        return self.versions.select_related("filed_by")

    @property
    def download_name(self) -> str:
        """The name that it has on the reader's own machine: its title, with the suffix of the file."""
        return f"{self.title}.{self.file_extension.lower()}" if self.file_extension else self.title

    @property
    def content_disposition(self) -> str:
        inline = self.content_type == "application/pdf"
        return content_disposition_header(not inline, self.download_name) or "inline"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With a new file, a new version: the earlier one stays among `versions`."""
        only = kwargs.get("update_fields")
        if only is not None and "file" not in only:
            super().save(*args, **kwargs)
            return
        added, put = self._state.adding, not self.file._committed  # type: ignore[attr-defined]
        if put:
            self._set_document_file_metadata()
        if not self.slug:
            self.slug = free_slug(self)
        if put and not added:
            self.version += 1
        if put:
            self.filed_at = clock.now()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if put or added:
                self._file_version()

    def _file_version(self) -> None:
        author = get_active_log_context().user
        self.versions.create(
            number=self.version,
            file=self.file.name,
            size=self.file_size,
            digest=self.file_hash,
            note=self.version_note,
            filed_at=self.filed_at,
            filed_by=author,
        )
        act = "pages.document_replaced" if self.version > 1 else "pages.document_added"
        journal.record(
            actor=author,
            act=act,
            object=("pages.librarydocument", self.key),
            changes={"version": self.version},
        )


def free_slug(document: LibraryDocument) -> str:
    """An address made of the title that no other document has. Never a number alone."""
    base = slugify(document.title)[:70].strip("-")
    base = f"document-{base}".strip("-") if not base or base.isdigit() else base
    taken = set(
        LibraryDocument.objects.filter(slug__startswith=base)
        .exclude(pk=document.pk)
        .values_list("slug", flat=True)
    )
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)


class DocumentVersion(models.Model):
    """A file that a document has, or had."""

    document = models.ForeignKey(LibraryDocument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(_("fichier"), upload_to=FOLDER, storage=private_storage)
    size = models.PositiveBigIntegerField(_("taille"), null=True)
    digest = models.CharField(max_length=40, blank=True)
    note = models.CharField(_("ce qui change"), max_length=200, blank=True)
    filed_at = models.DateTimeField(_("déposé le"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("déposé par"),
    )

    class Meta:
        verbose_name = _("version d’un document")
        verbose_name_plural = _("versions d’un document")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="pages_documentversion_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, version {self.number}"


class Licence(models.TextChoices):
    """On what right a picture is shown."""

    OWN = "own", _("réalisée par la commune")
    GRANTED = "granted", _("autorisation de l’auteur")
    OPEN = "lo", _("Licence Ouverte 2.0")
    CC0 = "cc0", _("domaine public (CC0)")
    BY = "by", "CC BY 4.0"
    BY_SA = "by-sa", "CC BY-SA 4.0"


class PictureQuerySet(SearchableQuerySetMixin, models.QuerySet["Picture"]):
    prefetch_renditions: Any = ImageQuerySet.prefetch_renditions


class Picture(AbstractImage):
    """A picture of the library, with who made it and until when the town may show it."""

    credit = models.CharField(
        _("auteur"), blank=True, max_length=120, help_text=_("Le nom écrit sous l’image.")
    )
    licence = models.CharField(
        _("droit de l’utiliser"),
        blank=True,
        max_length=10,
        choices=Licence,
        help_text=_("Sans réponse, l’image figure dans la liste « Images à compléter »."),
    )
    rights_until = models.DateField(
        _("droits jusqu’au"),
        null=True,
        blank=True,
        help_text=_(
            "Vide : sans limite. Après ce jour, l’image figure dans la liste « Images à compléter »."
        ),
    )

    objects = PictureQuerySet.as_manager()

    admin_form_fields = (
        *WagtailImage.admin_form_fields[:3],
        "credit",
        "licence",
        "rights_until",
        *WagtailImage.admin_form_fields[3:],
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def credit_line(self) -> str:
        """What is written below it: « Jeanne Roux, CC BY 4.0 ». The town's own pictures need only a name."""
        licence = "" if self.licence in ("", Licence.OWN, Licence.GRANTED) else self.get_licence_display()
        return ", ".join(part for part in (self.credit, licence) if part)


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="pages_rendition_once"
            )
        ]
