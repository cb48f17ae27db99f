"""« Je pense à », what one wants to be told, and addresses that give messages back."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import EverywherePermission, FamilyMay, FamilyPermission
from core.contracts.family import Act
from core.kernel import clock
from core.notifications import bounces, preferences
from core.reminders import digest, selectors
from core.reminders.models import Digest
from core.reminders.rules import Reminder

TAG = "Je pense à"


class ReminderSerializer(serializers.Serializer[Reminder]):
    cle = serializers.CharField(source="notice.key")
    quoi = serializers.CharField(source="notice.label")
    precision = serializers.CharField(source="notice.detail")
    a_partir_du = serializers.DateField(source="notice.begins", allow_null=True)
    jusqu_au = serializers.DateField(source="notice.until", allow_null=True)
    page = serializers.CharField(source="notice.url")


class Reminders(APIView):
    permission_classes = [FamilyMay(Act.PLANNING)]
    for_families = True

    @extend_schema(
        summary="Ce que ma famille a à faire, le plus urgent d’abord",
        responses=ReminderSerializer(many=True),
        tags=[TAG],
        operation_id="je_pense_a",
    )
    def get(self, request: Request) -> Response:
        found: Any = selectors.of_family(request.family)  # type: ignore[attr-defined]
        return Response(ReminderSerializer(found, many=True).data)


class TopicPreferenceSerializer(serializers.Serializer[preferences.Preference]):
    sujet = serializers.CharField(source="topic.code")
    libelle = serializers.CharField(source="topic.label")
    toujours_envoye = serializers.SerializerMethodField()
    par_courriel = serializers.BooleanField(source="by_email")
    par_sms = serializers.BooleanField(source="by_sms")

    def get_toujours_envoye(self, preference: preferences.Preference) -> bool:
        """Il ne peut pas être arrêté."""
        return not preference.may_refuse


class PreferencesSerializer(serializers.Serializer[Any]):
    rythme = serializers.ChoiceField(choices=Digest.Rhythm.choices)
    sujets = TopicPreferenceSerializer(many=True)


class PreferencesChangeSerializer(serializers.Serializer[Any]):
    rythme = serializers.ChoiceField(choices=Digest.Rhythm.choices)
    par_courriel = serializers.ListField(child=serializers.CharField(max_length=60), max_length=100)
    par_sms = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=100, required=False, default=list
    )


class Preferences(APIView):
    """Les messages que reçoit ce compte ; ceux qui protègent un compte ou un enfant sont toujours envoyés."""

    permission_classes = [FamilyPermission]
    for_families = True

    @extend_schema(
        summary="Les messages que je reçois",
        responses=PreferencesSerializer,
        tags=[TAG],
        operation_id="preferences",
    )
    def get(self, request: Request) -> Response:
        return self._answer(request)

    @extend_schema(
        summary="Choisir les messages que je reçois",
        request=PreferencesChangeSerializer,
        responses=PreferencesSerializer,
        tags=[TAG],
        operation_id="preferences_choisir",
    )
    def put(self, request: Request) -> Response:
        typed = PreferencesChangeSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        user: Any = request.user
        digest.choose(user=user, rhythm=typed.validated_data["rythme"])
        preferences.choose(
            user=user,
            by_email=typed.validated_data["par_courriel"],
            by_sms=typed.validated_data["par_sms"],
        )
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        user: Any = request.user
        found = {"rythme": digest.rhythm_of(user), "sujets": preferences.of(user)}
        return Response(PreferencesSerializer(found).data)


class BounceSerializer(serializers.Serializer[Any]):
    adresse = serializers.EmailField(max_length=254)
    code = serializers.RegexField(
        r"^5\.\d{1,3}\.\d{1,3}$", help_text="Le code du refus définitif (RFC 3463), par exemple « 5.1.1 »."
    )


class Bounces(APIView):
    """Un message est revenu : plus rien n’est envoyé à cette adresse avant qu’un agent la rétablisse."""

    permission_classes = [EverywherePermission("notifications.add_failingaddress")]

    @extend_schema(
        summary="Signaler une adresse qui renvoie les messages",
        request=BounceSerializer,
        responses={204: OpenApiResponse(description="C’est noté.")},
        tags=["Messages"],
        operation_id="message_revenu",
    )
    def post(self, request: Request) -> Response:
        typed = BounceSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        bounces.record(
            address=typed.validated_data["adresse"],
            status=typed.validated_data["code"],
            now=clock.now(),
            actor=request.user,  # type: ignore[arg-type]
        )
        return Response(status=204)
