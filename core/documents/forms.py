"""What is asked with a document, on the pages of families and of agents."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.documents import intake
from core.documents.models import DocumentType
from core.documents.services import Received, Refusal, receive


class ManyFiles(forms.FileInput):
    """Several files at once, photographs and PDFs."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": intake.ACCEPT})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        found: list[UploadedFile] = files.getlist(name) if hasattr(files, "getlist") else []
        return found


class Camera(ManyFiles):
    """The camera of a telephone, at once; other machines offer their files."""

    def __init__(self) -> None:
        super().__init__()
        self.attrs |= {"accept": "image/*", "capture": "environment"}


class FilesField(forms.Field):
    """The files that were chosen, in their order; the form says when there is none in any of its fields."""

    widget = ManyFiles
    default_error_messages = {
        "many": ngettext_lazy(
            "Choisissez %(most)s fichier au plus : envoyez le reste à part.",
            "Choisissez %(most)s fichiers au plus : envoyez le reste à part.",
            "most",
        )
    }

    def clean(self, value: Any) -> list[UploadedFile]:
        chosen: list[UploadedFile] = value or []
        if len(chosen) > intake.MOST_FILES:
            raise forms.ValidationError(
                self.error_messages["many"], code="many", params={"most": intake.MOST_FILES}
            )
        return chosen


LIMITS = _("Photos (JPEG, PNG, HEIC) ou PDF, 10 Mo chacun, 10 fichiers au plus.")


class FilesForm(forms.Form):
    """Files alone. They are opened when everything else is right: what is refused is said, file by file."""

    use_required_attribute = False

    fichiers = FilesField(label=_("Choisir des photos ou des PDF"), help_text=LIMITS)
    photos = FilesField(label=_("Ou prendre une photo avec le téléphone"), widget=Camera)

    received: list[Received]
    refused: list[Refusal]

    @property
    def sent(self) -> list[File[bytes]]:
        return [*self.cleaned_data.get("photos", []), *self.cleaned_data.get("fichiers", [])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.received, self.refused = [], []
        if self.errors:
            return cleaned
        if not self.sent:
            self.add_error("fichiers", _("Choisissez au moins un fichier, ou prenez une photo."))
        elif len(self.sent) > intake.MOST_FILES:
            self.add_error(
                "fichiers",
                FilesField.default_error_messages["many"] % {"most": intake.MOST_FILES},
            )
        else:
            self.received, self.refused = receive(self.sent)
            if not self.received:
                for refusal in self.refused:
                    self.add_error("fichiers", str(refusal))
        return cleaned


class NativeDay(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DepositForm(FilesForm):
    """One document of a known type; `children` are those it may be about."""

    enfant = forms.ChoiceField(label=_("Pour quel enfant ?"), widget=forms.RadioSelect)
    date = forms.DateField(
        label=_("Date écrite sur le document"),
        required=False,
        widget=NativeDay,
        help_text=_("Elle sert à calculer jusqu’à quand il est valable."),
    )
    note = forms.CharField(
        label=_("Précision pour la mairie"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("enfant", "fichiers", "photos", "date", "note")

    def __init__(
        self, *args: Any, kind: DocumentType, children: Iterable[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(key), name) for key, name in children]
        if kind.subject == DocumentType.Subject.HOUSEHOLD:
            del self.fields["enfant"]
        else:
            self.fields["enfant"].choices = choices  # type: ignore[attr-defined]
            if len(choices) == 1:
                self.fields["enfant"].initial = choices[0][0]
        if not kind.valid_months:
            del self.fields["date"]

    @property
    def child_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("enfant")
        return UUID(chosen) if chosen else None
