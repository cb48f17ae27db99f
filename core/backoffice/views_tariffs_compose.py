"""Agents compose a tariff in forms: part by part, step by step, with the public grid that follows each change.

What is being composed is a sketch; it becomes a draft once it holds, and the draft's own page publishes it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.roles import everywhere_rule
from core.backoffice.screens import render_screen
from core.backoffice.tariff_forms import (
    Choices,
    DerivedForm,
    ExamplesForm,
    FactsForm,
    GeneralForm,
    PartForm,
    SketchForm,
    StartForm,
    TableForm,
    step_form,
)
from core.contracts.priced import priced_services
from core.kernel import clock
from core.kernel.access import agent, rule
from core.kernel.calls import collect
from core.pricing import composing, review, sketch
from core.pricing.engine import run_examples
from core.pricing.format import SHIPPED, examine, shipped
from core.pricing.grid import grid
from core.pricing.models import DecisionFile, FrozenTariffError, TariffSketch, TariffVersion
from core.pricing.reading import InvalidTariffError
from core.pricing.steps import STEP_KINDS

VIEW, COMPOSE = "pricing.view_tariffversion", "pricing.add_tariffversion"
composer = rule(everywhere_rule(COMPOSE))
"""A tariff is the town's: a role on one site is not enough."""


def _trail(made: TariffSketch | None = None) -> list[tuple[str, str]]:
    inside = [(str(made), reverse("backoffice:sketch", args=[made.pk]))] if made else []
    return [(_("Tarifs"), reverse("backoffice:tariffs")), *inside]


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


# Beginning


def _codes() -> Choices:
    """Tariffs that activities ask for, then those that exist already: code, words."""
    asked = {one.tariff: one.label for one in collect(priced_services, today=clock.today(), family=None)}
    known = TariffVersion.objects.exclude(code__in=asked).order_by("code", "valid_from")
    return [*asked.items(), *dict(known.values_list("code", "name")).items()]


def _models() -> Choices:
    versions = TariffVersion.objects.defer("document").order_by("name", "-valid_from")
    ours = [
        (
            str(version.pk),
            _("%(name)s, à partir du %(day)s")
            % {"name": version.name, "day": f"{version.valid_from:%d/%m/%Y}"},
        )
        for version in versions
    ]
    others = [(file.stem, _model_name(file.stem)) for file in sorted(SHIPPED.glob("*.json"))]
    return [(_("Vos tarifs"), ours), (_("Tarifs publiés par d’autres communes"), others)]


def _model_name(name: str) -> str:
    document = shipped(name)
    source = document.get("source", {})
    return f"{document['name']} — {source.get('town', name)}"


@composer
def new(request: HttpRequest) -> HttpResponse:
    """What the tariff is for, and what it starts from."""
    form = StartForm(_posted(request), codes=_codes(), models=_models())
    if request.method == "POST" and form.is_valid():
        made = composing.start(document=_beginning(form.cleaned_data))
        return redirect("backoffice:sketch", made.pk)
    return render_screen(
        request,
        "backoffice/tariff_new.html",
        {"form": form},
        title=_("Composer un tarif"),
        icon="table",
        trail=_trail(),
    )


def _beginning(said: Mapping[str, Any]) -> sketch.Document:
    code = said["code"] or sketch.slug(said["name"]) or "tarif"
    if not said["model"]:
        service = TariffVersion.objects.filter(code=code).values_list("service", flat=True).first() or code
        return sketch.blank(
            name=said["name"], code=code, service=service, unit=said["unit"], on=said["valid_from"]
        )
    if said["model"] in {file.stem for file in SHIPPED.glob("*.json")}:
        made = sketch.following(shipped(said["model"]), on=said["valid_from"], foreign=True)
        made["service"] = code
    else:
        version = get_object_or_404(TariffVersion, pk=said["model"])
        made = sketch.following(version.document, on=said["valid_from"])
    return made | {"name": said["name"], "code": code}


