"""Agents read the tariffs as families do, bring a new version from a file, see what it changes, and publish it."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.accounts.roles import ALL, everywhere_rule, sites_of
from core.backoffice.screens import render_screen
from core.backoffice.tariff_forms.case import CaseForm, asked_of, initial_of
from core.contracts.pricing import FactValue, Price, PricingError, Situation
from core.kernel import clock, documents
from core.kernel.access import agent, rule
from core.pricing import format as tariff_format
from core.pricing import review, sketch
from core.pricing.composing import decision_of
from core.pricing.engine import price, run_examples
from core.pricing.grid import grid
from core.pricing.models import FrozenTariffError, TariffSketch, TariffVersion
from core.pricing.reading import InvalidTariffError, Problem, load
from core.pricing.selectors import in_force, version_for
from core.pricing.services import FailedExamplesError, export_tariffs, import_tariff, import_tariffs, publish

VIEW, IMPORT, PUBLISH = (f"pricing.{act}_tariffversion" for act in ("view", "add", "change"))
MOST_BYTES = 1_000_000


class FileForm(forms.Form):
    """The file of a tariff."""

    file = forms.FileField(
        label=gettext_lazy("Fichier JSON du tarif"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=gettext_lazy("Il devient un brouillon : les familles ne le voient qu’une fois publié."),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
    )

    def clean_file(self) -> UploadedFile:
        found: UploadedFile = self.cleaned_data["file"]
        if (found.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("Ce fichier est trop gros pour un tarif : 1 Mo au plus."))
        return found


def _may(request: HttpRequest, permission: str) -> bool:
    """A tariff is the town's: a role on one site is not enough to change it."""
    return sites_of(request.user, permission) is ALL


def _trail(*versions: TariffVersion) -> list[tuple[str, str]]:
    inside = [(str(version.name), reverse("backoffice:tariff", args=[version.pk])) for version in versions]
    return [(_("Tarifs"), reverse("backoffice:tariffs")), *inside]


@agent(VIEW)
def tariffs(request: HttpRequest) -> HttpResponse:
    """Every version, by tariff, the last one first."""
    return render_screen(
        request,
        "backoffice/tariffs.html",
        {
            "versions": TariffVersion.objects.defer("document").order_by("name", "code", "-valid_from"),
            "may_import": _may(request, IMPORT),
            "sketches": TariffSketch.objects.all() if _may(request, IMPORT) else (),
        },
        title=_("Tarifs"),
        icon="table",
    )


