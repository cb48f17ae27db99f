"""Documents of a family through the API: what the pages do, by the same services; and the side of agents."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import AgentPermission, FamilyPermission
from core.api.problems import Problem, ProblemSerializer
from core.contracts.family import FamilyContext
from core.documents import intake, selectors, services
from core.documents.access import document_of, documents_of, file_in, own_document
from core.documents.errors import DocumentError
from core.documents.models import DocumentFile, DocumentType, SupportingDocument
from core.documents.serving import hand_over
from core.documents.states import State
from core.kernel import clock

TAG = "Documents"
OFFICE = "Gestion"
REFUSED = OpenApiResponse(ProblemSerializer, description="Le document n’est pas dans un état qui le permet.")
CONTENT = {(200, kind): OpenApiTypes.BINARY for kind in ("image/jpeg", "application/pdf")}


class DocumentTypeSerializer(serializers.ModelSerializer[DocumentType]):
    nom = serializers.CharField(source="label")
    aide = serializers.CharField(source="hint")
    concerne = serializers.ChoiceField(source="subject", choices=DocumentType.Subject.choices)
    commun_aux_deux_foyers = serializers.BooleanField(source="shared")
    conserve = serializers.BooleanField(source="keeps_files")
    demande = serializers.BooleanField(source="asked")
    des_age = serializers.IntegerField(source="from_age", allow_null=True)
    jusqu_a_age = serializers.IntegerField(source="to_age", allow_null=True)

    class Meta:
        model = DocumentType
        fields = (
            "code",
            "nom",
            "aide",
            "concerne",
            "commun_aux_deux_foyers",
            "conserve",
            "demande",
            "des_age",
            "jusqu_a_age",
        )


class DocumentFileSerializer(serializers.ModelSerializer[DocumentFile]):
    nom = serializers.CharField(source="name")
    type = serializers.CharField(source="content_type")
    octets = serializers.IntegerField(source="size")
    s_ouvre = serializers.BooleanField(
        source="is_open", help_text="Faux tant que l’antivirus ne l’a pas examiné."
    )

    class Meta:
        model = DocumentFile
        fields = ("id", "nom", "type", "octets", "pages", "s_ouvre")


class SupportingDocumentSerializer(serializers.ModelSerializer[SupportingDocument]):
    nature = serializers.CharField(source="type.code", allow_null=True, default=None)
    titre = serializers.CharField(source="__str__")
    origine = serializers.ChoiceField(source="origin", choices=SupportingDocument.Origin.choices)
    enfant = serializers.UUIDField(source="child_id", allow_null=True)
    etat = serializers.ChoiceField(source="state", choices=State.choices)
    raison = serializers.CharField(source="reason", help_text="Pourquoi il est refusé ; vide sinon.")
    depose_le = serializers.DateTimeField(source="deposited_at")
    verifie_le = serializers.DateTimeField(source="decided_at", allow_null=True)
    valable_jusqu_au = serializers.DateField(source="valid_until", allow_null=True)
    fichiers_detruits_le = serializers.DateTimeField(source="files_destroyed_at", allow_null=True)
    fichiers = DocumentFileSerializer(source="files", many=True)

    class Meta:
        model = SupportingDocument
        fields = (
            "id",
            "nature",
            "titre",
            "origine",
            "enfant",
            "etat",
            "raison",
            "depose_le",
            "verifie_le",
            "valable_jusqu_au",
            "fichiers_detruits_le",
            "fichiers",
        )


class FilesSerializer(serializers.Serializer[Any]):
    fichiers = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), min_length=1, max_length=intake.MOST_FILES
    )


class DepositSerializer(FilesSerializer):
    nature = serializers.SlugField()
    enfant = serializers.UUIDField(required=False, allow_null=True, default=None)
    date = serializers.DateField(required=False, allow_null=True, default=None)
    precision = serializers.CharField(required=False, max_length=300, default="", allow_blank=True)
    envoi = serializers.UUIDField(
        required=False, help_text="Le même identifiant envoyé deux fois n’est écrit qu’une fois."
    )


def _refused(error: DocumentError) -> Problem:
    return Problem(status=409, code="etat-du-document", title=_("Ce n’est plus possible"), detail=str(error))


def _received(files: list[Any]) -> list[services.Received]:
    """All of them or none: a program can send again. Raises ValidationError with a sentence a file."""
    received, refused = services.receive(files)
    if refused:
        raise serializers.ValidationError({"fichiers": [str(refusal) for refusal in refused]})
    return received


class Types(generics.ListAPIView[DocumentType]):
    permission_classes = [FamilyPermission]
    serializer_class = DocumentTypeSerializer
    for_families = True
    pagination_class = None

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return DocumentType.objects.none()
        return selectors.types_for(self.request.family)  # type: ignore[attr-defined]

    @extend_schema(
        summary="Natures de documents que je peux envoyer", tags=[TAG], operation_id="natures_de_pieces"
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class Documents(generics.ListAPIView[SupportingDocument]):
    permission_classes = [FamilyPermission]
    serializer_class = SupportingDocumentSerializer
    for_families = True
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[SupportingDocument]:
        if getattr(self, "swagger_fake_view", False):
            return SupportingDocument.objects.none()
        return documents_of(self.request)

    @extend_schema(summary="Mes documents", tags=[TAG], operation_id="pieces")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Envoyer un document",
        request=DepositSerializer,
        responses={201: SupportingDocumentSerializer, 409: REFUSED},
        tags=[TAG],
        operation_id="piece_envoyer",
    )
    def post(self, request: Request) -> Response:
        family: FamilyContext = request.family  # type: ignore[attr-defined]
        typed = DepositSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        data = typed.validated_data
        kind = next((kind for kind in selectors.types_for(family) if kind.code == data["nature"]), None)
        if kind is None:
            raise serializers.ValidationError({"nature": [_("Cette nature de document n’existe pas.")]})
        child = data["enfant"]
        about_child = kind.subject == DocumentType.Subject.CHILD
        if about_child != bool(child) or (child and family.child(child) is None):
            message = (
                _("Dites pour quel enfant.") if about_child else _("Ce document concerne toute la famille.")
            )
            raise serializers.ValidationError({"enfant": [message]})
        try:
            made = services.deposit(
                family_id=family.id,
                child_id=child,
                type=kind,
                received=_received(data["fichiers"]),
                actor=request.user,
                now=clock.now(),
                issued_on=data["date"],
                note=data["precision"],
                submission=data.get("envoi"),
            )
        except DocumentError as error:
            raise _refused(error) from error
        return Response(SupportingDocumentSerializer(document_of(request, made.pk)).data, status=201)


class Document(APIView):
    permission_classes = [FamilyPermission]
    for_families = True

    @extend_schema(
        summary="Un document", responses=SupportingDocumentSerializer, tags=[TAG], operation_id="piece"
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        return Response(SupportingDocumentSerializer(document_of(request, document_id)).data)

    @extend_schema(
        summary="Retirer un document",
        responses={204: None, 409: REFUSED},
        tags=[TAG],
        operation_id="piece_retirer",
    )
    def delete(self, request: Request, document_id: UUID) -> Response:
        found = own_document(request, document_id)
        try:
            services.withdraw(document_id=found.pk, actor=request.user)
        except DocumentError as error:
            raise _refused(error) from error
        return Response(status=204)


class Files(APIView):
    permission_classes = [FamilyPermission]
    for_families = True
    parser_classes = [MultiPartParser]

    @extend_schema(
        summary="Ajouter des pages à un document",
        request=FilesSerializer,
        responses={200: SupportingDocumentSerializer, 409: REFUSED},
        tags=[TAG],
        operation_id="piece_ajouter",
    )
    def post(self, request: Request, document_id: UUID) -> Response:
        found = own_document(request, document_id)
        typed = FilesSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        try:
            services.add_files(
                document_id=found.pk,
                received=_received(typed.validated_data["fichiers"]),
                actor=request.user,
                now=clock.now(),
            )
        except DocumentError as error:
            raise _refused(error) from error
        return Response(SupportingDocumentSerializer(document_of(request, found.pk)).data)


class File(APIView):
    permission_classes = [FamilyPermission]
    for_families = True

    @extend_schema(summary="Un fichier", responses=CONTENT, tags=[TAG], operation_id="piece_fichier")
    def get(self, request: Request, document_id: UUID, file_id: UUID) -> HttpResponseBase:
        return hand_over(
            file_in(documents_of(request), document_id, file_id), actor=request.user, download=True
        )


# The agents' side ----------------------------------------------------------------------------------------------------


class ReceivedDocumentSerializer(SupportingDocumentSerializer):
    famille = serializers.UUIDField(source="family_id")

    class Meta(SupportingDocumentSerializer.Meta):
        fields = (*SupportingDocumentSerializer.Meta.fields, "famille")  # type: ignore[assignment]


class CheckSerializer(serializers.Serializer[Any]):
    valable_jusqu_au = serializers.DateField(required=False, allow_null=True, default=None)


class RefusalSerializer(serializers.Serializer[Any]):
    raison = serializers.CharField(max_length=300)


class ReceivedDocuments(generics.ListAPIView[SupportingDocument]):
    permission_classes = [AgentPermission(selectors.VIEW)]
    serializer_class = ReceivedDocumentSerializer

    def get_queryset(self) -> QuerySet[SupportingDocument]:
        if getattr(self, "swagger_fake_view", False):
            return SupportingDocument.objects.none()
        found = selectors.queue(selectors.reached(self.request.user), which="a-verifier", today=clock.today())
        return found.prefetch_related("files")

    @extend_schema(summary="Documents à vérifier", tags=[OFFICE], operation_id="pieces_a_verifier")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class _Decision(APIView):
    permission_classes = [AgentPermission(selectors.CHANGE)]

    def found(self, request: Request, document_id: UUID) -> SupportingDocument:
        return get_object_or_404(selectors.reached(request.user, selectors.CHANGE), pk=document_id)

    def answer(self, found: SupportingDocument) -> Response:
        found.refresh_from_db()
        return Response(ReceivedDocumentSerializer(found).data)


class Check(_Decision):
    @extend_schema(
        summary="Vérifier un document",
        request=CheckSerializer,
        responses={200: ReceivedDocumentSerializer, 409: REFUSED},
        tags=[OFFICE],
        operation_id="piece_verifier",
    )
    def post(self, request: Request, document_id: UUID) -> Response:
        """Sans date, celle qui est calculée pour sa nature reste."""
        found = self.found(request, document_id)
        typed = CheckSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        until = typed.validated_data["valable_jusqu_au"] or found.valid_until
        try:
            services.check(document_id=found.pk, actor=request.user, now=clock.now(), until=until)
        except DocumentError as error:
            raise _refused(error) from error
        return self.answer(found)


class Refuse(_Decision):
    @extend_schema(
        summary="Refuser un document",
        request=RefusalSerializer,
        responses={200: ReceivedDocumentSerializer, 409: REFUSED},
        tags=[OFFICE],
        operation_id="piece_refuser",
    )
    def post(self, request: Request, document_id: UUID) -> Response:
        found = self.found(request, document_id)
        typed = RefusalSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        try:
            services.refuse(
                document_id=found.pk,
                actor=request.user,
                reason=typed.validated_data["raison"],
                now=clock.now(),
            )
        except DocumentError as error:
            raise _refused(error) from error
        return self.answer(found)


class ReceivedFile(APIView):
    permission_classes = [AgentPermission(selectors.VIEW)]

    @extend_schema(
        summary="Un fichier d’une famille", responses=CONTENT, tags=[OFFICE], operation_id="piece_lire"
    )
    def get(self, request: Request, document_id: UUID, file_id: UUID) -> HttpResponseBase:
        found = file_in(selectors.reached(request.user), document_id, file_id)
        return hand_over(found, actor=request.user, download=True)
