"""The appearance of the town: its form, and what it would look like before it is written."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.backoffice.frames import framed_here
from core.backoffice.screens import render_screen
from core.backoffice.settings_forms import SheetForm
from core.backoffice.views_settings import PERMISSION, history, index_url, save, sheet_form
from core.contracts.navigation import MenuItem
from core.kernel.access import agent
from core.ui import appearance, palette
from core.ui.palette import Colours, Judged

COLOURS = ("brand", "brand_dark", "sun")
SHOWN = ("name", "motto", *COLOURS)


@agent(PERMISSION)
def edit(request: HttpRequest) -> HttpResponse:
    """Name, motto, colours. « Voir » shows them without writing; a colour that nobody could read is refused."""
    form = sheet_form(request, appearance.sheet())
    looks = request.method == "POST" and "voir" in request.POST
    if request.method == "POST" and form.is_valid() and not looks and save(request, form):
        return redirect("backoffice:appearance")
    chosen = _chosen(form)
    data = {
        "form": form,
        "looks": looks,
        "rows": pairs(appearance.colours_of(chosen)),
        "preview": f"{reverse('backoffice:appearance_preview')}?{urlencode(chosen)}",
        **history(request, appearance.KEY),
    }
    return render_screen(
        request,
        "backoffice/appearance.html",
        data,
        title=_("Apparence"),
        icon="view",
        trail=[(_("Réglages"), index_url())],
    )


def _chosen(form: SheetForm) -> dict[str, str]:
    """What the form says, readable or not; in force where a value is no colour at all."""
    values = dict(form.sheet.values())
    typed = form.document() if form.is_bound and hasattr(form, "cleaned_data") else {}
    raw = {name: form.data.get(name, "") for name in COLOURS} if form.is_bound else {}
    fields = {field.name: field for field in form.sheet.schema}
    said = {**typed, **{name: text.lower() for name, text in raw.items()}}
    return {name: said[name] if fields[name].fits(said.get(name)) else values[name] for name in SHOWN}


def pairs(colours: Colours) -> list[dict[str, object]]:
    """One line for each kind of thing that one reads: its least readable pair by day, and by night."""
    worst = palette.least_readable(palette.judge(colours), by=lambda pair: (pair.front, pair.mode))
    fronts = dict.fromkeys(front for front, _mode in worst)
    return [{"cells": [_cell(worst[front, mode]) for mode in palette.MODES]} for front in fronts]


def _cell(pair: Judged) -> dict[str, object]:
    return {
        "words": appearance.words(pair),
        "front": pair.colours[0],
        "back": pair.colours[1],
        "ratio": appearance.decimal(pair.ratio, down=True),
        "least": appearance.decimal(pair.least),
        "is_readable": pair.is_readable,
    }


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address asks to see; in force where it makes no sense."""
    sheet = appearance.sheet()
    values = sheet.values()
    return {
        field.name: request.GET[field.name] if field.fits(request.GET.get(field.name)) else values[field.name]
        for field in sheet.schema
    }


@agent(PERMISSION)
@framed_here
def preview(request: HttpRequest) -> HttpResponse:
    """A page of the town as the address asks, to be shown in a frame."""
    asked = _asked(request)
    colours = urlencode({name: asked[name] for name in COLOURS})
    menu = [MenuItem(label=label, url="#") for label in (_("Actualités"), _("Documents"))]
    data = {
        "commune": appearance.Commune(asked["name"], asked["motto"]),
        "theme": "dark" if request.GET.get("theme") == "dark" else "light",
        "theme_url": f"{reverse('backoffice:appearance_css')}?{colours}",
        "site_menu": menu,
        "footer_links": [],
        "footer_contacts": [],
    }
    return render(request, "backoffice/appearance_preview.html", data)


@agent(PERMISSION)
def style_sheet(request: HttpRequest) -> HttpResponse:
    """The style sheet of the colours of the address."""
    text = palette.style_sheet(appearance.colours_of(_asked(request)))
    return HttpResponse(text, content_type="text/css; charset=utf-8")
