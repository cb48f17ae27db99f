"""Menus as open data: a week of a group in each result."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request

from core.api.permissions import Public
from core.kernel import clock
from plugins.actualites import selectors_menus as selectors
from plugins.actualites.allergens import ALLERGENS, LABELS
from plugins.actualites.models import Dish, Meal, MenuGroup, MenuWeek

LONGEST = timedelta(days=400)


class DishSerializer(serializers.Serializer[Dish]):
    partie = serializers.CharField(source="get_course_display")
    nom = serializers.CharField(source="name")
    allergenes = serializers.ListField(
        source="allergens",
        child=serializers.ChoiceField(choices=list(ALLERGENS.items())),
        allow_null=True,
        help_text=_("Parmi les quatorze du règlement (UE) 1169/2011 ; null : non renseignés."),
    )
    labels = serializers.ListField(child=serializers.ChoiceField(choices=list(LABELS.items())))


class MealSerializer(serializers.Serializer[Meal]):
    jour = serializers.DateField(source="day")
    vegetarien = serializers.BooleanField(source="vegetarian")
    plats = DishSerializer(source="dishes", many=True)


class MenuWeekSerializer(serializers.Serializer[MenuWeek]):
    groupe = serializers.CharField(source="group.slug")
    nom = serializers.CharField(source="group.name")
    lundi = serializers.DateField(source="monday")
    mot = serializers.CharField(source="note")
    repas = MealSerializer(source="meals", many=True)
    adresse = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_adresse(self, week: MenuWeek) -> str:
        found: str = self.context["request"].build_absolute_uri(selectors.address(week.group, week.monday))
        return found


class AskedSerializer(serializers.Serializer[Any]):
    du = serializers.DateField(required=False)
    au = serializers.DateField(required=False)
    groupe = serializers.SlugRelatedField(slug_field="slug", queryset=MenuGroup.objects.all(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = selectors.monday_of(attrs.get("du") or clock.today())
        last = attrs.get("au") or first + timedelta(days=34)
        if last < first:
            raise serializers.ValidationError({"au": _("Le dernier jour vient avant le premier.")})
        if last - first > LONGEST:
            raise serializers.ValidationError({"au": _("Demandez 400 jours au plus.")})
        return {"first": first, "last": last, "group": attrs.get("groupe")}


class Menus(generics.ListAPIView[MenuWeek]):
    permission_classes = [Public]
    serializer_class = MenuWeekSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> "QuerySet[MenuWeek]":
        rows = MenuWeek.objects.filter(published=True)
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        asked = AskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        first, last, group = (asked.validated_data[name] for name in ("first", "last", "group"))
        rows = rows.filter(monday__range=(first, last), **({"group": group} if group else {}))
        # `Meal.day` asks its week for the Monday: the same object, read once.
        return (
            rows.select_related("group")
            .prefetch_related("meals__dishes")
            .order_by("monday", "group__position")
        )

    @extend_schema(
        summary="Les menus de la cantine, semaine par semaine",
        description="Cinq semaines à partir de celle d’aujourd’hui, sauf demande contraire ; 400 jours au plus.",
        tags=["Menus"],
        parameters=[
            OpenApiParameter("du", type=str, description="Premier jour, par exemple 2026-11-23"),
            OpenApiParameter("au", type=str, description="Dernier jour, compris"),
            OpenApiParameter("groupe", type=str, description="Un groupe de convives, par exemple « ecoles »"),
        ],
        operation_id="menus",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


class MenuGroupSerializer(serializers.Serializer[MenuGroup]):
    groupe = serializers.CharField(source="slug")
    nom = serializers.CharField(source="name")
    servi = serializers.CharField(source="get_days_display")
    lieux = serializers.SerializerMethodField()

    def get_lieux(self, group: MenuGroup) -> list[str]:
        """Codes des écoles et des accueils."""
        return [site.code for site in group.sites.all()]


class MenuGroups(generics.ListAPIView[MenuGroup]):
    permission_classes = [Public]
    serializer_class = MenuGroupSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> "QuerySet[MenuGroup]":
        return selectors.groups()

    @extend_schema(
        summary="Qui mange ensemble : les groupes de convives",
        tags=["Menus"],
        operation_id="groupes_de_menus",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)
