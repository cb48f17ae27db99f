"""What everybody may know of the town: its places, and what each day is there."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import Public
from core.kernel import clock
from core.town.calendar import DayKind, days_between
from core.town.models import Site
from core.town.selectors import calendar

LONGEST = timedelta(days=400)


class TownPlaceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Code du lieu")
    nom = serializers.CharField(source="name", help_text="Nom du lieu")
    sorte = serializers.ChoiceField(source="kind", choices=Site.Kind.choices, help_text="Nature du lieu")
    adresse = serializers.CharField(source="address", help_text="Adresse postale, vide si elle est inconnue")


class AskedSerializer(serializers.Serializer[Any]):
    """Which days, and where."""

    du = serializers.DateField(required=False)
    au = serializers.DateField(required=False)
    lieu = serializers.SlugRelatedField(slug_field="code", queryset=Site.objects.all(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = attrs.get("du") or clock.today()
        last = attrs.get("au") or first + timedelta(days=30)
        if last < first:
            raise serializers.ValidationError({"au": _("Le dernier jour vient avant le premier.")})
        if last - first > LONGEST:
            raise serializers.ValidationError({"au": _("Demandez 400 jours au plus.")})
        return {"first": first, "last": last, "site": attrs.get("lieu")}


class TownDaySerializer(serializers.Serializer[Any]):
    jour = serializers.DateField(help_text="Jour")
    sorte = serializers.ChoiceField(
        choices=[(kind.value, kind.name) for kind in DayKind], help_text="Ce qu’est ce jour"
    )
    raison = serializers.CharField(help_text="Pourquoi ce n’est pas un jour ordinaire, sinon vide")


class Places(APIView):
    permission_classes = [Public]

    @extend_schema(
        summary="Lieux de la commune",
        responses=TownPlaceSerializer(many=True),
        tags=["Commune"],
        operation_id="lieux",
    )
    def get(self, request: Request) -> Response:
        return Response(TownPlaceSerializer(Site.objects.open_on(clock.today()), many=True).data)


class Days(APIView):
    permission_classes = [Public]

    @extend_schema(
        summary="Calendrier de la commune ou d’un lieu",
        description="Un mois à partir d’aujourd’hui, sauf demande contraire ; 400 jours au plus.",
        parameters=[
            OpenApiParameter("du", type=str, description="Premier jour, par exemple 2026-11-01"),
            OpenApiParameter("au", type=str, description="Dernier jour, compris"),
            OpenApiParameter("lieu", type=str, description="Code d’un lieu ; sans lui, toute la commune"),
        ],
        responses=TownDaySerializer(many=True),
        tags=["Commune"],
        operation_id="calendrier_commune",
    )
    def get(self, request: Request) -> Response:
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        first, last, site = (asked.validated_data[name] for name in ("first", "last", "site"))
        known, key = calendar(first, last), site.pk if site else None
        days = [
            {"jour": day, "sorte": known.day_kind(day, key).value, "raison": known.reason(day, key)}
            for day in days_between(first, last)
        ]
        return Response(TownDaySerializer(days, many=True).data)
