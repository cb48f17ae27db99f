"""What agents' forms say to a screen reader: `{% load gestion %}`."""

from django import forms, template
from django.utils.safestring import SafeString

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
