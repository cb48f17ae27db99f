"""Template tags and filters of Parvis: `{% load ui %}`. Each is shown in `ui/showcase.html`."""

import datetime as dt
import json
import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

from django import forms, template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.contracts.money import Money
from core.kernel import state
from core.kernel.discovery import strict
from core.ui import formats
from core.ui.apps import BUILD

register = template.Library()
logger = logging.getLogger(__name__)


class Tone(NamedTuple):
    """A state as shown: its word, its icon. Never a colour alone."""

    name: str
    word: str
    icon: str


TONES = {
    tone.name: tone
    for tone in (
        Tone("info", "À savoir.", "info-circle-fill"),
        Tone("success", "C’est fait.", "check-circle-fill"),
        Tone("attention", "Attention.", "exclamation-triangle-fill"),
        Tone("error", "Erreur.", "x-octagon-fill"),
        Tone("neutral", "", "circle"),
    )
}
# The names that Django's messages and Bootstrap use.
TONES |= {"warning": TONES["attention"], "danger": TONES["error"], "debug": TONES["info"], "": TONES["info"]}


# Icons ---------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _drawings() -> dict[str, str]:
    path = BUILD / "icons.json"
    if not path.exists():
        return {}  # check ui.W001 says it; a word stands beside each icon
    return json.loads(path.read_text(encoding="utf-8"))


