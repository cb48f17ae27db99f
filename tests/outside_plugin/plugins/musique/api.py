"""The same reads and the same services as the pages, under `/api/v1/`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.fields import MoneyField
from core.api.permissions import FamilyPermission, Public
from core.api.problems import Problem
from core.kernel import clock
from plugins.musique import selectors, services
from plugins.musique.models import Course, Enrolment

app_name = "musique"

TAG = "École de musique"


class MusiqueCourseSerializer(serializers.Serializer[Course]):
    id = serializers.UUIDField(source="pk")
    nom = serializers.CharField(source="name")
    description = serializers.CharField()
    trimestre = serializers.CharField(source="term.name")
    premier_jour = serializers.DateField(source="term.starts_on")
    dernier_jour = serializers.DateField(source="term.ends_on")
    jour = serializers.CharField(source="get_weekday_display")
    debut = serializers.TimeField(source="starts_at")
    fin = serializers.TimeField(source="ends_at")
    places_libres = serializers.IntegerField(source="free")


@extend_schema_view(
    get=extend_schema(
        summary="Les cours des trimestres en cours et à venir", tags=[TAG], operation_id="musique_cours"
    )
)
class Courses(generics.ListAPIView[Course]):
    permission_classes = (Public,)
    serializer_class = MusiqueCourseSerializer
    queryset = Course.objects.none()

    def get_queryset(self) -> QuerySet[Course]:
        return selectors.courses_on(clock.today())


class MusiqueEnrolmentSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="pk")
    cours = serializers.UUIDField(source="course_id")
    enfant = serializers.UUIDField(source="child_id")
    instrument_prete = serializers.BooleanField(source="instrument_lent")
    inscrit_le = serializers.DateField(source="enrolled_on")
    prix = MoneyField(source="price_cents")


class MusiqueWantedSerializer(serializers.Serializer[Any]):
    cours = serializers.UUIDField()
    enfant = serializers.UUIDField()
    instrument_prete = serializers.BooleanField(default=False)


def _problem(refused: services.Refused) -> Problem:
    return Problem(
        status=409, code="musique-refus", title=_("Cela n’est pas possible"), detail=refused.reason
    )


class Enrolments(APIView):
    permission_classes = (FamilyPermission,)

    @extend_schema(
        summary="Mes inscriptions",
        tags=[TAG],
        operation_id="musique_inscriptions",
        responses=MusiqueEnrolmentSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        family = request.family  # type: ignore[attr-defined]
        found = selectors.enrolments_of(family.id, since=family.today)
        return Response(MusiqueEnrolmentSerializer(found, many=True).data)

    @extend_schema(
        summary="Inscrire un enfant",
        tags=[TAG],
        operation_id="musique_inscrire",
        request=MusiqueWantedSerializer,
        responses={201: MusiqueEnrolmentSerializer},
    )
    def post(self, request: Request) -> Response:
        wanted = MusiqueWantedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        family = request.family  # type: ignore[attr-defined]
        course = selectors.courses_on(family.today).filter(pk=wanted.validated_data["cours"]).first()
        child = family.child(wanted.validated_data["enfant"])
        if course is None or child is None:
            raise Http404
        try:
            made = services.enrol(
                course=course,
                child=child.id,
                family=family,
                instrument_lent=wanted.validated_data["instrument_prete"],
                actor=request.user,
            )
        except services.Refused as refused:
            raise _problem(refused) from None
        return Response(MusiqueEnrolmentSerializer(made).data, status=201)


class EnrolmentDetail(APIView):
    permission_classes = (FamilyPermission,)

    @extend_schema(
        summary="Annuler une inscription",
        tags=[TAG],
        operation_id="musique_annuler",
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, enrolment_id: UUID) -> Response:
        family = request.family  # type: ignore[attr-defined]
        held = Enrolment.objects.filter(family=family.id, pk=enrolment_id, cancelled_at__isnull=True).first()
        if held is None:
            raise Http404
        try:
            services.withdraw(enrolment=held, now=clock.now(), today=family.today, by_family=True)
        except services.Refused as refused:
            raise _problem(refused) from None
        return Response(status=204)


index = [("École de musique : les cours", "courses"), ("École de musique : mes inscriptions", "enrolments")]

urlpatterns = [
    path("musique/cours/", Courses.as_view(), name="courses"),
    path("musique/inscriptions/", Enrolments.as_view(), name="enrolments"),
    path("musique/inscriptions/<uuid:enrolment_id>/", EnrolmentDetail.as_view(), name="enrolment"),
]
