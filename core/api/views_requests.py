"""Requests of whoever calls: the same reads and services as « Mes demandes »."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import SignedIn
from core.api.problems import Problem, ProblemSerializer
from core.documents.models import SupportingDocument
from core.documents.selectors import of_family
from core.families.access import current
from core.kernel import clock
from core.opening import registration
from core.opening.forms import CHILDREN, Household
from core.requests import attachments, kinds, selectors, services
from core.requests.access import requests_of
from core.requests.errors import RequestError
from core.requests.models import ServiceRequest
from core.requests.states import State

TAG = "Demandes"
REFUSED = OpenApiResponse(ProblemSerializer, description="La demande n’est pas dans un état qui le permet.")


class RequestStepSerializer(serializers.Serializer[selectors.Line]):
    le = serializers.DateTimeField(source="at")
    par_la_mairie = serializers.BooleanField(source="by_agent")
    etat = serializers.CharField(source="state", help_text="Vide pour un message.")
    texte = serializers.CharField(source="text", help_text="Vide pour une étape.")


class RequestFactSerializer(serializers.Serializer[Any]):
    libelle = serializers.CharField()
    valeur = serializers.CharField()


class RequestSectionSerializer(serializers.Serializer[Any]):
    titre = serializers.CharField()
    lignes = RequestFactSerializer(many=True)


class RequestSerializer(serializers.ModelSerializer[ServiceRequest]):
    nature = serializers.CharField(source="kind")
    objet = serializers.CharField(source="title")
    etat = serializers.ChoiceField(source="state", choices=State.choices)
    service = serializers.CharField(allow_null=True, source="service.name", default=None)
    envoyee_le = serializers.DateTimeField(source="submitted_at", allow_null=True)
    reponse_avant_le = serializers.DateField(source="due_on", allow_null=True)
    close_le = serializers.DateTimeField(source="closed_at", allow_null=True)
    reponse = serializers.CharField(source="outcome")

    class Meta:
        model = ServiceRequest
        fields = (
            "id", "reference", "nature", "objet", "etat", "service",
            "envoyee_le", "reponse_avant_le", "close_le", "reponse", "version",
        )  # fmt: skip


class RequestDetailSerializer(RequestSerializer):
    contenu = serializers.SerializerMethodField()
    suivi = serializers.SerializerMethodField()

    class Meta(RequestSerializer.Meta):
        fields = (*RequestSerializer.Meta.fields, "contenu", "suivi")  # type: ignore[assignment]

    @property
    def _kind(self) -> Any:
        return kinds.find(self.instance.kind)  # type: ignore[union-attr]

    @extend_schema_field(RequestSectionSerializer(many=True))
    def get_contenu(self, request: ServiceRequest) -> list[dict[str, Any]]:
        """Ce qui est demandé, en mots."""
        found = [
            {
                "titre": section.title,
                "lignes": [{"libelle": label, "valeur": value} for label, value in section.facts],
            }
            for section in self._kind.sections(request.data)
        ]
        return RequestSectionSerializer(found, many=True).data  # type: ignore[return-value]

    @extend_schema_field(RequestStepSerializer(many=True))
    def get_suivi(self, request: ServiceRequest) -> list[dict[str, Any]]:
        """Les étapes et les messages, dans l’ordre."""
        return RequestStepSerializer(selectors.timeline(request), many=True).data  # type: ignore[arg-type, return-value]


class AttachmentSerializer(serializers.Serializer[Any]):
    """Un document joint à une demande ; sans titre pour qui ne peut pas le lire."""

    piece = serializers.UUIDField()
    titre = serializers.CharField()
    joint_le = serializers.DateTimeField()
    par_la_mairie = serializers.BooleanField()


class AttachSerializer(serializers.Serializer[Any]):
    piece = serializers.UUIDField()


class RequestMessageSerializer(serializers.Serializer[Any]):
    texte = serializers.CharField(max_length=4000)
    envoi = serializers.UUIDField(
        required=False, help_text="Le même identifiant envoyé deux fois n’est écrit qu’une fois."
    )


class Requests(generics.ListAPIView[ServiceRequest]):
    permission_classes = [SignedIn]
    serializer_class = RequestSerializer
    for_families = True

    def get_queryset(self) -> QuerySet[ServiceRequest]:
        if getattr(self, "swagger_fake_view", False):
            return ServiceRequest.objects.none()
        return requests_of(self.request)

    @extend_schema(summary="Mes demandes", tags=[TAG], operation_id="demandes")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class _One(APIView):
    permission_classes = [SignedIn]
    for_families = True

    def found(self, request: Request, request_id: UUID) -> ServiceRequest:
        return get_object_or_404(requests_of(request), pk=request_id)

    def answer(self, request: Request, request_id: UUID, status: int = 200) -> Response:
        return Response(RequestDetailSerializer(self.found(request, request_id)).data, status=status)


class Detail(_One):
    @extend_schema(
        summary="Une demande", responses=RequestDetailSerializer, tags=[TAG], operation_id="demande"
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        return self.answer(request, request_id)


def _refused(error: RequestError) -> Problem:
    return Problem(
        status=409, code="etat-de-la-demande", title=_("Ce n’est plus possible"), detail=str(error)
    )


class Messages(_One):
    @extend_schema(
        summary="Écrire à propos d’une demande",
        request=RequestMessageSerializer,
        responses={201: RequestDetailSerializer, 409: REFUSED},
        tags=[TAG],
        operation_id="demande_ecrire",
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        found = self.found(request, request_id)
        typed = RequestMessageSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        try:
            services.answer(
                request_id=found.pk,
                actor=request.user,  # type: ignore[arg-type]
                text=typed.validated_data["texte"],
                now=clock.now(),
                submission=typed.validated_data.get("envoi"),
            )
        except RequestError as error:
            raise _refused(error) from error
        return self.answer(request, request_id, 201)


class Attachments(_One):
    @extend_schema(
        summary="Documents joints à une demande",
        responses=AttachmentSerializer(many=True),
        tags=[TAG],
        operation_id="demande_pieces",
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        return self.answer(request, request_id)

    @extend_schema(
        summary="Joindre un de mes documents",
        request=AttachSerializer,
        responses={201: AttachmentSerializer, 409: REFUSED},
        tags=[TAG],
        operation_id="demande_joindre",
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        """Le même document joint deux fois ne l’est qu’une."""
        found = self.found(request, request_id)
        typed = AttachSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        family = current(request)
        if family is None or found.family_id not in family.ids:
            raise Http404
        mine = of_family(family).filter(family__in=family.ids)
        document = get_object_or_404(mine, pk=typed.validated_data["piece"])
        try:
            attachments.attach(
                request_id=found.pk,
                document=document,
                actor=request.user,  # type: ignore[arg-type]
                now=clock.now(),
            )
        except RequestError as error:
            raise _refused(error) from error
        return self.answer(request, request_id, 201)

    def answer(self, request: Request, request_id: UUID, status: int = 200) -> Response:
        family = current(request)
        readable = of_family(family) if family else SupportingDocument.objects.none()
        found = [
            {
                "piece": one.document_id,
                "titre": str(one.document) if open_ else "",
                "joint_le": one.at,
                "par_la_mairie": one.by_agent,
            }
            for one, open_ in attachments.attached(self.found(request, request_id), readable)
        ]
        return Response(AttachmentSerializer(found, many=True).data, status=status)


class Cancel(_One):
    @extend_schema(
        summary="Annuler une demande",
        request=None,
        responses={200: RequestDetailSerializer, 409: REFUSED},
        tags=[TAG],
        operation_id="demande_annuler",
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        found = self.found(request, request_id)
        try:
            services.cancel(request_id=found.pk, actor=request.user, now=clock.now())  # type: ignore[arg-type]
        except RequestError as error:
            raise _refused(error) from error
        return self.answer(request, request_id)


class Submit(_One):
    @extend_schema(
        summary="Envoyer un brouillon",
        request=None,
        responses={200: RequestDetailSerializer, 409: REFUSED},
        tags=[TAG],
        operation_id="demande_envoyer",
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        found = self.found(request, request_id)
        try:
            services.submit(request_id=found.pk, actor=request.user, now=clock.now())  # type: ignore[arg-type]
        except RequestError as error:
            raise _refused(error) from error
        return self.answer(request, request_id)


class RegisteredChildSerializer(serializers.Serializer[Any]):
    prenom = serializers.CharField(max_length=100)
    nom = serializers.CharField(max_length=100)
    naissance = serializers.DateField()


class RegistrationSerializer(serializers.Serializer[Any]):
    civilite = serializers.ChoiceField(choices=["mme", "m", ""], default="")
    prenom = serializers.CharField(max_length=100)
    nom = serializers.CharField(max_length=100)
    naissance = serializers.DateField()
    telephone = serializers.CharField(max_length=30)
    adresse = serializers.CharField(max_length=200)
    code_postal = serializers.CharField(max_length=10)
    commune = serializers.CharField(max_length=100)
    precision = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    enfants = serializers.ListField(child=RegisteredChildSerializer(), min_length=1, max_length=CHILDREN)


class Register(APIView):
    """L’inscription d’une famille : un brouillon, à relire puis à envoyer."""

    permission_classes = [SignedIn]
    for_families = True

    FIELDS: ClassVar[dict[str, str]] = {
        "civilite": "civility", "prenom": "first_name", "nom": "last_name", "naissance": "birth_date",
        "telephone": "phone", "adresse": "address", "code_postal": "postcode", "commune": "city", "precision": "note",
    }  # fmt: skip

    @extend_schema(
        summary="Préparer l’inscription de ma famille",
        request=RegistrationSerializer,
        responses={201: RequestDetailSerializer, 409: REFUSED},
        tags=[TAG],
        operation_id="demande_inscription",
    )
    def post(self, request: Request) -> Response:
        if current(request):
            raise Http404
        typed = RegistrationSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        household = Household(today=clock.today(), posted=self._posted(typed.validated_data))
        if not household.is_valid():
            raise serializers.ValidationError(self._errors(household))
        user: Any = request.user
        try:
            written = registration.write(
                user=user, data=household.data(email=user.email), now=clock.now(), submission=uuid4()
            )
        except RequestError as error:
            raise _refused(error) from error
        found = get_object_or_404(requests_of(request), pk=written.pk)
        return Response(RequestDetailSerializer(found).data, status=201)

    def _posted(self, typed: dict[str, Any]) -> QueryDict:
        """What the page would have sent: one form decides what is valid."""
        posted = QueryDict(mutable=True)
        posted.update({f"foyer-{ours}": str(typed[name]) for name, ours in self.FIELDS.items()})
        for rank, child in enumerate(typed["enfants"]):
            posted.update({f"enfant-{rank}-{self.FIELDS[name]}": str(value) for name, value in child.items()})
        return posted

    def _errors(self, household: Household) -> dict[str, Any]:
        names = {ours: name for name, ours in self.FIELDS.items()}
        found: dict[str, Any] = {}
        for key, errors in household.errors.items():
            prefix, _hyphen, field = key.rpartition("-")
            where = (
                names[field] if prefix == "foyer" else f"enfants.{prefix.partition('-')[2]}.{names[field]}"
            )
            found[where] = list(errors)
        return found
