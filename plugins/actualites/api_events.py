"""Events as open data: what is to come, unless other days are asked for."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request

from core.api.permissions import Public
from core.kernel import clock
from core.pages.selectors import address
from plugins.actualites import selectors_events as selectors
from plugins.actualites.models import EventPage

LONGEST = timedelta(days=800)


class EventSerializer(serializers.Serializer[EventPage]):
    id = serializers.IntegerField(source="pk")
    titre = serializers.CharField(source="title")
    en_bref = serializers.CharField(source="lead")
    du = serializers.DateField(source="first_day")
    au = serializers.DateField(source="until", help_text=_("Dernier jour, compris."))
    commence_a = serializers.TimeField(source="starts_at", allow_null=True)
    finit_a = serializers.TimeField(source="ends_at", allow_null=True)
    lieu = serializers.CharField(source="place")
    adresse_postale = serializers.CharField(source="address")
    prix = serializers.CharField(source="price")
    annule = serializers.BooleanField(source="cancelled")
    adresse = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_adresse(self, event: EventPage) -> str:
        found: str = self.context["request"].build_absolute_uri(address(event))
        return found


class AskedSerializer(serializers.Serializer[Any]):
    du = serializers.DateField(required=False)
    au = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = attrs.get("du") or clock.today()
        last = attrs.get("au") or first + timedelta(days=365)
        if last < first:
            raise serializers.ValidationError({"au": _("Le dernier jour vient avant le premier.")})
        if last - first > LONGEST:
            raise serializers.ValidationError({"au": _("Demandez 800 jours au plus.")})
        return {"first": first, "last": last}


class Events(generics.ListAPIView[EventPage]):
    permission_classes = [Public]
    serializer_class = EventSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> "QuerySet[EventPage]":
        if getattr(self, "swagger_fake_view", False):
            return selectors.events().none()
        asked = AskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return selectors.between(**asked.validated_data)

    @extend_schema(
        summary="Les évènements, du plus proche au plus lointain",
        description="Un an à partir d’aujourd’hui, sauf demande contraire ; 800 jours au plus.",
        tags=["Agenda"],
        parameters=[
            OpenApiParameter("du", type=str, description="Premier jour, par exemple 2026-12-01"),
            OpenApiParameter("au", type=str, description="Dernier jour, compris"),
        ],
        operation_id="evenements",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)
