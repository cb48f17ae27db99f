"""What the forms of a tariff share: words that are read, rows that repeat, the case in which something applies."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from core.contracts.pricing import Fact
from core.pricing import spoken
from core.pricing.explain import typeset
from core.pricing.vocabulary import ROUNDINGS, UNITS

Choices = list[tuple[str, Any]]
UNIT_CHOICES: Choices = [(unit.code, unit.label) for unit in UNITS.values()]
ROUNDING_CHOICES: Choices = [(code, words) for code, (_mode, words) in ROUNDINGS.items()]


class SpokenField(forms.CharField):
    """Words that `read` turns into what a document holds; an Unreadable is told under the field."""

    def __init__(self, read: Callable[[str], Any], **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 1000, **options})
        self.read = read

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        try:
            return self.read(words)
        except spoken.Unreadable as error:
            raise ValidationError(typeset(str(error))) from error


def number_field(label: Any = "", *, money: bool = False, **options: Any) -> SpokenField:
    """A number as a document writes it; an amount has its two decimals at least."""

    def read(words: str) -> str:
        number = spoken.plain_number(words)
        return format(Decimal(number), ".2f") if money and len(number.partition(".")[2]) < 2 else number

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return SpokenField(read, label=label, widget=widget, **options)


def written(value: Any) -> str:
    """A number of a document as one writes it in a field."""
    return "" if value is None else spoken.shown_number(str(value))


class SketchForm(forms.Form):
    """A part of a sketch; `revision` is the state that the agent looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class RowsForm(SketchForm):
    """A form with a row that repeats. The button `more` gives more rows and judges nothing."""

    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=250)
    spare: ClassVar[int] = 2
    least: ClassVar[int] = 0
    MORE: ClassVar[int] = 4

    def __init__(self, data: Any = None, *args: Any, values: Sequence[Mapping[str, Any]] = (), **kwargs: Any):
        self.more = data is not None and "more" in data
        if self.more:
            data = data.copy()
            data["rows"] = str(self._posted(data) + self.MORE)
        super().__init__(data, *args, **kwargs)
        self.count = self._posted(data) if data is not None else max(self.least, len(values) + self.spare)
        self.fields["rows"].initial = self.count
        self.names = list(self.row_fields())
        self.kept: list[tuple[int, dict[str, Any]]] = []
        for index in range(self.count):
            known = values[index] if index < len(values) else {}
            for name, field in self.row_fields().items():
                field.initial = known.get(name, field.initial)
                self.fields[f"r{index}_{name}"] = field

    @staticmethod
    def _posted(data: Any) -> int:
        text = str(data.get("rows", ""))
        return min(int(text), 250) if text.isdigit() and len(text) < 5 else 0

    def row_fields(self) -> dict[str, forms.Field]:
        """The fields of one row, none of them required: the row says what it lacks."""
        raise NotImplementedError

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """The rows, as the page draws them."""
        return [[self[f"r{index}_{name}"] for name in self.names] for index in range(self.count)]

    def full_clean(self) -> None:
        if self.more:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        return not self.more and super().is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.kept = []
        for index in range(self.count):
            row = {name: cleaned.get(f"r{index}_{name}") for name in self.names}
            whole = not any(f"r{index}_{name}" in self.errors for name in self.names)
            if whole and self.is_filled(row):
                self.clean_row(index, row)
                self.kept.append((index, row))
        return cleaned

    def is_filled(self, row: Mapping[str, Any]) -> bool:
        """Does a row say something? One that says nothing is left out."""
        return any(value not in (None, "", [], False) for value in row.values())

    def clean_row(self, index: int, row: dict[str, Any]) -> None:
        """Say what a row lacks."""

    def wrong(self, index: int, name: str, words: str) -> None:
        self.add_error(f"r{index}_{name}", words)


def condition_fields(facts: Mapping[str, Fact], when: Mapping[str, Any]) -> dict[str, forms.Field]:
    """A field for each fact that a condition may name; nothing chosen: in every case."""
    found: dict[str, forms.Field] = {}
    for name, fact in facts.items():
        wanted = when.get(name, [])
        values = wanted if isinstance(wanted, list) else [wanted]
        label = fact.label[:1].upper() + fact.label[1:]
        if fact.type in ("choice", "boolean"):
            found[f"when_{name}"] = forms.MultipleChoiceField(
                label=label,
                choices=[(str(value), words) for value, words in fact.values],
                initial=[str(value) for value in values],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        else:
            examples = {"time": "plus de 18 h 30", "integer": "3 et plus"}.get(fact.type, "moins de 400")
            unknown = _(", ou « non communiqué »") if fact.type in ("quotient", "number") else ""
            found[f"when_{name}"] = SpokenField(
                lambda words, fact=fact: spoken.read_values(words, fact),  # type: ignore[misc]
                label=label,
                initial=spoken.write_values(values, fact),
                help_text=_("Par exemple « %(words)s »%(unknown)s.")
                % {"words": examples, "unknown": unknown},
            )
    return found


def condition_of(
    cleaned: Mapping[str, Any], facts: Mapping[str, Fact], before: Mapping[str, Any]
) -> dict[str, Any]:
    """What a document holds for the fields of a condition, in the order that it had."""
    found: dict[str, Any] = {}
    for name, fact in {**{name: facts[name] for name in before if name in facts}, **facts}.items():
        said = cleaned.get(f"when_{name}")
        if not said:
            continue
        codes = {str(value): value for value, _words in fact.values}
        values = [codes[one] for one in said] if fact.type in ("choice", "boolean") else said
        found[name] = values[0] if len(values) == 1 else values
    return found
