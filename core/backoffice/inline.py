"""What of Wagtail is done otherwise: its choosers start by an attribute that `start.js` reads, since inline scripts are
forbidden (decision 0010), and what it refuses does not exist (decision 0033)."""

import json
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin import auth
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


def _denied(request: HttpRequest) -> NoReturn:
    raise PermissionDenied  # the middleware of /gestion/ answers that there is nothing


def hide_what_is_denied() -> None:
    """Wagtail leads back to its first page and says « no permission »; ours says 404, as everywhere else."""
    auth.permission_denied = _denied