def _icon(name: str, css: str = "") -> SafeString:
    drawing = _drawings().get(name)
    if drawing is None:
        if _drawings() and (settings.DEBUG or strict()):
            raise template.TemplateSyntaxError(f"« {name} » is no icon of bootstrap-icons")
        return SafeString("")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{}</svg>',
        f" {css}" if css else "",
        mark_safe(drawing),  # noqa: S308 our own built file
    )


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "calendar-event" %}`: a drawing of bootstrap-icons, always beside a word."""
    return _icon(name, css) if name else SafeString("")


# Filters -------------------------------------------------------------------------------------------------------------


def _local(value: Any) -> Any:
    """An aware moment as the clock of the commune shows it."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def jour(value: dt.date | None) -> str:
    """`{{ date|jour }}` → « jeudi 3 décembre »."""
    return formats.day(_local(value)) if value else ""


@register.filter
def jour_annee(value: dt.date | None) -> str:
    """`{{ date|jour_annee }}` → « jeudi 3 décembre 2026 »."""
    return formats.day(_local(value), year=True) if value else ""


@register.filter
def mois(value: dt.date | None) -> str:
    """`{{ date|mois }}` → « décembre 2026 »."""
    return formats.month(_local(value)) if value else ""


@register.filter
def heure(value: dt.time | dt.datetime | None) -> str:
    """`{{ time|heure }}` → « 9 h », « 13 h 30 »."""
    return formats.hour(_local(value)) if value is not None else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """`{{ datetime|moment }}` → « jeudi 3 décembre, 9 h »."""
    if not value:
        return ""
    local = _local(value)
    return f"{formats.day(local)}, {formats.hour(local)}"


@register.filter
def euros(value: Money | int | None) -> str:
    """`{{ money|euros }}` or `{{ cents|euros }}` → « 1 234,50 € »."""
    return "" if value is None else formats.euros(value)


@register.filter
def taille(value: int | None) -> str:
    """`{{ bytes|taille }}` → « 180 Ko », « 2,4 Mo »."""
    return "" if value is None else formats.size(value)


# Small components ----------------------------------------------------------------------------------------------------


@register.simple_tag
def amount(value: Money | int | None, css: str = "") -> SafeString:
    """`{% amount invoice.total %}`: tabular, never cut at a line's end; `css="amount-large"` for the one of a page."""
    if value is None:
        return SafeString("")
    return format_html('<span class="amount{}">{}</span>', f" {css}" if css else "", formats.euros(value))


@register.simple_tag
def status(tone: str, word: str, icon: str = "") -> SafeString:
    """`{% status "success" "Payée" %}`: tones info, success, attention, error, neutral; the icon follows the tone."""
    found = TONES[tone]
    return format_html(
        '<span class="status tone-{}">{}{}</span>', found.name, _icon(icon or found.icon), word
    )


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str | None = None, role: str = "") -> SafeString:
    """`{% alert "attention" title="…" %}…{% endalert %}`: icon, word, sentence; without title, the word of the tone."""
    found = TONES[tone]
    return format_html(
        '<div class="alert tone-{}"{}>{}<div><strong class="alert-word">{}</strong> {}</div></div>',
        found.name,
        format_html(' role="{}"', role) if role else "",
        _icon(found.icon),
        found.word if title is None else title,
        content,
    )


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, css: str = "") -> SafeString:
    """`{% card title="…" %}…{% endcard %}`: a thing among others, on its own surface."""
    heading = format_html('<h{0} class="card-title">{1}</h{0}>', level, title) if title else ""
    return format_html(
        '<section class="card{}"><div class="card-body">{}{}</div></section>',
        f" {css}" if css else "",
        heading,
        content,
    )


@register.simple_block_tag
def panel(content: str, title: str, more_label: str = "", more_url: str = "", level: int = 2) -> SafeString:
    """`{% panel title="…" more_label="…" more_url="…" %}…{% endpanel %}`: a titled part of a page, without a box."""
    more = format_html('<a class="panel-more" href="{}">{}</a>', more_url, more_label) if more_url else ""
    return format_html(
        '<section class="panel"><div class="panel-head"><h{0}>{1}</h{0}>{2}</div>{3}</section>',
        level, title, more, content,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def panel_body(context: Context, shown: Any) -> str:
    """Body of a `Panel` of a plugin. One that fails to render is logged and told to agents; the page lives."""
    request = context.get("request")
    try:
        return render_to_string(shown.template, {**shown.context, "panel": shown}, request)
    except Exception:
        if settings.DEBUG:
            raise
        logger.exception("panel %s failed to render", shown.template)
        state.record(state.Failure(shown.template.split("/")[0], "panel"))
        return render_to_string("ui/panel_failed.html", {"panel": shown}, request)


@register.filter
def failed_slugs(failures: Iterable[state.Failure]) -> str:
    """Names of the plugins that failed on this page, for agents: « actualites, enfance »."""
    return ", ".join(sorted({failure.slug for failure in failures}))


# Where one is --------------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    label: str
    url: str
    icon: str = ""
    current: bool = False


@register.simple_tag(takes_context=True)
def menu_entries(context: Context, items: Iterable[Any] | None) -> list[Entry]:
    """The items of a menu, the one that leads here marked: the longest address that starts the page's."""
    entries = list(items or ())
    request = context.get("request")
    path = request.path if request else ""
    known = [item.url for item in entries if getattr(item, "current", False)]
    if not known:
        # The root of a space starts everything below it: it is current only on itself.
        root = min((item.url for item in entries), key=len, default="")
        known = sorted(
            (i.url for i in entries if path == i.url or (i.url != root and path.startswith(i.url))), key=len
        )[-1:]
    return [Entry(i.label, i.url, getattr(i, "icon", ""), i.url in known) for i in entries]


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(*pairs: str) -> dict[str, Any]:
    """`{% breadcrumb "Espace Famille" "/espace-famille/" "Factures" %}`: label, address… and last the page itself."""
    return {"trail": [Entry(label, url) for label, url in zip_longest(pairs[::2], pairs[1::2], fillvalue="")]}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, parameter: str = "page") -> dict[str, Any]:
    """`{% pagination page_obj %}`: previous, place, next. The filters in the address are kept."""
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request else None
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/confirm.html", takes_context=True)
def confirm(
    context: Context,
    action: str,
    label: str,
    question: str,
    confirm_label: str,
    danger: bool = False,
    icon: str = "",
) -> dict[str, Any]:
    """`{% confirm url "Supprimer" "Supprimer Zoé ?" "Oui, supprimer" danger=True %}`: asks, then posts. No script."""
    return {
        "action": action, "label": label, "question": question, "confirm_label": confirm_label,
        "danger": danger, "icon": icon, "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("ui/steps.html")
def steps(labels: Sequence[str], current: int, urls: Sequence[str] = ()) -> dict[str, Any]:
    """`{% steps labels 2 urls %}`: numbered from 1; those done lead back to their page when it is given."""
    shown = [
        {
            "label": label,
            "done": i < current,
            "current": i == current,
            "url": urls[i - 1] if i <= len(urls) else "",
        }
        for i, label in enumerate(labels, 1)
    ]
    return {"steps": shown, "current": current, "count": len(shown)}


# Forms (for the templates of core.ui.forms.Renderer) ------------------------------------------------------------------

_CONTROL_CLASS = {
    "select": "form-select",
    "checkbox": "form-check-input",
    "radio": "form-check-input",
    "hidden": "",
}


@register.simple_tag
def control(field: forms.BoundField) -> SafeString:
    """The widget of a field with Bootstrap's class for its kind; a group of choices gets `choices`."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "choices"
    else:
        css = _CONTROL_CLASS.get(getattr(widget, "input_type", ""), "form-control")
    return field.as_widget(attrs={"class": " ".join(filter(None, (widget.attrs.get("class"), css)))})


@register.filter
def is_checkbox(field: forms.BoundField) -> bool:
    """A single box to tick: its label stands after it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


class ErrorLink(NamedTuple):
    target: str
    label: str
    message: str


@register.simple_tag
def error_links(form: forms.BaseForm) -> list[ErrorLink]:
    """Errors in the order of the fields, each with the id of the control to correct ("" when there is none)."""
    found = [ErrorLink("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or (f"{bound.auto_id}_0" if bound.auto_id else "")
        label = str(bound.label).rstrip(" .:?")
        where = ("", "") if bound.is_hidden else (target, label)
        found += [ErrorLink(*where, str(message)) for message in bound.errors]
    return found