@agent(VIEW)
def tariff(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version: the grid as families read it, its examples with their result, what deserves a look."""
    version = get_object_or_404(TariffVersion, pk=version_id)
    return _sheet(request, version)


def _sheet(request: HttpRequest, version: TariffVersion, *, status: int = 200) -> HttpResponse:
    read = version.tariff
    results = run_examples(read)
    warnings = [
        sketch.located(version.document, problem)
        for problem in tariff_format.examine(version.document).warnings
    ]
    history = list(TariffVersion.objects.filter(code=version.code).defer("document").order_by("-valid_from"))
    failed = sum(1 for result in results if result.failure)
    data: dict[str, Any] = {
        "version": version,
        "tariff": read,
        "grid": grid(read),
        "results": results,
        "failed": failed,
        "warnings": [*warnings, *filter(None, [review.above_cost(read)])],
        "draft": version.status == TariffVersion.Status.DRAFT,
        "may_publish": _may(request, PUBLISH),
        "may_import": _may(request, IMPORT),
        "decision": decision_of(version),
        "history": history,
        "current": in_force(history, clock.today()),
    }
    return render_screen(
        request,
        "backoffice/tariff.html",
        data,
        title=version.name,
        icon="table",
        trail=_trail(),
        status=status,
    )


@rule(everywhere_rule(IMPORT))
def import_file(request: HttpRequest) -> HttpResponse:
    """A draft from a file; each fault of it is told with its place, and then nothing is written."""
    posted = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if posted else FileForm()
    problems: tuple[Problem, ...] = ()
    if posted and form.is_valid():
        try:
            found = _imported(form.cleaned_data["file"].read(), request.user)
        except InvalidTariffError as error:
            problems = error.problems
        except documents.BundleRefused as error:
            form.add_error("file", str(error))
        except FrozenTariffError:
            form.add_error(
                "file",
                _("Un tarif de ce code est déjà publié à cette date : changez sa date de début."),
            )
        else:
            if len(found) == 1:
                messages.success(request, _("Le tarif est enregistré en brouillon."))
                return redirect("backoffice:tariff", found[0].pk)
            messages.success(request, _("%(count)s tarifs sont lus.") % {"count": len(found)})
            return redirect("backoffice:tariffs")
    return render_screen(
        request,
        "backoffice/tariff_import.html",
        {"form": form, "problems": problems},
        title=_("Importer un tarif"),
        icon="upload",
        trail=_trail(),
    )


def _imported(content: bytes, actor: Any) -> list[TariffVersion]:
    """One tariff, or all those of a sealed file."""
    document = load(content)
    name = document.get("format") if isinstance(document, dict) else None
    if name == documents.FORMAT:
        return import_tariffs(bundle=document, actor=actor)
    return [import_tariff(document=document, actor=actor)]


@rule(everywhere_rule(PUBLISH))
@require_POST
def publish_version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Make a draft the rule, unless one of its own examples fails."""
    version = get_object_or_404(TariffVersion, pk=version_id)
    try:
        publish(version=version, actor=request.user)
    except FailedExamplesError as error:
        messages.error(request, _("Le tarif n’est pas publié : un exemple échoue. %(why)s") % {"why": error})
    else:
        messages.success(request, _("Le tarif est publié : les familles le voient."))
    return redirect("backoffice:tariff", version.pk)


@agent(VIEW)
def export(request: HttpRequest, version_id: UUID) -> JsonResponse:
    """The document, as it may be imported again."""
    version = get_object_or_404(TariffVersion, pk=version_id)
    answer = JsonResponse(version.document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{version.code}-{version.valid_from}.json"'
    return answer


@agent(VIEW)
def export_all(request: HttpRequest) -> HttpResponse:
    """Every version, sealed in one file that another instance imports."""
    answer = HttpResponse(documents.write(export_tariffs()), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="tarifs-{clock.today()}.json"'
    return answer


@agent(VIEW)
def simulate(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The price of a case in this version, with its explanation, beside the version in force today."""
    version = get_object_or_404(TariffVersion, pk=version_id)
    today = clock.today()
    current = version_for(version.code, today)
    if current is not None and current.pk == version.pk:
        current = None
    tariffs = [one.tariff for one in (version, current) if one is not None]
    examples = [example for example in version.tariff.examples if len(example.situations) == 1]
    chosen = request.GET.get("exemple", "")
    known = examples[int(chosen)] if chosen.isdigit() and int(chosen) < len(examples) else None
    initial = initial_of(known.situations[0].facts) if known else {}
    posted = request.POST if request.method == "POST" else None
    form = CaseForm(posted, facts=asked_of(*tariffs), initial=initial)
    tried: list[dict[str, Any]] = []
    if posted is not None and form.is_valid():
        tried = [_tried(one, form.case, today) for one in (version, current) if one is not None]
    return render_screen(
        request,
        "backoffice/tariff_simulate.html",
        {"version": version, "form": form, "tried": tried, "examples": examples, "current": current},
        title=_("Essayer"),
        icon="table",
        trail=_trail(version),
    )


def _tried(version: TariffVersion, case: dict[str, FactValue], today: date) -> dict[str, Any]:
    """On the day itself when the version covers it, else on its first day."""
    tariff = version.tariff
    on = today if tariff.covers(today) else tariff.valid_from
    try:
        found: Price | None = price(tariff, Situation(on, case))
        refusal = ""
    except PricingError as refused:
        found, refusal = None, refused.reason
    return {"version": version, "price": found, "refusal": refusal}


@agent(VIEW)
def compare(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What a version changes for families, against another of the same tariff: by default, the one before it."""
    version = get_object_or_404(TariffVersion, pk=version_id)
    others = TariffVersion.objects.filter(code=version.code).exclude(pk=version.pk).order_by("-valid_from")
    asked = request.GET.get("avec", "")
    known = {str(other.pk): other for other in others}
    earlier = (other for other in known.values() if other.valid_from < version.valid_from)
    other = known.get(asked) or next(earlier, None) or next(iter(known.values()), None)
    return render_screen(
        request,
        "backoffice/tariff_compare.html",
        {
            "version": version,
            "other": other,
            "others": list(known.values()),
            "differences": review.differences(other.tariff, version.tariff) if other else [],
            "rewordings": review.rewordings(other.document, version.document) if other else [],
        },
        title=_("Comparer"),
        icon="table",
        trail=_trail(version),
    )


routes = [
    path("tarifs/", tariffs, name="tariffs"),
    path("tarifs/importer/", import_file, name="import_tariff"),
    path("tarifs/exporter/", export_all, name="export_tariffs"),
    path("tarifs/<uuid:version_id>/", tariff, name="tariff"),
    path("tarifs/<uuid:version_id>/publier/", publish_version, name="publish_tariff"),
    path("tarifs/<uuid:version_id>/exporter/", export, name="export_tariff"),
    path("tarifs/<uuid:version_id>/essayer/", simulate, name="simulate_tariff"),
    path("tarifs/<uuid:version_id>/comparer/", compare, name="compare_tariff"),
]
