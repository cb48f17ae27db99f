"""Settings in the hands of agents: a form for each sheet, its history, and one file that carries several."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.backoffice.screens import render_screen
from core.backoffice.settings_forms import AFTER, NOTE, BundleForm, SheetForm
from core.contracts.money import Money
from core.contracts.settings import Choice, Date, Euros, Field, is_empty, problem
from core.kernel import clock, configuration, discovery, documents, settings
from core.kernel.access import agent
from core.kernel.configuration import Overtaken, Refused
from core.kernel.documents import ABSENT, Difference
from core.kernel.models import ConfigurationVersion
from core.kernel.settings import Sheet
from core.notifications import wording
from core.ui import appearance
from core.ui.formats import day

PERMISSION = "kernel.change_pluginstate"
PAGE_SIZE = 20


# Words ---------------------------------------------------------------------------------------------------------------


def shown(value: Any, field: Field | None = None) -> str:
    """A stored value as one reads it: « oui », « 2,40 € », « jeudi 3 décembre 2026 », — for none."""
    if value is ABSENT or is_empty(value):
        return "—"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if field is None or problem(field, value):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if isinstance(field, Choice):
        return dict(field.choices)[value]
    if isinstance(field, Euros):
        return str(Money.of(value))
    if isinstance(field, Date):
        return day(date.fromisoformat(value), year=True)
    return str(value)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference in words."""

    label: str
    before: str
    after: str


def lines(subject: Any, differences: list[Difference]) -> list[Line]:
    """Differences with the labels of the sheet; a document without a schema speaks by its own names."""
    fields: Mapping[Any, Field] = (
        {field.name: field for field in subject.schema} if isinstance(subject, Sheet) else {}
    )
    found = []
    for change in differences:
        field = fields.get(change.path[0]) if len(change.path) == 1 else None
        label = field.label if field else change.where
        found.append(Line(label, shown(change.before, field), shown(change.after, field)))
    return found


def address_of(key: str) -> str:
    """Where a key is edited."""
    if key == appearance.KEY:
        return reverse("backoffice:appearance")
    if key.startswith(wording.PREFIX):
        return reverse("backoffice:wording", args=[key.removeprefix(wording.PREFIX)])
    slug, _dot, kind = key.rpartition(".")
    return reverse("backoffice:settings", args=[slug]) if kind == "settings" else index_url()


def index_url() -> str:
    return reverse("backoffice:configuration")


def _title(key: str, label: str) -> str:
    return label if key == appearance.KEY else _("Réglages : %(name)s") % {"name": label}


# One sheet -----------------------------------------------------------------------------------------------------------


@agent(PERMISSION)
def module_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Settings of a plugin, on or off, or of a room of core."""
    try:
        sheet = settings.sheet(slug)
    except LookupError as error:
        raise Http404 from error
    if not sheet.schema:
        raise Http404
    form = sheet_form(request, sheet)
    if request.method == "POST" and form.is_valid() and save(request, form):
        return redirect(address_of(sheet.key))
    return render_screen(
        request,
        "backoffice/settings.html",
        {"form": form, **history(request, sheet.key)},
        title=_title(sheet.key, sheet.label),
        icon="sliders",
        trail=_above(slug),
    )


def _above(slug: str) -> list[tuple[str, str]]:
    """Where the settings of a plugin are reached from, or those of a room of core."""
    if any(plugin.slug == slug for plugin in discovery.installed().plugins):
        return [(_("Modules"), reverse("backoffice:modules"))]
    return [(_("Réglages"), index_url())]


def sheet_form(request: HttpRequest, sheet: Sheet) -> SheetForm:
    data = request.POST if request.method == "POST" else None
    return SheetForm(sheet, configuration.last_number(sheet.key), data)


def save(request: HttpRequest, form: SheetForm) -> bool:
    """Write what the form says and tell it; False, with the reason on the form, when somebody else just did."""
    sheet, document = form.sheet, form.document()
    standing = configuration.current(sheet.key, today=clock.today())
    if standing and not configuration.compare(standing.document, document):
        messages.info(request, _("Rien n’a changé : aucune version n’a été ajoutée."))
        return True
    try:
        version = configuration.record(
            key=sheet.key,
            document=document,
            after=form.cleaned_data[AFTER],
            author=request.user.get_username(),
            at=clock.now(),
            note=form.cleaned_data[NOTE],
        )
    except Refused as error:
        form.add_error(None, list(error.reasons))
        if isinstance(error, Overtaken):
            form.catch_up(configuration.last_number(sheet.key))
        return False
    messages.success(
        request, _("C’est enregistré (version %(number)s) et déjà en service.") % {"number": version.number}
    )
    return True


def history(request: HttpRequest, key: str) -> dict[str, Any]:
    """What the list of versions needs. Two statements, three beyond a page."""
    standing = configuration.current(key, today=clock.today())
    page = Paginator(configuration.history(key), PAGE_SIZE).get_page(request.GET.get("page"))
    return {"key": key, "page": page, "standing": standing.number if standing else 0, "today": clock.today()}


# One version ---------------------------------------------------------------------------------------------------------


def _version(key: str, number: int) -> tuple[configuration.Subject, ConfigurationVersion]:
    subject = configuration.subjects().get(key)
    found = configuration.history(key).filter(number=number).first() if subject else None
    if subject is None or found is None:
        raise Http404
    return subject, found


def _trail(subject: configuration.Subject) -> list[tuple[str, str]]:
    return [
        (_("Réglages"), index_url()),
        (_title(subject.key, subject.label), address_of(subject.key)),
    ]


@agent(PERMISSION)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version compared with another: the one before unless the address says which."""
    subject, found = _version(key, number)
    numbers = list(configuration.history(key).exclude(number=number).values_list("number", flat=True))
    asked = request.GET.get("avec", "")
    other = int(asked) if asked.isdecimal() and int(asked) in numbers else number - 1
    before = configuration.history(key).filter(number=other).first()
    differences = configuration.compare(before.document if before else {}, found.document)
    standing = configuration.current(key, today=clock.today())
    data = {
        "version": found,
        "before": before,
        "numbers": numbers,
        "lines": lines(subject, differences),
        "is_standing": standing == found,
        "restore_url": reverse("backoffice:restore", args=[key, number]),
    }
    title = _("Version %(number)s") % {"number": number}
    return render_screen(
        request, "backoffice/version.html", data, title=title, icon="history", trail=_trail(subject)
    )


