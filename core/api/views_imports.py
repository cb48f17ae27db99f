"""Agents bring households from a file: read, shown with each bad line, then confirmed, by the services of the page."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import EverywherePermission
from core.api.problems import Problem, ProblemSerializer
from core.families import tasks
from core.families.imports import BY_KEY, SHEETS, Unreadable
from core.families.models import FamilyImport
from core.families.services import importing
from core.kernel import clock

TAG = "Gestion"
Everywhere = EverywherePermission("families.add_familyimport")
REFUSED = OpenApiResponse(ProblemSerializer, description="L’import n’est pas dans un état qui le permet.")


class ImportSerializer(serializers.ModelSerializer[FamilyImport]):
    """Un fichier de familles : rien n’est enregistré avant sa confirmation."""

    fichier = serializers.CharField(source="name")
    etape = serializers.ChoiceField(source="state", choices=FamilyImport.State.choices)
    depose_le = serializers.DateTimeField(source="made_at")
    importe_le = serializers.DateTimeField(source="written_at", allow_null=True)
    lignes_lues = serializers.IntegerField(source="done")
    lignes = serializers.IntegerField(source="total")
    arret = serializers.CharField(source="error", help_text="Ce qui l’a arrêté ; vide sinon.")

    class Meta:
        model = FamilyImport
        fields = ("id", "fichier", "etape", "depose_le", "importe_le", "lignes_lues", "lignes", "arret")


class ImportCountSerializer(serializers.Serializer[Any]):
    feuille = serializers.ChoiceField(choices=[sheet.key for sheet in SHEETS])
    lignes = serializers.IntegerField()


class BadLineSerializer(serializers.Serializer[Any]):
    feuille = serializers.ChoiceField(choices=[sheet.key for sheet in SHEETS])
    ligne = serializers.IntegerField()
    raison = serializers.CharField()


class ImportDetailSerializer(ImportSerializer):
    ajoute = serializers.SerializerMethodField()
    en_erreur = serializers.SerializerMethodField()
    ignore = serializers.SerializerMethodField()

    class Meta(ImportSerializer.Meta):
        fields = (*ImportSerializer.Meta.fields, "ajoute", "en_erreur", "ignore")  # type: ignore[assignment]

    @extend_schema_field(ImportCountSerializer(many=True))
    def get_ajoute(self, work: FamilyImport) -> list[dict[str, Any]]:
        """Ce que le fichier ajoute, ou a ajouté."""
        return [{"feuille": key, "lignes": count} for key, count in work.report.get("adds", {}).items()]

    @extend_schema_field(BadLineSerializer(many=True))
    def get_en_erreur(self, work: FamilyImport) -> list[dict[str, Any]]:
        """Chaque ligne écartée, avec sa raison."""
        return [
            {"feuille": BY_KEY[sheet].key, "ligne": line, "raison": reason}
            for sheet, line, reason in work.report.get("problems", [])
        ]

    def get_ignore(self, work: FamilyImport) -> list[str]:
        """Colonnes ou feuilles que l’import ne connaît pas."""
        return list(work.report.get("ignored", []))


class FileSerializer(serializers.Serializer[Any]):
    fichier = serializers.FileField(help_text="CSV ou XLSX, comme les modèles de la page d’import.")


def _one(import_id: UUID) -> FamilyImport:
    return get_object_or_404(FamilyImport.objects.defer("content"), pk=import_id)


def _refused(refusal: importing.ImportRefused) -> Problem:
    return Problem(
        status=409, code="etat-de-l-import", title=_("Ce n’est plus possible"), detail=str(refusal)
    )


class Imports(generics.ListAPIView[FamilyImport]):
    permission_classes = [Everywhere]
    serializer_class = ImportSerializer
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[FamilyImport]:
        return FamilyImport.objects.defer("content", "report")

    @extend_schema(summary="Imports de familles", tags=[TAG], operation_id="imports_lister")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Déposer un fichier de familles",
        description="Le fichier est lu, rien n’est enregistré. L’étape devient « read » une fois le compte rendu prêt.",
        tags=[TAG],
        request={"multipart/form-data": FileSerializer},
        responses={202: ImportDetailSerializer},
        operation_id="imports_deposer",
    )
    def post(self, request: Request) -> Response:
        brought = FileSerializer(data=request.data)
        brought.is_valid(raise_exception=True)
        file = brought.validated_data["fichier"]
        try:
            if (file.size or 0) > importing.MOST_BYTES:
                raise Unreadable(_("Ce fichier est trop gros : coupez-le en plusieurs."))
            work = importing.receive(name=file.name, content=file.read(), actor=request.user, now=clock.now())
        except Unreadable as error:
            raise serializers.ValidationError({"fichier": [str(error)]}) from error
        tasks.read_import.enqueue(str(work.pk))
        return Response(ImportDetailSerializer(_one(work.pk)).data, status=202)


class Import(APIView):
    permission_classes = [Everywhere]

    @extend_schema(
        summary="Un import de familles, ligne par ligne",
        tags=[TAG],
        responses=ImportDetailSerializer,
        operation_id="imports_lire",
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        return Response(ImportDetailSerializer(_one(import_id)).data)


class ImportConfirmation(APIView):
    permission_classes = [Everywhere]

    @extend_schema(
        summary="Enregistrer ce qui a été lu",
        tags=[TAG],
        request=None,
        responses={202: ImportDetailSerializer, 409: REFUSED},
        operation_id="imports_confirmer",
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        work = _one(import_id)
        try:
            importing.start_writing(import_id=work.pk, now=clock.now())
        except importing.ImportRefused as refusal:
            raise _refused(refusal) from refusal
        tasks.write_import.enqueue(str(work.pk))
        return Response(ImportDetailSerializer(_one(work.pk)).data, status=202)


class ImportEnd(APIView):
    permission_classes = [Everywhere]

    @extend_schema(
        summary="Abandonner un import arrêté",
        tags=[TAG],
        request=None,
        responses={200: ImportDetailSerializer, 409: REFUSED},
        operation_id="imports_abandonner",
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        work = _one(import_id)
        try:
            importing.take_back(import_id=work.pk, now=clock.now())
        except importing.ImportRefused as refusal:
            raise _refused(refusal) from refusal
        return Response(ImportDetailSerializer(_one(work.pk)).data)
