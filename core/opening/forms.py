"""Forms of those who open an account, and of the agent who answers them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from core.accounts.models import User
from core.contracts.requests import RequestRef
from core.opening import codes, duplicates
from core.opening.codes import Code
from core.opening.models import IdentityDocument
from core.opening.registration import NEW

CHILDREN = 8
"""Rows at most on one form; a larger family says so in the note."""

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b\u2028\u2029\ufeff]+")
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")


def tidy(name: str) -> str:
    """A name as somebody writes it, whatever the writing: only what nobody can see is taken off."""
    return " ".join(_INVISIBLE.sub(" ", name).split())


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class BirthDateField(forms.DateField):
    """A day as one says it: « 3/2/2019 ». A calendar to leaf through would take forty years of taps."""

    default_error_messages = {
        "invalid": gettext_lazy("Écrivez une date qui existe : jour, mois, année. Par exemple 03/02/2019."),
        "future": gettext_lazy("Cette date est à venir."),
        "old": gettext_lazy("Vérifiez l’année : cette date a plus de 120 ans."),
    }

    def __init__(self, *, today: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Par exemple 03/02/2019."))
        widget = forms.DateInput(
            format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 10}
        )
        super().__init__(widget=widget, input_formats=["%d/%m/%Y", "%Y-%m-%d"], **kwargs)
        self.today = today

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = re.sub(r"[\s./]+|(?<=^\d\d)-|(?<=\d)-(?=\d{1,2}-\d{4}$)|-(?=\d{4}$)", "/", value.strip())
            if re.fullmatch(r"\d{8}", value):
                value = f"{value[:2]}/{value[2:4]}/{value[4:]}"
        day = super().to_python(value)
        if day and self.today:
            if day > self.today:
                raise ValidationError(self.error_messages["future"], code="future")
            if day.year < self.today.year - 120:
                raise ValidationError(self.error_messages["old"], code="old")
        return day


def identifier_error(name: str) -> str:
    """Why an identifier cannot be taken, in French; "" when it can."""
    if not _IDENTIFIER.fullmatch(name):
        return _(
            "De 3 à 30 signes : des lettres sans accent, des chiffres, un point ou un tiret. Par exemple nora.lacaze."
        )
    if User.objects.filter(username__iexact=name).exists():
        return _("Cet identifiant est déjà pris. Ajoutez par exemple un chiffre.")
    return ""


class _PasswordMixin(forms.Form):
    """A new password, typed once and shown on demand by the browser: the rules are those of the settings."""

    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )
    again = forms.CharField(
        label=gettext_lazy("Le même mot de passe, une seconde fois"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts()[:1])

    def owner(self) -> User:
        """Whose password it is, so that it does not repeat their name."""
        return User(
            username=self.cleaned_data.get("username", ""), email=self.cleaned_data.get("email", "") or ""
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("again")
        if password:
            try:
                password_validation.validate_password(password, self.owner())
            except ValidationError as error:
                self.add_error("password", error)
            if again is not None and again != password:
                self.add_error("again", _("Les deux mots de passe sont différents. Écrivez-les de nouveau."))
        return cleaned


class _IdentifierMixin(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=30,
        help_text=gettext_lazy("Vous le donnerez pour vous connecter. Par exemple nora.lacaze."),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"].strip().lower()
        if error := identifier_error(name):
            raise ValidationError(error)
        return name


def _email(**kwargs: Any) -> forms.EmailField:
    widget = forms.EmailInput(
        attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
    )
    return forms.EmailField(max_length=254, widget=widget, **kwargs)


class CodeForm(forms.Form):
    """First step: the code, and whose it is."""

    code = forms.CharField(
        label=gettext_lazy("Code d’activation"),
        max_length=40,
        help_text=gettext_lazy("Douze signes, par exemple K7PM-2XQD-9RTB. Les tirets ne comptent pas."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    last_name = NameField(
        label=gettext_lazy("Votre nom"),
        help_text=gettext_lazy("Celui de la lettre, ou votre nom de naissance."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"] = BirthDateField(
            label=_("Votre date de naissance"), today=today, help_text=_("Par exemple 14/07/1985.")
        )

    def clean_code(self) -> Code:
        code = codes.read(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(
                _("Un code a douze signes : des chiffres de 2 à 9 et des lettres, sans I, L, O ni U.")
            )
        return code


class AccountForm(_PasswordMixin, _IdentifierMixin):
    """Second step: the account itself."""

    email = _email(
        label=gettext_lazy("Adresse électronique"),
        help_text=gettext_lazy("Un message y part : ouvrez-le pour confirmer l’adresse."),
    )
    field_order = ("username", "email", "password", "again")


class RecoveryForm(_PasswordMixin):
    """Second step for somebody who has an account: a new password."""


class AddressForm(forms.Form):
    """Where one begins without a code."""

    email = _email(label=gettext_lazy("Votre adresse électronique"))


class SignUpForm(_PasswordMixin, _IdentifierMixin):
    first_name = NameField(
        label=gettext_lazy("Votre prénom"), widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = NameField(
        label=gettext_lazy("Votre nom"), widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    field_order = ("first_name", "last_name", "username", "password", "again")


class FamilyForm(forms.Form):
    """The household that somebody asks for: the adult and the address; the children are `ChildForm`s."""

    civility = forms.ChoiceField(
        label=gettext_lazy("Civilité"),
        required=False,
        choices=[
            ("", gettext_lazy("non précisée")),
            ("mme", gettext_lazy("Madame")),
            ("m", gettext_lazy("Monsieur")),
        ],
    )
    first_name = NameField(
        label=gettext_lazy("Prénom"), widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = NameField(
        label=gettext_lazy("Nom"), widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    phone = PhoneNumberField(
        label=gettext_lazy("Téléphone"),
        region="FR",
        help_text=gettext_lazy("Le service vous appelle s’il a une question."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Numéro et rue"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postcode = forms.RegexField(
        label=gettext_lazy("Code postal"),
        regex=r"^\d{5}$",
        max_length=10,
        error_messages={"invalid": gettext_lazy("Un code postal a cinq chiffres, par exemple 33530.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    city = forms.CharField(
        label=gettext_lazy("Commune"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Voulez-vous ajouter quelque chose ?"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Par exemple l’école souhaitée, ou la garde de vos enfants."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = (
        "civility", "first_name", "last_name", "birth_date", "phone", "address", "postcode", "city", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"] = BirthDateField(label=_("Date de naissance"), today=today)
        self.order_fields(self.field_order)


class ChildForm(forms.Form):
    first_name = NameField(label=gettext_lazy("Prénom"))
    last_name = NameField(label=gettext_lazy("Nom"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"] = BirthDateField(label=_("Date de naissance"), today=today)


class Household:
    """The forms of one registration as one: a family, and as many rows of children as were asked for.

    Made of what was posted (`posted`), of a draft (`data`), or empty. `typed_only`: what was posted comes back as it
    is, without a word on what is missing, for somebody who only wants one more row.
    """

    def __init__(
        self,
        *,
        today: date,
        posted: QueryDict | None = None,
        data: Mapping[str, Any] | None = None,
        typed_only: bool = False,
        more: int = 0,
    ) -> None:
        family, children = _initial(data) if data else ({}, [])
        rows = max(len(children), 1)
        if posted is not None:
            rows = _rows(posted)
        self.rows = min(rows + more, CHILDREN)
        self.may_add = self.rows < CHILDREN

        def made(form: type[forms.Form], prefix: str, initial: Mapping[str, Any], **more: Any) -> forms.Form:
            values: dict[str, Any] = {"prefix": prefix, "today": today, **more}
            if posted is None:
                return form(initial=dict(initial), **values)
            if typed_only:
                start = f"{prefix}-"
                typed = {name.removeprefix(start): posted[name] for name in posted if name.startswith(start)}
                return form(initial=typed, **values)
            return form(posted, **values)

        self.family = made(FamilyForm, "foyer", family)
        self.children = [
            made(
                ChildForm,
                f"enfant-{rank}",
                children[rank] if rank < len(children) else {},
                empty_permitted=True,
                use_required_attribute=False,
            )
            for rank in range(self.rows)
        ]

    def is_valid(self) -> bool:
        if self.errors:
            return False
        seen = set()
        for form in self.filled:
            child = (form.cleaned_data["first_name"].casefold(), form.cleaned_data["birth_date"])
            if child in seen:
                form.add_error("first_name", _("Cet enfant est déjà au-dessus."))
            seen.add(child)
        if not seen:
            self.children[0].add_error("first_name", _("Indiquez au moins un enfant."))
        return not self.errors

    @property
    def filled(self) -> list[forms.Form]:
        return [form for form in self.children if form.has_changed()]

    # What the summary of errors asks of a form.

    @property
    def errors(self) -> dict[str, Any]:
        return {
            f"{form.prefix}-{name}": found
            for form in (self.family, *self.children)
            for name, found in form.errors.items()
        }

    def non_field_errors(self) -> list[str]:
        return []

    def __iter__(self) -> Iterator[forms.BoundField]:
        for form in (self.family, *self.children):
            yield from form

    def data(self, *, email: str) -> dict[str, Any]:
        """What valid forms say, in the shape of `core.opening.registration`."""
        typed = self.family.cleaned_data
        return {
            "adult": {
                "civility": typed["civility"],
                **_person(typed),
                "phone": typed["phone"].as_e164,
                "email": email,
            },
            "home": {name: tidy(typed[name]) for name in ("address", "postcode", "city")},
            "children": [_person(form.cleaned_data) for form in self.filled],
            "note": typed["note"].strip(),
        }


def _rows(posted: QueryDict) -> int:
    """How many rows of children were sent, from 1 to `CHILDREN`."""
    return next((n for n in range(CHILDREN, 1, -1) if f"enfant-{n - 1}-first_name" in posted), 1)


def _person(cleaned: Mapping[str, Any]) -> dict[str, str]:
    return {
        "first_name": cleaned["first_name"],
        "last_name": cleaned["last_name"],
        "birth_date": cleaned["birth_date"].isoformat(),
    }


def _initial(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The same, the other way round: what a draft puts back in the forms."""

    def person(kept: Mapping[str, Any]) -> dict[str, Any]:
        return {**kept, "birth_date": date.fromisoformat(kept["birth_date"])}

    return (
        {**person(data["adult"]), **data["home"], "note": data.get("note", "")},
        [person(child) for child in data["children"]],
    )


