"""What a tariff is: how it begins, its dates, its decision, its cost, its roundings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.forms import NativeDate
from core.backoffice.tariff_forms.fields import (
    ROUNDING_CHOICES,
    UNIT_CHOICES,
    Choices,
    SketchForm,
    number_field,
    written,
)

MOST_BYTES = 10_000_000


class StartForm(forms.Form):
    """What the tariff is for, and what it is made from."""

    name = forms.CharField(
        label=gettext_lazy("Nom du tarif"),
        max_length=200,
        help_text=gettext_lazy("Les familles le lisent : « Restauration scolaire »."),
    )
    code = forms.ChoiceField(label=gettext_lazy("Pour quelle activité ?"), required=False)
    model = forms.ChoiceField(
        label=gettext_lazy("Partir de"),
        required=False,
        help_text=gettext_lazy("Un tarif qui ressemble au vôtre se reprend : il n’y a plus qu’à le changer."),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Prix par"), choices=UNIT_CHOICES, initial="meal")
    valid_from = forms.DateField(label=gettext_lazy("Valable à partir du"), widget=NativeDate)

    def __init__(self, *args: Any, codes: Choices, models: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [*codes, ("", _("Une autre activité"))]  # type: ignore[attr-defined]
        self.fields["model"].choices = [("", _("Une page blanche")), *models]  # type: ignore[attr-defined]


class GeneralForm(SketchForm):
    """What a tariff is, which decision it stands on, from when to when it holds."""

    name = forms.CharField(label=gettext_lazy("Nom du tarif"), max_length=200)
    unit = forms.ChoiceField(label=gettext_lazy("Prix par"), choices=UNIT_CHOICES)
    code = forms.CharField(
        label=gettext_lazy("Code du tarif"),
        max_length=100,
        validators=[validate_slug],
        help_text=gettext_lazy(
            "Les activités le désignent par ce code. Il reste le même d’une année à l’autre."
        ),
    )
    service = forms.CharField(
        label=gettext_lazy("Code du service"), max_length=100, validators=[validate_slug]
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Valable à partir du"),
        widget=NativeDate,
        help_text=gettext_lazy("Les jours consommés dès cette date."),
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Jusqu’au"),
        widget=NativeDate,
        required=False,
        help_text=gettext_lazy("Vide : jusqu’au tarif suivant."),
    )
    decision_number = forms.CharField(
        label=gettext_lazy("Numéro de la délibération"), max_length=100, required=False
    )
    decision_date = forms.DateField(
        label=gettext_lazy("Date de la délibération"), widget=NativeDate, required=False
    )
    decision_file = forms.FileField(
        label=gettext_lazy("Texte de la délibération (PDF)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text=gettext_lazy("Gardé pour tous les tarifs de cette délibération. 10 Mo au plus."),
    )
    cost_per_unit = number_field(
        gettext_lazy("Coût de revient d’une unité (€)"),
        money=True,
        help_text=gettext_lazy(
            "Ce qu’un repas, une journée coûte à la commune. Les familles ne le voient pas."
        ),
    )
    rounding = forms.ChoiceField(label=gettext_lazy("Arrondi du prix"), choices=ROUNDING_CHOICES)
    rank_basis = forms.ChoiceField(
        label=gettext_lazy("Le rang de l’enfant compte"),
        choices=[
            ("household", gettext_lazy("tous les enfants du foyer")),
            ("service", gettext_lazy("les enfants inscrits à cette activité")),
            ("day", gettext_lazy("les enfants présents ce jour-là")),
        ],
    )
    rank_order = forms.ChoiceField(
        label=gettext_lazy("En commençant par"),
        choices=[("eldest", gettext_lazy("l’aîné")), ("youngest", gettext_lazy("le plus jeune"))],
    )
    note = forms.CharField(
        label=gettext_lazy("Un mot aux familles, sous la grille"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @classmethod
    def initial_of(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        decision, ranks = document["decision"] or {}, document.get("ranks", {})
        return {
            **{key: document[key] for key in ("name", "unit", "code", "service")},
            "valid_from": document["validity"]["from"],
            "valid_to": document["validity"]["to"],
            "decision_number": decision.get("number", ""),
            "decision_date": decision.get("date"),
            "cost_per_unit": written(document.get("cost_per_unit")),
            "rounding": document.get("rounding", "half_up"),
            "rank_basis": ranks.get("basis", "household"),
            "rank_order": ranks.get("order", "eldest"),
            "note": document.get("note", ""),
        }

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        parts = {
            _("Le tarif"): ("name", "unit", "code", "service"),
            _("Quand, et sur quelle délibération"): (
                "valid_from", "valid_to", "decision_number", "decision_date", "decision_file",
            ),
            _("Comment on compte"): ("cost_per_unit", "rounding", "rank_basis", "rank_order"),
            _("Pour les familles"): ("note",),
        }  # fmt: skip
        return [(title, [self[name] for name in names]) for title, names in parts.items()]

    def clean_decision_file(self) -> UploadedFile | None:
        found: UploadedFile | None = self.cleaned_data["decision_file"]
        if not found:
            return None
        if (found.size or 0) > MOST_BYTES:
            raise ValidationError(_("Ce fichier est trop gros : 10 Mo au plus."))
        if found.read(5) != b"%PDF-":
            raise ValidationError(_("Ce fichier n’est pas un PDF."))
        found.seek(0)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("La fin précède le début."))
        number, day = cleaned.get("decision_number"), cleaned.get("decision_date")
        if bool(number) != bool(day):
            missing = "decision_date" if number else "decision_number"
            self.add_error(missing, _("Donnez le numéro et la date, ou aucun des deux."))
        elif cleaned.get("decision_file") and not number:
            self.add_error("decision_number", _("Dites de quelle délibération est ce texte."))
        return cleaned

    def changed(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with what was said here."""
        said = self.cleaned_data
        made = {**document, **{key: said[key] for key in ("name", "unit", "code", "service")}}
        made["validity"] = {"from": _iso(said["valid_from"]), "to": _iso(said["valid_to"])}
        number = said["decision_number"]
        made["decision"] = {"number": number, "date": _iso(said["decision_date"])} if number else None
        ranks = {"basis": said["rank_basis"], "order": said["rank_order"]}
        usual = {"basis": "household", "order": "eldest"}
        options = {
            "cost_per_unit": said["cost_per_unit"],
            "rounding": said["rounding"] if said["rounding"] != "half_up" else None,
            "ranks": ranks if ranks != usual or "ranks" in document else None,
            "note": said["note"],
        }
        for key, value in options.items():
            if value:
                made[key] = value
            else:
                made.pop(key, None)
        return made


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