@agent(PERMISSION)
def restore(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Ask, then write an old version again."""
    subject, found = _version(key, number)
    if request.method == "POST":
        try:
            again = configuration.restore(version=found, author=request.user.get_username(), at=clock.now())
        except Refused as error:
            messages.error(request, " ".join(error.reasons))
        else:
            words = {"number": number, "again": again.number}
            messages.success(request, _("La version %(number)s est rétablie (version %(again)s).") % words)
        return redirect(address_of(key))
    standing = configuration.current(key, today=clock.today())
    changes = lines(subject, configuration.compare(standing.document if standing else {}, found.document))
    data = {
        "message": _("Les réglages reviennent à ceux de la version %(number)s. L’historique reste entier.")
        % {"number": number},
        "details": [f"{line.label} : {line.before} → {line.after}" for line in changes],
        "submit": _("Rétablir la version %(number)s") % {"number": number},
        "cancel_url": reverse("backoffice:version", args=[key, number]),
    }
    title = _("Rétablir la version %(number)s ?") % {"number": number}
    return render_screen(
        request, "backoffice/confirm.html", data, title=title, icon="history", trail=_trail(subject)
    )


# One file ------------------------------------------------------------------------------------------------------------


@agent(PERMISSION)
def index(request: HttpRequest) -> HttpResponse:
    """Everything that may be configured; a POST reads a file and shows what it would change."""
    form = (
        BundleForm(request.POST or None, request.FILES or None) if request.method == "POST" else BundleForm()
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _plan(request, form.cleaned_data["bundle"])
        except Refused as error:
            form.add_error("bundle", list(error.reasons))
    known = configuration.subjects()
    standing = configuration.in_force(known, today=clock.today())
    rows = [
        {"subject": subject, "url": address_of(key), "version": standing.get(key)}
        for key, subject in known.items()
    ]
    data = {"rows": rows, "form": form, "any": bool(standing)}
    return render_screen(request, "backoffice/configuration.html", data, title=_("Réglages"), icon="sliders")


@agent(PERMISSION)
def export(request: HttpRequest) -> HttpResponse:
    """The documents in force of the keys of the address (`cle`, repeated), as one file."""
    today = clock.today()
    try:
        bundle = configuration.export_bundle(request.GET.getlist("cle"), today=today)
    except Refused as error:
        raise Http404 from error
    if not bundle["entries"]:
        messages.warning(
            request, _("Rien à exporter : choisissez des réglages qui ont déjà été enregistrés.")
        )
        return redirect(index_url())
    response = HttpResponse(documents.write(bundle), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="parvis-reglages-{today}.json"'
    return response


def _plan(request: HttpRequest, text: str) -> HttpResponse:
    """What a file would change, before anything is written. Raises Refused."""
    known = configuration.subjects()
    plan = _import(request, text, dry_run=True)
    changes = [(change, lines(known[change.key], change.differences)) for change in plan]
    data = {"changes": changes, "bundle": text, "any": any(change.differences for change in plan)}
    return render_screen(
        request,
        "backoffice/import.html",
        data,
        title=_("Reprendre un fichier"),
        icon="upload",
        trail=[(_("Réglages"), index_url())],
    )


def _import(request: HttpRequest, text: str, *, dry_run: bool) -> list[configuration.Change]:
    try:
        bundle = documents.read(text)
    except documents.BundleRefused as error:
        raise Refused(*error.reasons) from error
    return configuration.import_bundle(
        bundle, author=request.user.get_username(), at=clock.now(), today=clock.today(), dry_run=dry_run
    )


@agent(PERMISSION)
def import_settings(request: HttpRequest) -> HttpResponse:
    """Write what the file brings, once its changes were read."""
    if request.method != "POST":
        return redirect(index_url())
    try:
        changes = [
            change
            for change in _import(request, request.POST.get("bundle", ""), dry_run=False)
            if change.differences
        ]
    except Refused as error:
        messages.error(request, " ".join(error.reasons))
    else:
        labels = ", ".join(change.label for change in changes)
        messages.success(
            request, _("Le fichier est repris : %(labels)s.") % {"labels": labels or _("aucun changement")}
        )
    return redirect(index_url())
