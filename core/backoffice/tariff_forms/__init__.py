"""Forms that compose a tariff: each shows a part of its document and gives that part back. Nobody writes JSON.

Bounds and values are typed as one says them (`core.pricing.spoken`). A form that repeats a row gives more rows without
a script; a row left empty is left out.
"""

from collections.abc import Mapping
from typing import Any, Final

from core.backoffice.tariff_forms.derived import DerivedForm
from core.backoffice.tariff_forms.examples import ExamplesForm
from core.backoffice.tariff_forms.facts import FactsForm
from core.backoffice.tariff_forms.fields import Choices, SketchForm
from core.backoffice.tariff_forms.general import GeneralForm, StartForm
from core.backoffice.tariff_forms.parts import PartForm
from core.backoffice.tariff_forms.steps import BracketsForm, LinearForm, StepForm
from core.backoffice.tariff_forms.table import TableForm

__all__ = [
    "Choices",
    "DerivedForm",
    "ExamplesForm",
    "FactsForm",
    "GeneralForm",
    "PartForm",
    "SketchForm",
    "StartForm",
    "StepForm",
    "TableForm",
    "step_form",
]

SHAPES: Final[Mapping[str, type[StepForm]]] = {
    "qf_brackets": BracketsForm,
    "brackets": BracketsForm,
    "linear": LinearForm,
    "table": TableForm,
}


def step_form(kind: str, *args: Any, **kwargs: Any) -> StepForm:
    """The form of a kind of step."""
    return SHAPES.get(kind, StepForm)(*args, kind=kind, **kwargs)
