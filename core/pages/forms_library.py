"""Forms by which editors put documents and pictures in the library."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtail.log_actions import get_active_log_context

from core.kernel import journal
from core.pages.library import Language

ZIP = b"PK\x03\x04"
BEGINNINGS = {
    "pdf": (0, b"%PDF-"),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"), (0, ZIP)),
    **dict.fromkeys(("jpg", "jpeg"), (0, b"\xff\xd8\xff")),
    "png": (0, b"\x89PNG"),
    "mp4": (4, b"ftyp"),
    "webm": (0, b"\x1a\x45\xdf\xa3"),
}
"""Where and how a file of each kind begins; the others that the settings allow are plain text."""


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DocumentForm(BaseDocumentForm):
    """A new file never deletes the earlier one; what it is must be what its name says."""

    version_note = forms.CharField(
        label=_("Ce qui change dans ce fichier"),
        required=False,
        max_length=200,
        help_text=_("Si vous remplacez le fichier : une phrase, gardée dans l’historique."),
    )

    class Meta(BaseDocumentForm.Meta):
        widgets = {
            **BaseDocumentForm.Meta.widgets,
            "valid_from": _Day(),
            "valid_until": _Day(),
            "description": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.original_file = None
        self.fields["readers"].label = capfirst(str(self.fields["readers"].label))
        self.fields[
            "language"
        ].required = False  # or Wagtail would keep a file sent with others in public media
        if "file" not in self.fields:
            del self.fields["version_note"]
        if self.instance.pk and "replaces" in self.fields:
            self.fields["replaces"].queryset = self.fields["replaces"].queryset.exclude(pk=self.instance.pk)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or Language.FRENCH

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            suffix = (file.name or "").rpartition(".")[2].lower()
            head = file.read(4096)
            file.seek(0)
            offset, expected = BEGINNINGS.get(suffix, (0, b""))
            if not head.startswith(expected, offset) or (not expected and (not head or b"\0" in head)):
                raise ValidationError(
                    _("Ce fichier n’est pas ce que dit son nom : ouvrez-le, puis enregistrez-le de nouveau.")
                )
        return file

    def save(self, commit: bool = True) -> Any:
        self.instance.version_note = self.cleaned_data.get("version_note", "")
        changed = sorted(set(self.changed_data) - {"file", "version_note", "tags"})
        known = self.instance.pk is not None
        saved = super().save(commit=commit)
        if commit and known and changed:
            journal.record(
                actor=get_active_log_context().user,
                act="pages.document_changed",
                object=("pages.librarydocument", saved.key),
                changes={"fields": changed},
            )
        return saved


class PictureForm(BaseImageForm):
    class Meta(BaseImageForm.Meta):
        widgets = {**BaseImageForm.Meta.widgets, "rights_until": _Day()}
