"""Wagtail's choosers without their inline script (decision 0010): `start.js` reads an attribute instead."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def _render(self: Any, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
    """As Wagtail's own, except for the last line."""
    value_data = self.get_value_data(value)
    widget = self.render_html(name, value_data, attrs)
    arguments = [attrs["id"], self.get_js_init_options(attrs["id"], name, value_data)]
    start = format_html(
        '<div hidden data-controller="g-start" data-g-start-name-value="{}" data-g-start-arguments-value="{}"></div>',
        self.js_constructor,
        json.dumps(arguments),
    )
    return mark_safe(widget + start)  # noqa: S308 - both parts are escaped


def start_choosers_by_attribute() -> None:
    BaseChooser.render = _render
    AdminTaskChooser.js_constructor = "createTaskChooser"  # the one that starts by a function of its own