@composer
@require_POST
def take_up(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Go on with a draft; of a published version, old or not, make a new one that begins today."""
    version = get_object_or_404(TariffVersion, pk=version_id)
    made = composing.take_up(version=version, on=clock.today())
    return redirect("backoffice:sketch", made.pk)


# What is composed so far


def _shown(document: Mapping[str, Any]) -> dict[str, Any]:
    """The grid of what already stands, and what deserves a look."""
    known = sketch.provisional(document)
    tariff = known.tariff if any(part.get("steps") for part in document["components"]) else None
    return {
        "grid": grid(tariff) if tariff else None,
        "warnings": [
            sketch.located(document, problem) for problem in known.warnings if problem.path != "decision"
        ]
        + ([above] if tariff and (above := review.above_cost(tariff)) else []),
    }


def _days(document: Mapping[str, Any]) -> dict[str, date | None]:
    texts = {
        "first_day": document["validity"]["from"],
        "last_day": document["validity"]["to"],
        "decided": document["decision"] and document["decision"]["date"],
    }
    return {name: date.fromisoformat(text) if text else None for name, text in texts.items()}


@composer
def overview(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """The whole tariff in words, its grid, its examples with their result, and what it still lacks."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    document = made.document
    lacking = sketch.lacking(document)
    tariff = None if lacking else examine(document).tariff
    results = run_examples(tariff) if tariff else ()
    return render_screen(
        request,
        "backoffice/tariff_sketch.html",
        {
            "sketch": made,
            "document": document,
            **_days(document),
            "parts": sketch.said_parts(document),
            "facts": sketch.own_facts(document),
            "lacking": lacking,
            "results": results,
            "failed": sum(1 for result in results if result.failure),
            "kinds": [(code, *words) for code, words in sketch.KINDS.items()],
            **_shown(document),
        },
        title=str(made),
        icon="table",
        trail=_trail(),
    )


@composer
@require_POST
def finish(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """The sketch becomes a draft, which may be tried, compared and published."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    try:
        version = composing.finish(sketch_id=made.pk, revision=made.revision, actor=request.user)
    except FrozenTariffError:
        messages.error(
            request, _("Un tarif de ce code est déjà publié à cette date : changez la date de début.")
        )
    except InvalidTariffError as error:
        messages.error(
            request, " ".join(sketch.located(made.document, problem) for problem in error.problems)
        )
    else:
        messages.success(request, _("Le brouillon est enregistré. Relisez-le, puis publiez-le."))
        return redirect("backoffice:tariff", version.pk)
    return redirect("backoffice:sketch", made.pk)


@composer
def abandon(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """Throw a sketch away; the draft or the version that it came from stays."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    if request.method == "POST":
        made.delete()
        messages.success(request, _("Ce travail est abandonné."))
        return redirect("backoffice:tariffs")
    return render_screen(
        request,
        "backoffice/confirm.html",
        {
            "message": _(
                "Ce que vous avez composé ici sera perdu. Les tarifs enregistrés restent comme ils sont."
            ),
            "submit": _("Abandonner ce travail"),
            "cancel_url": reverse("backoffice:sketch", args=[made.pk]),
            "danger": True,
        },
        title=_("Abandonner"),
        icon="bin",
        trail=_trail(made),
    )


# One form at a time


def _keep(request: HttpRequest, made: TariffSketch, form: SketchForm, document: Mapping[str, Any]) -> bool:
    """Write what a form says, unless somebody else wrote in the meantime; then the form says it."""
    try:
        composing.write(sketch_id=made.pk, revision=form.cleaned_data["revision"], document=document)
    except composing.Overtaken:
        form.add_error(
            None,
            _("Quelqu’un a changé ce tarif en même temps. Ouvrez-le dans un autre onglet pour comparer."),
        )
        return False
    return True


def _form_screen(
    request: HttpRequest, made: TariffSketch, form: SketchForm, template: str, title: str, **more: Any
) -> HttpResponse:
    data = {"form": form, "sketch": made, "cancel_url": reverse("backoffice:sketch", args=[made.pk]), **more}
    return render_screen(request, template, data, title=title, icon="table", trail=_trail(made))


@composer
def general(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """Name, dates, decision with its text, cost, rounding, ranks."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    initial = {**GeneralForm.initial_of(made.document), "revision": made.revision}
    form = GeneralForm(_posted(request), request.FILES or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and _keep(request, made, form, form.changed(made.document))
    ):
        said = form.cleaned_data
        if said["decision_file"]:
            composing.keep_decision(
                number=said["decision_number"],
                on=said["decision_date"],
                content=said["decision_file"].read(),
                actor=request.user,
            )
        return redirect("backoffice:sketch", made.pk)
    return _form_screen(
        request, made, form, "backoffice/tariff_general.html", _("Le tarif et sa délibération")
    )


@composer
def facts(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """The facts that this tariff declares beside those of all."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    form = FactsForm(_posted(request), document=made.document, initial={"revision": made.revision})
    if (
        request.method == "POST"
        and form.is_valid()
        and _keep(request, made, form, form.changed(made.document))
    ):
        return redirect("backoffice:sketch", made.pk)
    return _form_screen(request, made, form, "backoffice/tariff_facts.html", _("Critères de ce tarif"))


@composer
def derived(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """Measures that this tariff computes: a municipal quotient."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    form = DerivedForm(_posted(request), document=made.document, initial={"revision": made.revision})
    if (
        request.method == "POST"
        and form.is_valid()
        and _keep(request, made, form, form.changed(made.document))
    ):
        return redirect("backoffice:sketch", made.pk)
    return _form_screen(request, made, form, "backoffice/tariff_derived.html", _("Mesures calculées"))


@composer
def examples(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """Cases worked out by hand: the tariff must give their price to be published."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    form = ExamplesForm(_posted(request), document=made.document, initial={"revision": made.revision})
    if (
        request.method == "POST"
        and form.is_valid()
        and _keep(request, made, form, form.changed(made.document))
    ):
        return redirect("backoffice:sketch", made.pk)
    return _form_screen(request, made, form, "backoffice/tariff_examples.html", _("Exemples du tarif"))


def _with(items: list[Any], index: int, item: Any) -> list[Any]:
    return [*items[:index], item, *items[index + 1 :]]


@composer
def part(request: HttpRequest, sketch_id: UUID, part: int | None = None) -> HttpResponse:
    """One line of the invoice; a new one leads to its first step."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    parts = made.document["components"]
    if part is not None and part >= len(parts):
        raise Http404
    known = parts[part] if part is not None else {}
    form = PartForm(_posted(request), document=made.document, part=known, initial={"revision": made.revision})
    index = len(parts) if part is None else part
    if request.method == "POST" and form.is_valid():
        changed = {**made.document, "components": _with(parts, index, form.made)}
        if _keep(request, made, form, changed):
            return redirect(f"{reverse('backoffice:sketch', args=[made.pk])}#element-{index + 1}")
    title = _("Nouvel élément du prix") if part is None else known["label"]
    return _form_screen(request, made, form, "backoffice/tariff_part.html", title)


@composer
def step(request: HttpRequest, sketch_id: UUID, part: int, chain: str, step: str) -> HttpResponse:
    """One step: `step` is its rank, or the kind of a new one. The button `preview` shows the grid it would give."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    parts = made.document["components"]
    if part >= len(parts) or chain not in sketch.CHAINS:
        raise Http404
    steps = parts[part].get(chain, [])
    index = int(step) if step.isdigit() and len(step) < 4 else len(steps)
    if step not in STEP_KINDS and index >= len(steps):
        raise Http404
    known = steps[index] if index < len(steps) else None
    kind = known["kind"] if known else step
    facts = sketch.declared(made.document)
    form = step_form(
        kind, data=_posted(request), facts=facts, step=known, initial={"revision": made.revision}
    )
    document = made.document
    if request.method == "POST" and form.is_valid():
        changed = {**parts[part], chain: _with(steps, index, form.made)}
        document = {**document, "components": _with(parts, part, changed)}
        if "preview" not in request.POST and _keep(request, made, form, document):
            return redirect(f"{reverse('backoffice:sketch', args=[made.pk])}#element-{part + 1}")
    title, help_text = sketch.KINDS[kind]
    table = "backoffice/tariff_table.html" if isinstance(form, TableForm) else "backoffice/tariff_step.html"
    return _form_screen(
        request, made, form, table, title, help=help_text, part=parts[part], **_shown(document)
    )


MOVES = ("monter", "descendre", "retirer")


@composer
@require_POST
def move(request: HttpRequest, sketch_id: UUID) -> HttpResponse:
    """Put a part or a step before its neighbour, after it, or take it away."""
    made = get_object_or_404(TariffSketch, pk=sketch_id)
    place, act = request.POST.get("place", ""), request.POST.get("act", "")
    names = place.split("-")
    parts = list(made.document["components"])
    try:
        if act not in MOVES or len(names) not in (1, 3):
            raise ValueError(place)
        at = int(names[0])
        if len(names) == 1:
            parts = _moved(parts, at, act)
        else:
            chain = names[1]
            if chain not in sketch.CHAINS:
                raise ValueError(chain)
            parts[at] = {**parts[at], chain: _moved(parts[at].get(chain, []), int(names[2]), act)}
            if chain == "then" and not parts[at]["then"]:
                del parts[at]["then"]
    except (ValueError, IndexError):
        raise Http404 from None
    revision = request.POST.get("revision", "")
    try:
        composing.write(
            sketch_id=made.pk,
            revision=int(revision) if revision.isdigit() else -1,
            document={**made.document, "components": parts},
        )
    except composing.Overtaken:
        messages.error(
            request, _("Quelqu’un a changé ce tarif en même temps : regardez ce qu’il est devenu.")
        )
    return redirect("backoffice:sketch", made.pk)


def _moved(items: list[Any], at: int, act: str) -> list[Any]:
    if not 0 <= at < len(items):
        raise IndexError(at)
    rest = [*items[:at], *items[at + 1 :]]
    if act == "retirer":
        return rest
    rest.insert(max(0, at + (1 if act == "descendre" else -1)), items[at])
    return rest


@agent(VIEW)
@require_safe
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponseBase:
    """The text of a council decision, for agents who read tariffs."""
    kept = get_object_or_404(DecisionFile, pk=decision_id)
    name = f"deliberation-{sketch.slug(kept.number) or kept.pk}.pdf"
    return FileResponse(
        kept.file.open("rb"), filename=name, content_type="application/pdf", as_attachment=True
    )


routes = [
    path("tarifs/composer/", new, name="new_tariff"),
    path("tarifs/<uuid:version_id>/reprendre/", take_up, name="take_up_tariff"),
    path("tarifs/composer/<uuid:sketch_id>/", overview, name="sketch"),
    path("tarifs/composer/<uuid:sketch_id>/general/", general, name="sketch_general"),
    path("tarifs/composer/<uuid:sketch_id>/criteres/", facts, name="sketch_facts"),
    path("tarifs/composer/<uuid:sketch_id>/mesures/", derived, name="sketch_derived"),
    path("tarifs/composer/<uuid:sketch_id>/exemples/", examples, name="sketch_examples"),
    path("tarifs/composer/<uuid:sketch_id>/elements/nouveau/", part, name="sketch_new_part"),
    path("tarifs/composer/<uuid:sketch_id>/elements/<int:part>/", part, name="sketch_part"),
    path(
        "tarifs/composer/<uuid:sketch_id>/elements/<int:part>/<slug:chain>/<slug:step>/",
        step,
        name="sketch_step",
    ),
    path("tarifs/composer/<uuid:sketch_id>/deplacer/", move, name="sketch_move"),
    path("tarifs/composer/<uuid:sketch_id>/enregistrer/", finish, name="sketch_finish"),
    path("tarifs/composer/<uuid:sketch_id>/abandonner/", abandon, name="sketch_abandon"),
    path("tarifs/deliberations/<uuid:decision_id>/", decision, name="decision_file"),
]
