"""Operations that belong to no plugin, and the way to the others."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import FamilyMay, FamilyPermission, Public
from core.api.serializers import ChildSerializer, FamilySerializer, RootSerializer
from core.contracts.family import Act
from core.families.selectors import contacts_of
from core.kernel import state
from core.pricing.offered import is_open
from core.ui import appearance


def resources() -> list[dict[str, str]]:
    """What is available, core first, then each plugin that is on and names its doors (`index` of its `api.py`)."""
    found = [
        (_("Documentation"), "api:docs"),
        (_("Document OpenAPI"), "api:schema"),
        (_("Lieux de la commune"), "api:places"),
        (_("Calendrier de la commune"), "api:town_days"),
    ]
    if state.serves("families"):
        found += [
            (_("Ma famille"), "api:family"),
            (_("Mes demandes"), "api:requests"),
            (_("Mes documents"), "api:supporting_documents"),
        ]
    if state.serves("families") and is_open():
        found.append((_("Tarifs"), "api:tariffs"))
    for plugin in state.enabled():
        name = f"plugins.{plugin.slug}.api"
        if find_spec(name):
            index = getattr(import_module(name), "index", [])
            found += [(label, f"api:{plugin.slug}:{url_name}") for label, url_name in index]
    return [{"libelle": str(label), "adresse": reverse(url_name)} for label, url_name in found]


class Root(APIView):
    permission_classes = [Public]

    @extend_schema(
        summary="Ce qui est disponible", responses=RootSerializer, tags=["Accueil"], operation_id="accueil"
    )
    def get(self, request: Request) -> Response:
        name = _("API de %(commune)s") % {"commune": appearance.commune().name}
        return Response(RootSerializer({"nom": name, "version": "1", "ressources": resources()}).data)


class Family(APIView):
    permission_classes = [FamilyPermission]
    for_families = True

    @extend_schema(
        summary="Composition de ma famille",
        responses=FamilySerializer,
        tags=["Famille"],
        operation_id="famille",
    )
    def get(self, request: Request) -> Response:
        family = request.family  # type: ignore[attr-defined]
        fields: dict[str, Any] = {name: getattr(family, name) for name in family.__dataclass_fields__}
        fields["personnes_a_prevenir"] = contacts_of(family.id) if family.may(Act.CONTACTS) else []
        if not family.may(Act.MONEY):
            fields["quotient"] = None
        return Response(FamilySerializer(fields).data)  # type: ignore[arg-type]


class Child(APIView):
    permission_classes = [FamilyMay(Act.PLANNING)]
    for_families = True

    @extend_schema(
        summary="Un enfant de ma famille", responses=ChildSerializer, tags=["Famille"], operation_id="enfant"
    )
    def get(self, request: Request, child_id: UUID) -> Response:
        child = request.family.child(child_id)  # type: ignore[attr-defined]
        if child is None:
            raise Http404
        return Response(ChildSerializer(child).data)


class OpenApi(SpectacularJSONAPIView):
    permission_classes = [Public]


class Docs(SpectacularSwaggerSplitView):
    permission_classes = [Public]
    url_name = "api:schema"
    template_name = "api/docs.html"
