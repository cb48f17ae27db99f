"""Agents bring households from a file, and take the list of families away."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.accounts.roles import everywhere_rule
from core.backoffice.exports import XLSX, csv_lines, xlsx_book
from core.backoffice.progress import progress_answer
from core.backoffice.screens import render_screen
from core.families import tasks
from core.families.files import template_rows
from core.families.imports import BY_KEY, SHEETS, Unreadable
from core.families.models import FamilyImport
from core.families.services import importing
from core.kernel import clock
from core.kernel.access import rule

whole_town = rule(everywhere_rule("families.add_familyimport"))
"""A file brings families of the whole town."""
PAGE_SIZE = 50
SHOWN = 20


class UploadForm(forms.Form):
    """A file of households."""

    file = forms.FileField(
        label=gettext_lazy("Fichier CSV ou XLSX"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=gettext_lazy("Rien n’est enregistré avant que vous ayez lu ce que le fichier ajoute."),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
    )

    def clean_file(self) -> UploadedFile:
        found: UploadedFile = self.cleaned_data["file"]
        if not str(found.name).lower().endswith((".csv", ".xlsx")):
            raise forms.ValidationError(_("Choisissez un fichier CSV ou XLSX."))
        if (found.size or 0) > importing.MOST_BYTES:
            raise forms.ValidationError(_("Ce fichier est trop gros : coupez-le en plusieurs."))
        return found


def _trail(*, inside: bool) -> list[tuple[str, str]]:
    steps = [(_("Familles"), reverse("backoffice:families"))]
    return [*steps, (_("Importer des familles"), reverse("backoffice:imports"))] if inside else steps


@whole_town
def imports(request: HttpRequest) -> HttpResponse:
    """The form, the templates, and the last files."""
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            work = importing.receive(name=file.name, content=file.read(), actor=request.user, now=clock.now())
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            tasks.read_import.enqueue(str(work.pk))
            return redirect("backoffice:import", work.pk)
    known = FamilyImport.objects.defer("content", "report").select_related("made_by")[:SHOWN]
    return render_screen(
        request,
        "backoffice/imports.html",
        {"form": form, "imports": known, "sheets": [_described(sheet.key) for sheet in SHEETS]},
        title=_("Importer des familles"),
        icon="upload",
        trail=_trail(inside=False),
    )


def _described(key: str) -> dict[str, Any]:
    sheet = BY_KEY[key]
    return {
        "key": key,
        "title": sheet.title,
        "required": [str(one.head) for one in sheet.fields if one.required],
        "optional": [str(one.head) for one in sheet.fields if not one.required],
    }


def _found(import_id: UUID) -> FamilyImport:
    return get_object_or_404(FamilyImport.objects.defer("content"), pk=import_id)


@whole_town
def one_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far it is, then what the file adds and each bad line with its reason."""
    work = _found(import_id)
    report: Mapping[str, Any] = work.report
    page = Paginator(report.get("problems", []), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [(BY_KEY[sheet].title, line, reason) for sheet, line, reason in page.object_list]
    adds = [(BY_KEY[key].title, count) for key, count in report.get("adds", {}).items()]
    working = work.state in FamilyImport.WORKING
    data = {
        "work": work,
        "working": working,
        "stuck": working and clock.now() - work.moved_at > importing.STUCK,
        "page": page,
        "bad": page.paginator.count,
        "adds": adds,
        "any": any(count for _title, count in adds),
        "waits": work.state == FamilyImport.State.READ,
    }
    return render_screen(
        request,
        "backoffice/import_report.html",
        data,
        title=work.name,
        icon="upload",
        trail=_trail(inside=True),
    )


@whole_town
def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far it is, for the script of its page. Writing is one transaction: it has no steps to be seen."""
    work = _found(import_id)
    reading = work.state == FamilyImport.State.READING
    return progress_answer(
        done=work.done if reading else 0,
        total=work.total if reading else 0,
        working=work.state in FamilyImport.WORKING,
    )


@whole_town
@require_POST
def confirm(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Write what was shown."""
    work = _found(import_id)
    try:
        importing.start_writing(import_id=work.pk, now=clock.now())
    except importing.ImportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        tasks.write_import.enqueue(str(work.pk))
    return redirect("backoffice:import", work.pk)


@whole_town
@require_POST
def take_back(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Give up work whose process is gone."""
    work = _found(import_id)
    try:
        importing.take_back(import_id=work.pk, now=clock.now())
    except importing.ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:import", work.pk)


@whole_town
def bad_lines(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The bad lines and their reasons, to correct the file with."""
    work = _found(import_id)
    lines = [
        [str(BY_KEY[sheet].title), line, reason] for sheet, line, reason in work.report.get("problems", [])
    ]
    return StreamingHttpResponse(
        csv_lines([_("Feuille"), _("Ligne"), _("Ce qui ne va pas")], lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="lignes-a-corriger.csv"'},
    )


@whole_town
def template(request: HttpRequest) -> HttpResponseBase:
    """A book with the three sheets, each with its heads and a line as an example."""
    sheets = [(str(sheet.title), *_one_row(sheet.key)) for sheet in SHEETS]
    return FileResponse(
        xlsx_book(sheets), as_attachment=True, filename="modele-familles.xlsx", content_type=XLSX
    )


@whole_town
def template_csv(request: HttpRequest, sheet: str) -> HttpResponseBase:
    """One sheet of the same."""
    if sheet not in BY_KEY:
        raise Http404
    return StreamingHttpResponse(
        csv_lines(*_one_row(sheet)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="modele-{sheet}.csv"'},
    )


def _one_row(key: str) -> tuple[list[str], list[list[Any]]]:
    heads, example = template_rows(key)
    return heads, [list(example)]


routes = [
    path("imports/familles/", imports, name="imports"),
    path("imports/familles/modele.xlsx", template, name="import_template"),
    path("imports/familles/modele-<slug:sheet>.csv", template_csv, name="import_template_csv"),
    path("imports/familles/<uuid:import_id>/", one_import, name="import"),
    path("imports/familles/<uuid:import_id>/avancement/", progress, name="import_progress"),
    path("imports/familles/<uuid:import_id>/confirmer/", confirm, name="import_confirm"),
    path("imports/familles/<uuid:import_id>/abandonner/", take_back, name="import_take_back"),
    path("imports/familles/<uuid:import_id>/lignes.csv", bad_lines, name="import_bad_lines"),
]
