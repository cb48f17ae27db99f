"""What agents' forms say to a screen reader: `{% load gestion %}`."""

from django import forms, template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def error_id(field: forms.BoundField) -> str:
    """Where the error of a field is written."""
    return f"{field.auto_id}-error"


@register.simple_tag
def described(field: forms.BoundField) -> SafeString:
    """The control of a field, tied to its hint and to its error: Wagtail ties the hint alone."""
    ids = [f"{field.id_for_label}-helptext"] if field.help_text and field.id_for_label else []
    if field.errors:
        ids.append(error_id(field))
    return field.as_widget(attrs={"aria-describedby": " ".join(ids)} if ids else None)


@register.simple_tag
def cell(field: forms.BoundField, *place: int) -> SafeString:
    """A control inside a table, named by its column and its row, with its error under it."""
    if field.is_hidden:
        return field.as_widget()
    where = " ".join(str(rank) for rank in place)
    attrs: dict[str, str | bool] = {"aria-label": f"{field.label or _('Prix')}, {_('ligne')} {where}".strip()}
    if field.errors:
        attrs |= {"aria-describedby": error_id(field), "aria-invalid": "true"}
    wrong = format_html(
        '<p class="g-wrong" id="{}">{}</p>', error_id(field), " ".join(str(error) for error in field.errors)
    )
    return format_html("{}{}", field.as_widget(attrs=attrs), wrong if field.errors else "")
