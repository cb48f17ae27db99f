"""The booking calendar through the API: the same reads and the same service as the page."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.fields import MoneyField
from core.api.permissions import FamilyMay
from core.contracts.family import Act, FamilyContext
from core.contracts.money import ZERO
from core.kernel import clock
from plugins.enfance import calendar
from plugins.enfance.calendar import Span
from plugins.enfance.rules import State
from plugins.enfance.services import Outcome, Result, Wanted, preview, save_bookings

app_name = "enfance"

MAX_DAYS = 500
"""Days of one request: more than a family may tick in a year of holidays."""

TAG = "Réservations"


class DaySerializer(serializers.Serializer[calendar.Cell]):
    """Un enfant, une séance : ce qui est réservé, ce qui peut changer, jusqu’à quand, à quel prix et pourquoi."""

    enfant = serializers.UUIDField(source="child.id")
    prenom = serializers.CharField(source="child.first_name")
    seance = serializers.UUIDField(source="offer.session")
    date = serializers.DateField(source="day")
    activite = serializers.CharField(source="offer.activity")
    libelle = serializers.CharField(source="offer.activity_name")
    unite = serializers.CharField(source="offer.unit")
    lieu = serializers.UUIDField(source="offer.site")
    etat = serializers.ChoiceField(choices=[state.value for state in State], source="verdict.state")
    reserve = serializers.BooleanField(source="booked")
    modifiable = serializers.BooleanField(source="verdict.open")
    limite = serializers.DateTimeField(source="offer.terms.limit")
    motif = serializers.CharField(source="verdict.reason")
    prix = MoneyField(source="price", allow_null=True)
    explication = serializers.CharField(source="explanation", help_text=_("Clé dans « explications »."))


class ReasonSerializer(serializers.Serializer[Any]):
    cle = serializers.CharField(source="explanation.digest")
    prix = MoneyField(source="price")
    phrases = serializers.SerializerMethodField()

    def get_phrases(self, reason: calendar.Reason) -> list[str]:
        return [step.text for step in reason.explanation.steps]


class CalendarSerializer(serializers.Serializer[calendar.Calendar]):
    du = serializers.DateField(source="span.first")
    au = serializers.DateField(source="span.last")
    nombre = serializers.IntegerField(source="count")
    total = MoneyField()
    jours = DaySerializer(source="cells", many=True)
    explications = serializers.SerializerMethodField()

    def get_explications(self, shown: calendar.Calendar) -> list[dict[str, Any]]:
        reasons = {reason.explanation.digest: reason for child in shown.children for reason in child.reasons}
        return ReasonSerializer(reasons.values(), many=True).data  # type: ignore[return-value]


class ChoiceSerializer(serializers.Serializer[Any]):
    enfant = serializers.UUIDField()
    seance = serializers.UUIDField()


class WantedSerializer(serializers.Serializer[Any]):
    """Les jours à ajouter et ceux à retirer ; un jour présent dans les deux listes reste comme il est."""

    ajouter = ChoiceSerializer(many=True, required=False)
    retirer = ChoiceSerializer(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(len(days) for days in attrs.values()) > MAX_DAYS:
            raise serializers.ValidationError(_("Envoyez moins de jours à la fois."))
        return attrs

    def wanted(self) -> Wanted:
        def choices(name: str) -> frozenset[Any]:
            return frozenset((day["enfant"], day["seance"]) for day in self.validated_data.get(name, ()))

        return Wanted(add=choices("ajouter"), remove=choices("retirer"))


class OutcomeSerializer(serializers.Serializer[Outcome]):
    enfant = serializers.SerializerMethodField()
    seance = serializers.SerializerMethodField()
    date = serializers.DateField(source="offer.day", default=None, allow_null=True)
    resultat = serializers.ChoiceField(choices=[result.value for result in Result], source="result")
    difference = MoneyField(source="change")
    motif = serializers.CharField(source="reason")

    def get_enfant(self, outcome: Outcome) -> str:
        return str(outcome.choice[0])

    def get_seance(self, outcome: Outcome) -> str:
        return str(outcome.choice[1])


class OutcomesSerializer(serializers.Serializer[Any]):
    difference = MoneyField()
    jours = OutcomeSerializer(many=True)


def _answer(outcomes: Iterable[Outcome]) -> Response:
    days = list(outcomes)
    difference = sum((outcome.change for outcome in days), ZERO)
    return Response(OutcomesSerializer({"difference": difference, "jours": days}).data)


def _span(text: str, today: date) -> Span:
    if not text:
        return Span.month_of(today)
    try:
        return Span.month_of(datetime.strptime(text, "%Y-%m").date())  # noqa: DTZ007 - a civil month
    except ValueError:
        raise serializers.ValidationError({"mois": [_("Écrivez le mois « 2026-12 ».")]}) from None


class Reservations(APIView):
    permission_classes = (FamilyMay(Act.PLANNING),)

    @extend_schema(
        summary="Calendrier des réservations d’un mois",
        tags=[TAG],
        parameters=[
            OpenApiParameter("mois", str, description="Mois civil, « 2026-12 » ; sans lui, le mois courant.")
        ],
        responses=CalendarSerializer,
    )
    def get(self, request: Request) -> Response:
        family: FamilyContext = request.family  # type: ignore[attr-defined]
        span = _span(request.query_params.get("mois", ""), family.today)
        return Response(CalendarSerializer(calendar.read(family, now=clock.now(), span=span)).data)

    @extend_schema(
        summary="Réserver et annuler des jours",
        description="Une transaction. Chaque jour a sa réponse : un refus ne fait pas perdre les autres.",
        tags=[TAG],
        request=WantedSerializer,
        responses=OutcomesSerializer,
    )
    def post(self, request: Request) -> Response:
        data = WantedSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        outcomes = save_bookings(
            family=request.family,  # type: ignore[attr-defined]
            actor=request.user,  # type: ignore[arg-type]
            now=clock.now(),
            wanted=data.wanted(),
        )
        return _answer(outcomes)


class Preview(APIView):
    permission_classes = (FamilyMay(Act.PLANNING),)

    @extend_schema(
        summary="Ce que changeraient des jours, sans rien enregistrer",
        tags=[TAG],
        request=WantedSerializer,
        responses=OutcomesSerializer,
    )
    def post(self, request: Request) -> Response:
        data = WantedSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        family: FamilyContext = request.family  # type: ignore[attr-defined]
        return _answer(preview(family=family, now=clock.now(), wanted=data.wanted()))


index = [("Réservations", "reservations")]

urlpatterns = [
    path("reservations/", Reservations.as_view(), name="reservations"),
    path("reservations/apercu/", Preview.as_view(), name="reservations_preview"),
]
