"""Documents made at once, for families; papers checked, for agents."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import AgentPermission, FamilyPermission
from core.contracts.editions import IssuableDocument
from core.contracts.family import FamilyContext
from core.editions import services
from core.families.reach import reached
from core.kernel import clock

TAG = "Documents édités"
CHECK = "editions.view_issueddocument"


class IssuableDocumentSerializer(serializers.Serializer[IssuableDocument]):
    code = serializers.CharField()
    titre = serializers.CharField(source="title")
    description = serializers.CharField()


class PaperSerializer(serializers.Serializer[services.Verdict]):
    reference = serializers.CharField(source="row.reference")
    titre = serializers.CharField(source="row.title")
    edite_le = serializers.DateTimeField(source="row.issued_at")
    par_la_mairie = serializers.BooleanField(source="row.by_agent")
    inchange = serializers.BooleanField(
        source="same", allow_null=True, help_text="Le document dirait-il la même chose aujourd’hui ?"
    )
    famille = serializers.SerializerMethodField()

    def get_famille(self, verdict: services.Verdict) -> UUID | None:
        """Vide pour une famille hors des lieux de l’agent."""
        seen = reached(self.context["user"], CHECK).filter(pk=verdict.row.family_id).exists()
        return verdict.row.family_id if seen else None


class Editions(APIView):
    permission_classes = [FamilyPermission]
    for_families = True

    @extend_schema(
        summary="Les documents que ma famille peut éditer",
        responses=IssuableDocumentSerializer(many=True),
        tags=[TAG],
        operation_id="editions",
    )
    def get(self, request: Request) -> Response:
        family: FamilyContext = request.family  # type: ignore[attr-defined]
        found: Any = services.offered(family)
        return Response(IssuableDocumentSerializer(found, many=True).data)


class Issue(APIView):
    permission_classes = [FamilyPermission]
    for_families = True

    @extend_schema(
        summary="Éditer un document",
        request=None,
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="Le PDF.")},
        tags=[TAG],
        operation_id="editer_document",
    )
    def post(self, request: Request, code: str) -> HttpResponse:
        family: FamilyContext = request.family  # type: ignore[attr-defined]
        document = services.find(family, code)
        if document is None:
            raise Http404
        made = services.issue(context=family, document=document, actor=request.user, now=clock.now())  # type: ignore[arg-type]
        return services.as_file(made)


class Paper(APIView):
    permission_classes = [AgentPermission(CHECK)]

    @extend_schema(
        summary="Vérifier un document édité",
        responses=PaperSerializer,
        tags=[TAG],
        operation_id="verifier_document",
    )
    def get(self, request: Request, reference: str) -> Response:
        verdict = services.check(reference=reference, now=clock.now())
        if verdict is None:
            raise Http404
        return Response(PaperSerializer(verdict, context={"user": request.user}).data)
