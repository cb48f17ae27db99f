"""Errors of the API: problem details (RFC 9457) in French, with the fields at fault."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/problemes/"

TITLES = {
    400: gettext_lazy("La demande n’est pas valable"),
    401: gettext_lazy("Identification nécessaire"),
    403: gettext_lazy("Action refusée"),
    404: gettext_lazy("Introuvable"),
    405: gettext_lazy("Méthode non acceptée ici"),
    406: gettext_lazy("Format de réponse inconnu"),
    415: gettext_lazy("Format de la demande inconnu"),
    429: gettext_lazy("Trop de demandes"),
    500: gettext_lazy("Incident de notre côté"),
}
DETAILS = {
    400: gettext_lazy("Corrigez les champs signalés, puis envoyez de nouveau."),
    401: gettext_lazy("Ouvrez une session ou envoyez un jeton dans l’en-tête Authorization."),
    404: gettext_lazy("Il n’y a rien à cette adresse pour vous."),
    500: gettext_lazy("Rien n’a été enregistré. Réessayez dans quelques minutes."),
}


class Problem(exceptions.APIException):
    """A refusal with its code: `Problem(status=409, code="complet", title=…, detail=…, errors={"champ": [...]})`."""

    def __init__(
        self,
        *,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        errors: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or title, code)
        self.status_code = status
        self.title = title
        self.code = code
        self.errors = errors or {}


class FieldErrorSerializer(serializers.Serializer[Any]):
    champ = serializers.CharField(
        help_text="Chemin du champ, par exemple « jours.0.date » ; vide pour l’ensemble."
    )
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    code = serializers.CharField(required=False)
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]


def field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Flatten what DRF nests: `{"jours": [{"date": ["…"]}]}` → champ « jours.0.date »."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            inner = path if key in ("non_field_errors", "__all__") else f"{path}.{key}" if path else str(key)
            yield from field_errors(value, inner)
    elif isinstance(detail, list | tuple):
        for rank, value in enumerate(detail):
            nested = isinstance(value, Mapping | list | tuple)
            yield from field_errors(
                value, f"{path}.{rank}" if nested and path else str(rank) if nested else path
            )
    elif detail:
        yield {"champ": path, "message": str(detail)}


def body(
    status: int, *, title: str = "", detail: str = "", code: str = "", errors: Any = ()
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": f"{TYPES}{code}" if code else "about:blank",
        "title": str(title or TITLES.get(status, _("Erreur"))),
        "status": status,
        "detail": str(detail or DETAILS.get(status, "")),
        "code": code,
        "errors": list(errors),
    }
    return {key: value for key, value in found.items() if value}


def _described(error: Exception, status: int) -> dict[str, Any]:
    if isinstance(error, Problem):
        return body(
            status,
            title=error.title,
            detail=str(error.detail),
            code=error.code,
            errors=field_errors(error.errors),
        )
    if isinstance(error, exceptions.ValidationError):
        return body(status, errors=field_errors(error.detail))
    if isinstance(error, exceptions.NotAuthenticated | Http404 | exceptions.NotFound):
        return body(status)
    if isinstance(error, exceptions.APIException):
        return body(status, detail=str(error.detail))
    return body(status)


def handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every error of a view leaves here as a problem."""
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(serializers.as_serializer_error(error))
    elif isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        request = context.get("request")
        logger.error("the API failed at %s", getattr(request, "path", "?"), exc_info=error)
        got_request_exception.send(sender=handler, request=getattr(request, "_request", request))
        response = Response(status=500)
    response.data = _described(error, response.status_code)
    response.content_type = MEDIA_TYPE
    return response


def not_found(request: HttpRequest, **kwargs: Any) -> JsonResponse:
    """The answer of every address under `/api/v1/` that does not exist, or not any more."""
    return JsonResponse(body(404), status=404, content_type=MEDIA_TYPE)
