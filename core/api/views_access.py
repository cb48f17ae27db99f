"""What the person who calls may do, and who looked at or changed the family's data."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts import roles
from core.api.permissions import FamilyPermission, SignedIn
from core.families import trace
from core.kernel.models import JournalEntry


class PlaceSerializer(serializers.Serializer[Any]):
    lieu = serializers.UUIDField(allow_null=True, help_text="Aucun : dans toute la commune.")
    service = serializers.CharField(allow_null=True, help_text="Code. Aucun : pour tous les services.")


class RightSerializer(serializers.Serializer[Any]):
    droit = serializers.CharField()
    ou = PlaceSerializer(many=True)


class RightsSerializer(serializers.Serializer[Any]):
    identifiant = serializers.CharField()
    metiers = serializers.ListField(child=serializers.CharField())
    tout = serializers.BooleanField(help_text="Tous les droits, partout.")
    droits = RightSerializer(many=True)


class Rights(APIView):
    permission_classes = [SignedIn]

    @extend_schema(
        summary="Mes droits dans la gestion",
        responses=RightsSerializer,
        tags=["Compte"],
        operation_id="mes_droits",
    )
    def get(self, request: Request) -> Response:
        rights = roles.rights_of(request.user)
        found = {
            "identifiant": request.user.get_username(),
            "metiers": list(rights.trades),
            "tout": rights.everything,
            "droits": [
                {
                    "droit": name,
                    "ou": [
                        {"lieu": place.site, "service": place.service}
                        for place in sorted(rights.held[name], key=str)
                    ],
                }
                for name in sorted(rights.held)
            ],
        }
        return Response(RightsSerializer(found).data)


class JournalLineSerializer(serializers.Serializer[trace.Line]):
    le = serializers.DateTimeField(source="at")
    acte = serializers.CharField(source="what")
    par = serializers.CharField(
        source="who", help_text="Un service, « vous », ou le prénom d’un responsable."
    )
    concerne = serializers.CharField(source="about")
    raison = serializers.CharField(source="reason")
    lecture = serializers.BooleanField(source="is_read")


class Journal(generics.ListAPIView[JournalEntry]):
    permission_classes = [FamilyPermission]
    serializer_class = JournalLineSerializer  # type: ignore[assignment]
    for_families = True

    def get_queryset(self) -> QuerySet[JournalEntry]:
        return trace.entries_for(self.request.family)  # type: ignore[attr-defined]

    @extend_schema(
        summary="Qui a consulté ou modifié mon dossier", tags=["Famille"], operation_id="journal_famille"
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        lines = trace.lines(request.family, page)  # type: ignore[attr-defined]
        shown = JournalLineSerializer(lines, many=True)  # type: ignore[arg-type]
        return self.get_paginated_response(shown.data)
