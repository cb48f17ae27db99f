"""Forms of the agents' screens about a household."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.backoffice.forms import NativeDate, NativeTime
from core.contracts.family import Act
from core.families.models import CourtDecision, CustodyRule, Guardian
from core.families.services.guardians import GIVEN, given_to
from core.town.models import OpeningHours


class RuleForm(forms.Form):
    """Where a child of two homes lives, from a day on."""

    valid_from = forms.DateField(label=_("À partir du"), widget=NativeDate)
    kind = forms.ChoiceField(
        label=_("Organisation"), choices=CustodyRule.Kind.choices, widget=forms.RadioSelect
    )
    home = forms.TypedChoiceField(
        label=_("Foyer"),
        coerce=int,
        help_text=_("Celui de l’enfant, des semaines paires, ou de la semaine de départ."),
    )
    anchor = forms.DateField(
        label=_("Semaine de départ"),
        required=False,
        widget=NativeDate,
        help_text=_("Un jour de la première semaine, seulement pour « à partir d’une date »."),
    )
    change_weekday = forms.TypedChoiceField(
        label=_("Jour du changement"), coerce=int, choices=OpeningHours.Weekday.choices, initial=1
    )
    change_hour = forms.TimeField(
        label=_("Heure du changement"),
        initial="08:30",
        widget=NativeTime,
        help_text=_("À midi ou avant, le jour du changement est déjà celui du foyer où l’enfant arrive."),
    )
    first_half_even = forms.TypedChoiceField(
        label=_("Première moitié des vacances, les années paires"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("L’année est celle où les vacances commencent."),
    )
    decision = forms.ModelChoiceField(
        CourtDecision.objects.none(), label=_("Décision de justice"), required=False
    )

    def __init__(
        self,
        *args: Any,
        homes: Sequence[tuple[int, str]],
        decisions: QuerySet[CourtDecision] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].choices = list(homes)  # type: ignore[attr-defined]
        self.fields["first_half_even"].choices = [("", _("comme les autres semaines")), *homes]  # type: ignore[attr-defined]
        if decisions is None:
            del self.fields["decision"]
        else:
            self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == CustodyRule.Kind.ANCHOR and not cleaned.get("anchor"):
            self.add_error("anchor", _("Donnez un jour de la première semaine."))
        return cleaned

    @property
    def rule(self) -> dict[str, Any]:
        return self.cleaned_data


class DecisionForm(forms.Form):
    """What a court decided, and whom it forbids to pick the child up."""

    court = forms.CharField(label=_("Juridiction"), max_length=120)
    decided_on = forms.DateField(label=_("Date de la décision"), widget=NativeDate)
    starts_on = forms.DateField(label=_("S’applique à partir du"), widget=NativeDate)
    ends_on = forms.DateField(label=_("Jusqu’au"), widget=NativeDate, required=False)
    summary = forms.CharField(
        label=_("Ce qu’elle décide"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_(
            "Seulement ce qui sert à accueillir l’enfant. N’écrivez rien sur la vie privée des parents."
        ),
    )
    banned = forms.CharField(
        label=_("Personnes qui ne peuvent pas venir chercher l’enfant"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("Une par ligne, comme dans la décision."),
    )

    def clean_banned(self) -> list[str]:
        lines = dict.fromkeys(
            line.strip() for line in self.cleaned_data["banned"].splitlines() if line.strip()
        )
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError(_("Écrivez un nom par ligne."))
        return list(lines)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Le dernier jour vient avant le premier."))
        return cleaned

    @property
    def decision(self) -> dict[str, Any]:
        return {**self.cleaned_data, "banned": [(name, None) for name in self.cleaned_data["banned"]]}


_GIVEN = {
    Act.BOOK: _("réserver et annuler des jours"),
    Act.CONTACTS: _("lire les personnes à prévenir"),
    Act.MONEY: _("lire les prix et les factures, payer"),
}


class SharesForm(forms.Form):
    """What each guardian of a family pays, and who holds the parental authority, or else may do what.

    Three fields a guardian, named by the rank in the list.
    """

    def __init__(self, *args: Any, guardians: Sequence[Guardian], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guardians = guardians
        for rank, guardian in enumerate(guardians, start=1):
            said = {"name": str(guardian)}
            self.fields[f"share_{rank}"] = forms.IntegerField(
                label=_now("Part payée par %(name)s (%%)") % said,
                initial=guardian.payer_share,
                min_value=0,
                max_value=100,
            )
            self.fields[f"authority_{rank}"] = forms.BooleanField(
                label=_now("%(name)s exerce l’autorité parentale") % said,
                initial=guardian.parental_authority,
                required=False,
                help_text=_(
                    "Les actes de naissance, ou un jugement, le disent. Sans elle, ses délégations cessent."
                ),
            )
            self.fields[f"acts_{rank}"] = forms.MultipleChoiceField(
                label=_now("Sans autorité parentale, %(name)s peut") % said,
                choices=[(act.value, _GIVEN[act]) for act in GIVEN],
                initial=[act.value for act in given_to(guardian)],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_(
                    "Voir où les enfants sont attendus n’est jamais refusé. Qui paie lit ce qu’il doit."
                ),
            )
        self.fields["reason"] = forms.CharField(
            label=_("Raison"), max_length=300, help_text=_("La famille la lit dans son journal.")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shares = [cleaned.get(f"share_{rank}") for rank in range(1, len(self.guardians) + 1)]
        if None not in shares and (total := sum(share or 0 for share in shares)) != 100:
            self.add_error(
                "share_1", _now("Les parts font 100 % ensemble : ici, {total} %.").format(total=total)
            )
        return cleaned

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """(title, fields), as the page draws them."""
        names = ("share", "authority", "acts")
        people = [
            (str(guardian), [self[f"{name}_{rank}"] for name in names])
            for rank, guardian in enumerate(self.guardians, start=1)
        ]
        return [*people, (_now("Pourquoi ce changement"), [self["reason"]])]

    @property
    def shares(self) -> dict[UUID, int]:
        return {
            one.pk: self.cleaned_data[f"share_{rank}"] for rank, one in enumerate(self.guardians, start=1)
        }

    @property
    def rights(self) -> list[tuple[Guardian, bool, list[Act]]]:
        """(guardian, parental authority, acts without it)."""
        data = self.cleaned_data
        return [
            (one, data[f"authority_{rank}"], [Act(value) for value in data[f"acts_{rank}"]])
            for rank, one in enumerate(self.guardians, start=1)
        ]