# The agents' side ------------------------------------------------------------------------------------------------


class DeskForm(forms.Form):
    """A code told at the desk: what the agent looked at."""

    identity_document = forms.ChoiceField(
        label=gettext_lazy("Pièce d’identité que vous avez vue"),
        choices=[("", gettext_lazy("choisissez")), *IdentityDocument.choices],
        help_text=gettext_lazy("Sa nature seule est notée : ni son numéro, ni une copie."),
    )


class DecisionForm(forms.Form):
    """What an agent chooses before accepting a registration: whom the town knows already, and how that was checked."""

    def __init__(self, request: RequestRef, posted: Mapping[str, Any] | None) -> None:
        super().__init__(posted)
        adults = [match for match in duplicates.adults_like(request.data) if not match.has_account]
        self.fields["adult"] = forms.ChoiceField(
            label=_("Famille"),
            widget=forms.RadioSelect,
            choices=[(NEW, _("Créer une nouvelle famille"))]
            + [
                (
                    str(match.id),
                    _("Relier à %(name)s (%(families)s)")
                    % {"name": match.person, "families": ", ".join(name for _pk, name in match.families)},
                )
                for match in adults
            ],
            initial=NEW,
        )
        self.fields["identity_document"] = forms.ChoiceField(
            label=_("Pièce d’identité que vous avez vue"),
            required=False,
            choices=[("", _("aucune")), *IdentityDocument.choices],
            help_text=_("Obligatoire pour relier le compte à une famille connue."),
        )
        for rank, matches in duplicates.children_like(request.data).items():
            free = [match for match in matches if len(match.families) < 2]
            if free:
                self.fields[f"child_{rank}"] = forms.ChoiceField(
                    label=_("Enfant : %(name)s") % {"name": request.data["children"][rank]["first_name"]},
                    widget=forms.RadioSelect,
                    choices=[(NEW, _("Nouvel enfant"))]
                    + [
                        (
                            str(match.id),
                            _("Le même que %(name)s, %(families)s : il aura deux foyers")
                            % {
                                "name": match.person,
                                "families": ", ".join(name for _pk, name in match.families),
                            },
                        )
                        for match in free
                    ],
                    initial=NEW,
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        known = [
            name
            for name, value in cleaned.items()
            if (name == "adult" or name.startswith("child_")) and value != NEW
        ]
        if known and not cleaned.get("identity_document"):
            self.add_error(
                "identity_document",
                _("Avant de relier à des personnes connues, voyez une pièce d’identité et dites laquelle."),
            )
        return cleaned
