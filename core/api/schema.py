"""The OpenAPI document: what is on, in French, with the errors that every operation may answer."""

from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from core.api.permissions import FamilyPermission, Public
from core.api.problems import MEDIA_TYPE, TITLES, ProblemSerializer
from core.families.access import PARAMETER
from core.kernel import state

PREFIX = "/api/v1/"


def plugin_of(callback: Any) -> str | None:
    """Slug of the plugin that a route's view belongs to, or None for core."""
    module = getattr(callback, "cls", callback).__module__.split(".")
    return module[1] if module[0] == "plugins" else None


def api_only(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Preprocessing hook: only `/api/v1/`, without the plugins that are off nor a family space that nobody brings."""
    on = state.enabled_slugs()
    families = state.serves("families")
    return [
        (path, regex, method, callback)
        for path, regex, method, callback in endpoints
        if path.startswith(PREFIX)
        and plugin_of(callback) in {None, *on}
        and (families or not getattr(callback.cls, "for_families", False))
    ]


class Schema(AutoSchema):
    """Adds the problems that any view may answer, so that no author repeats them."""

    def _statuses(self) -> list[int]:
        found = [] if self._is_public() else [401, 403]
        if self.method not in ("GET", "HEAD"):
            found.append(400)
        if "{" in self.path:
            found.append(404)
        return found

    def _is_public(self) -> bool:
        return any(isinstance(permission, Public) for permission in self.view.get_permissions())

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if any(isinstance(permission, FamilyPermission) for permission in self.view.get_permissions()):
            found.append(
                OpenApiParameter(
                    PARAMETER,
                    UUID,
                    description=str(
                        _("Clé de la famille (voir /familles/), pour un compte qui en a plusieurs.")
                    ),
                )
            )
        return found

    def get_auth(self) -> list[dict[str, Any]]:
        found = super().get_auth()
        return [*found, {}] if self._is_public() and {} not in found else found

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        found = super()._get_response_bodies(direction)
        for status in self._statuses():
            if str(status) not in found:
                body = self._get_response_for_code(ProblemSerializer, str(status), [MEDIA_TYPE], direction)
                found[str(status)] = {**body, "description": str(TITLES[status])}
        return dict(sorted(found.items()))
