"""Forms of what an agent writes for a guardian."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.backoffice.forms import NativeDate
from core.families.models import Child, Contact, Family, Guardian, Person
from core.families.services import desk
from core.town.models import Site


class DeskForm(forms.ModelForm[Any]):
    """The fields of a record, who asked and how; `seen` is what the form was filled from."""

    asked_by = forms.ModelChoiceField(
        Guardian.objects.none(), label=_("Qui le demande"), required=False, empty_label=_("personne du foyer")
    )
    channel = forms.ChoiceField(label=_("Comment c’est demandé"), choices=desk.Channel)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, *args: Any, guardians: list[Guardian], seen: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_by: Any = self.fields["asked_by"]
        asked_by.queryset = Guardian.objects.filter(pk__in=[one.pk for one in guardians]).select_related(
            "person"
        )
        self.fields["seen"].initial = self.now = seen

    def overtaken(self) -> None:
        """The next attempt starts from what is recorded now; what was typed stays."""
        self.data = {**self.data.dict(), self.add_prefix("seen"): self.now}  # type: ignore[attr-defined]

    def asked(self, actor: Any) -> desk.Asked:
        channel = desk.Channel(self.cleaned_data["channel"])
        return desk.Asked(actor, self.cleaned_data["asked_by"], str(channel.label))


class HouseholdForm(DeskForm):
    class Meta:
        model = Family
        fields: ClassVar = list(desk.HOUSEHOLD)


class AdultForm(DeskForm):
    benefits_regime = forms.ChoiceField(
        label=_("Régime d’allocations"), choices=[("", "—"), *Guardian.Regime.choices], required=False
    )
    benefits_number = forms.CharField(label=_("Numéro d’allocataire"), max_length=15, required=False)

    class Meta:
        model = Person
        fields: ClassVar = list(desk.ADULT)
        help_texts: ClassVar = {"email": _("L’adresse avec laquelle la personne se connecte ne change pas.")}

    def clean_benefits_number(self) -> str:
        number: str = self.cleaned_data["benefits_number"].replace(" ", "").upper()
        if number and not self.cleaned_data.get("benefits_regime"):
            raise ValidationError(_("Dites si ce numéro est celui de la CAF ou de la MSA."))
        if number:
            Guardian._meta.get_field("benefits_number").run_validators(number)
        return number


class NewAdultForm(AdultForm):
    authority = forms.BooleanField(label=_("Exerce l’autorité parentale"), required=False)


class ContactForm(DeskForm):
    class Meta:
        model = Contact
        fields: ClassVar = list(desk.CONTACT)

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        child: Any = self.fields["child"]
        child.queryset = Child.objects.filter(families=family).select_related("person")
        child.empty_label = str(_("tous les enfants"))


class ChildForm(DeskForm):
    birth_date = forms.DateField(label=_("Date de naissance"), widget=NativeDate)
    school = forms.ModelChoiceField(Site.objects.none(), label=_("École"), required=False, empty_label="—")
    level = forms.CharField(label=_("Niveau"), max_length=20, required=False)

    class Meta:
        model = Person
        fields: ClassVar = ["first_name", "last_name", "birth_date", "birth_place"]

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        school: Any = self.fields["school"]
        school.queryset = Site.objects.open_on(today).filter(kind__in=Site.SCHOOL_KINDS)

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if wrong := desk.wrong_birth(born, self.today):
            raise ValidationError(wrong)
        return born

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if wrong := desk.wrong_school(cleaned.get("school"), cleaned.get("level", "")):
            self.add_error("level", wrong)
        return cleaned
