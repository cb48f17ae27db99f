"""What a parent does on the pages of the household, through the same services."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import FamilyMay, HoldersPermission, SignedIn
from core.api.problems import Problem
from core.contracts.family import Act, ChildRef, FamilyContext
from core.families.access import households
from core.families.common import FACTS
from core.families.custody import Because, Stay
from core.families.models import (
    Authorisation,
    Child,
    CommonProposal,
    CustodyException,
    Guardian,
    Mandate,
)
from core.families.selectors import Household
from core.families.selectors.common import Consent, consents_of, proposals_of
from core.families.selectors.custody import calendars, exceptions_of
from core.families.selectors.mandates import mandate_for, mandates_of
from core.families.services import common, custody
from core.families.services.mandates import MandateError, propose_mandate, revoke_mandate
from core.kernel import clock

TAG = "Famille"
LONGEST = timedelta(days=400)
ANSWERS = ("accepter", "refuser", "retirer")


def _family(request: Request) -> FamilyContext:
    return request.family  # type: ignore[attr-defined]


def _child(request: Request, child_id: UUID) -> ChildRef:
    found = _family(request).child(child_id)
    if found is None:
        raise Http404
    return found


def _guardian(request: Request) -> Guardian:
    return Guardian.objects.select_related("family", "person").get(pk=_family(request).guardian.id)


def _refused(error: Exception) -> Problem:
    return Problem(status=409, code="refuse", title=str(_("Cela n’est pas possible")), detail=str(error))


# Households ----------------------------------------------------------------------------------------------------------


class HouseholdSerializer(serializers.Serializer[Household]):
    """Une famille pour laquelle ce compte peut agir ; `cle` se donne dans le paramètre « famille »."""

    cle = serializers.UUIDField(source="key")
    nom = serializers.CharField(source="name")
    au_nom_de = serializers.SerializerMethodField()
    droits = serializers.SerializerMethodField()

    def get_au_nom_de(self, household: Household) -> str:
        """Responsable qui a donné la délégation ; vide pour une famille à soi."""
        return str(household.guardian.person) if household.mandate else ""

    def get_droits(self, household: Household) -> list[str]:
        """Parmi : planning, reserver, contacts, argent, sante."""
        allowed = household.guardian.allowed
        return sorted(household.mandate.acts & allowed if household.mandate else allowed)


class Households(APIView):
    permission_classes = [SignedIn]
    for_families = True

    @extend_schema(
        summary="Mes familles",
        tags=[TAG],
        responses=HouseholdSerializer(many=True),
        operation_id="familles_lister",
    )
    def get(self, request: Request) -> Response:
        return Response(HouseholdSerializer(households(request), many=True).data)  # type: ignore[arg-type]


# Custody -------------------------------------------------------------------------------------------------------------


class StaySerializer(serializers.Serializer[Stay[UUID]]):
    """Des jours de suite dans un foyer, bornes comprises."""

    du = serializers.DateField(source="first")
    au = serializers.DateField(source="last")
    chez_nous = serializers.SerializerMethodField()
    raison = serializers.ChoiceField(choices=[because.value for because in Because], source="because")

    def get_chez_nous(self, stay: Stay[UUID]) -> bool:
        """Ce foyer réserve et paie ces jours-là."""
        return bool(stay.family == self.context["family"])


class ExceptionSerializer(serializers.Serializer[CustodyException]):
    id = serializers.UUIDField(read_only=True)
    du = serializers.DateField(source="first_day")
    au = serializers.DateField(source="last_day")
    chez_nous = serializers.SerializerMethodField()
    etat = serializers.ChoiceField(choices=CustodyException.State.values, source="state", read_only=True)
    demandee_par_nous = serializers.SerializerMethodField()

    def get_chez_nous(self, row: CustodyException) -> bool:
        return bool(row.home == self.context["home"])

    def get_demandee_par_nous(self, row: CustodyException) -> bool:
        return bool(row.proposed_by.family_id == self.context["family"])


class AskSerializer(serializers.Serializer[Any]):
    du = serializers.DateField()
    au = serializers.DateField()
    chez_nous = serializers.BooleanField()


class AnswerSerializer(serializers.Serializer[Any]):
    reponse = serializers.ChoiceField(choices=ANSWERS)


def _span(request: Request, today: Any) -> tuple[Any, Any]:
    field = serializers.DateField()
    first = field.to_internal_value(request.query_params.get("du") or today.isoformat())
    last = field.to_internal_value(request.query_params.get("au") or (first + timedelta(days=70)).isoformat())
    if not first <= last <= first + LONGEST:
        raise serializers.ValidationError({"au": [str(_("Demandez de un à quatre cents jours."))]})
    return first, last


class CustodyCalendar(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Où vit un enfant, jour par jour",
        tags=[TAG],
        parameters=[OpenApiParameter("du", str), OpenApiParameter("au", str)],
        responses=StaySerializer(many=True),
        operation_id="garde_lire",
    )
    def get(self, request: Request, child_id: UUID) -> Response:
        family, child = _family(request), _child(request, child_id)
        first, last = _span(request, family.today)
        stays = calendars([child.id], first, last).stays(child.id, first, last)
        return Response(StaySerializer(stays, many=True, context={"family": family.id}).data)  # type: ignore[arg-type]


class Exceptions(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Exceptions de garde à venir",
        tags=[TAG],
        responses=ExceptionSerializer(many=True),
        operation_id="garde_exceptions_lister",
    )
    def get(self, request: Request, child_id: UUID) -> Response:
        family, child = _family(request), _child(request, child_id)
        rows = exceptions_of(child.id, family.today)
        return Response(ExceptionSerializer(rows, many=True, context=_seen_from(family, child)).data)  # type: ignore[arg-type]

    @extend_schema(
        summary="Demander une exception de garde",
        tags=[TAG],
        request=AskSerializer,
        responses={201: ExceptionSerializer},
        operation_id="garde_exceptions_demander",
    )
    def post(self, request: Request, child_id: UUID) -> Response:
        family, child = _family(request), _child(request, child_id)
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            row = custody.propose_exception(
                child=Child.objects.get(pk=child.id),
                guardian=_guardian(request),
                first_day=asked.validated_data["du"],
                last_day=asked.validated_data["au"],
                mine=asked.validated_data["chez_nous"],
                actor=request.user,
                today=family.today,
                now=clock.now(),
            )
        except custody.CustodyError as error:
            raise _refused(error) from error
        return Response(ExceptionSerializer(row, context=_seen_from(family, child)).data, status=201)


def _seen_from(family: FamilyContext, child: ChildRef) -> dict[str, Any]:
    return {"family": family.id, "home": custody.home_of(child.id, family.id)}


class ExceptionAnswer(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Accepter, refuser ou retirer une exception",
        tags=[TAG],
        request=AnswerSerializer,
        responses=ExceptionSerializer,
        operation_id="garde_exceptions_repondre",
    )
    def post(self, request: Request, child_id: UUID, exception_id: UUID) -> Response:
        family, child = _family(request), _child(request, child_id)
        row = CustodyException.objects.filter(pk=exception_id, child=child.id).first()
        if row is None:
            raise Http404
        answer = AnswerSerializer(data=request.data)
        answer.is_valid(raise_exception=True)
        word, guardian = answer.validated_data["reponse"], _guardian(request)
        try:
            if word == "retirer":
                row = custody.withdraw_exception(exception=row, guardian=guardian, actor=request.user)
            else:
                row = custody.answer_exception(
                    exception=row,
                    guardian=guardian,
                    agreed=word == "accepter",
                    actor=request.user,
                    today=family.today,
                    now=clock.now(),
                )
        except custody.CustodyError as error:
            raise _refused(error) from error
        return Response(ExceptionSerializer(row, context=_seen_from(family, child)).data)


# Authorisations ------------------------------------------------------------------------------------------------------


class ConsentSerializer(serializers.Serializer[Consent]):
    """Ce qui s’applique, et ce que ce responsable a répondu (null : rien)."""

    objet = serializers.ChoiceField(choices=Authorisation.Kind.values, source="kind")
    libelle = serializers.CharField(source="label")
    autorise = serializers.BooleanField(source="verdict.allowed")
    reponses_contraires = serializers.BooleanField(source="verdict.contested")
    ma_reponse = serializers.SerializerMethodField()

    def get_ma_reponse(self, consent: Consent) -> bool | None:
        return consent.said_by(self.context["guardian"])


class WordSerializer(serializers.Serializer[Any]):
    objet = serializers.ChoiceField(choices=Authorisation.Kind.values)
    autorise = serializers.BooleanField(allow_null=True, help_text=_("null retire la réponse."))


def _consents(request: Request, child: ChildRef) -> Response:
    rows = consents_of([child.id])[child.id]
    context = {"guardian": _family(request).guardian.id}
    return Response(ConsentSerializer(rows, many=True, context=context).data)  # type: ignore[arg-type]


class Authorisations(APIView):
    permission_classes = [FamilyMay(Act.HEALTH)]
    for_families = True

    @extend_schema(
        summary="Autorisations d’un enfant",
        tags=[TAG],
        responses=ConsentSerializer(many=True),
        operation_id="autorisations_lire",
    )
    def get(self, request: Request, child_id: UUID) -> Response:
        return _consents(request, _child(request, child_id))


class Say(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Donner, refuser ou retirer une autorisation",
        tags=[TAG],
        request=WordSerializer,
        responses=ConsentSerializer(many=True),
        operation_id="autorisations_repondre",
    )
    def post(self, request: Request, child_id: UUID) -> Response:
        child = _child(request, child_id)
        word = WordSerializer(data=request.data)
        word.is_valid(raise_exception=True)
        try:
            common.say(
                child=Child.objects.get(pk=child.id),
                guardian=_guardian(request),
                kind=word.validated_data["objet"],
                allowed=word.validated_data["autorise"],
                actor=request.user,
                now=clock.now(),
            )
        except common.CommonError as error:
            raise _refused(error) from error
        return _consents(request, child)


# Common facts --------------------------------------------------------------------------------------------------------


class ProposalSerializer(serializers.Serializer[CommonProposal]):
    id = serializers.UUIDField()
    champ = serializers.ChoiceField(choices=list(FACTS), source="fact")
    valeur = serializers.CharField(source="value")
    etat = serializers.ChoiceField(choices=CommonProposal.State.values, source="state")
    proposee_par = serializers.CharField(source="proposed_by.person.first_name")
    proposee_le = serializers.DateTimeField(source="proposed_at")


class ChangeSerializer(serializers.Serializer[Any]):
    champ = serializers.ChoiceField(choices=list(FACTS))
    valeur = serializers.CharField(max_length=100)


class Proposals(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Changements proposés aux deux foyers d’un enfant",
        tags=[TAG],
        responses=ProposalSerializer(many=True),
        operation_id="propositions_lister",
    )
    def get(self, request: Request, child_id: UUID) -> Response:
        rows = proposals_of([_child(request, child_id).id])
        return Response(ProposalSerializer(rows, many=True).data)  # type: ignore[arg-type]

    @extend_schema(
        summary="Proposer un changement aux deux foyers",
        tags=[TAG],
        request=ChangeSerializer,
        responses={201: ProposalSerializer},
        operation_id="propositions_creer",
    )
    def post(self, request: Request, child_id: UUID) -> Response:
        child = _child(request, child_id)
        change = ChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        try:
            row = common.propose_change(
                child=Child.objects.select_related("person").get(pk=child.id),
                guardian=_guardian(request),
                fact=change.validated_data["champ"],
                value=change.validated_data["valeur"],
                actor=request.user,
                now=clock.now(),
            )
        except ValidationError as error:
            raise serializers.ValidationError({"valeur": error.messages}) from error
        except common.CommonError as error:
            raise _refused(error) from error
        return Response(ProposalSerializer(row).data, status=201)


class ProposalAnswer(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Accepter, refuser ou retirer un changement proposé",
        tags=[TAG],
        request=AnswerSerializer,
        responses=ProposalSerializer,
        operation_id="propositions_repondre",
    )
    def post(self, request: Request, child_id: UUID, proposal_id: UUID) -> Response:
        child = _child(request, child_id)
        row = CommonProposal.objects.filter(pk=proposal_id, child=child.id).first()
        if row is None:
            raise Http404
        answer = AnswerSerializer(data=request.data)
        answer.is_valid(raise_exception=True)
        word, guardian = answer.validated_data["reponse"], _guardian(request)
        try:
            if word == "retirer":
                row = common.withdraw_proposal(proposal=row, guardian=guardian, actor=request.user)
            else:
                row = common.answer_proposal(
                    proposal=row,
                    guardian=guardian,
                    agreed=word == "accepter",
                    actor=request.user,
                    now=clock.now(),
                )
        except common.CommonError as error:
            raise _refused(error) from error
        return Response(ProposalSerializer(row).data)


# Mandates ------------------------------------------------------------------------------------------------------------


class MandateSerializer(serializers.Serializer[Mandate]):
    id = serializers.UUIDField()
    personne = serializers.CharField(source="name")
    lien = serializers.ChoiceField(choices=Mandate.Relation.values, source="relation")
    etat = serializers.ChoiceField(choices=Mandate.State.values, source="state")
    jusqu_au = serializers.DateField(source="valid_to")
    enfants = serializers.SerializerMethodField()
    droits = serializers.SerializerMethodField()

    def get_enfants(self, mandate: Mandate) -> list[UUID]:
        return [child.pk for child in mandate.children.all()]

    def get_droits(self, mandate: Mandate) -> list[str]:
        return sorted(mandate.acts)


class NewMandateSerializer(serializers.Serializer[Any]):
    """`secret` termine l’adresse à transmettre (/espace-famille/delegations/accepter/…) ; il n’est donné qu’ici."""

    delegation = MandateSerializer()
    secret = serializers.CharField()


class GiveSerializer(serializers.Serializer[Any]):
    personne = serializers.CharField(max_length=200)
    lien = serializers.ChoiceField(choices=Mandate.Relation.values)
    enfants = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=30)
    droits = serializers.ListField(
        child=serializers.ChoiceField(choices=[act.value for act in Act if act is not Act.PLANNING]),
        required=False,
    )
    jusqu_au = serializers.DateField()


class Mandates(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Mes délégations",
        tags=[TAG],
        responses=MandateSerializer(many=True),
        operation_id="delegations_lister",
    )
    def get(self, request: Request) -> Response:
        return Response(MandateSerializer(mandates_of(_family(request)), many=True).data)  # type: ignore[arg-type]

    @extend_schema(
        summary="Donner une délégation",
        tags=[TAG],
        request=GiveSerializer,
        responses={201: NewMandateSerializer},
        operation_id="delegations_donner",
    )
    def post(self, request: Request) -> Response:
        given = GiveSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            mandate, secret = propose_mandate(
                guardian=_guardian(request),
                actor=request.user,
                name=data["personne"],
                relation=data["lien"],
                children=data["enfants"],
                acts=[Act(act) for act in data.get("droits", ())],
                valid_to=data["jusqu_au"],
                today=_family(request).today,
                now=clock.now(),
            )
        except MandateError as error:
            raise _refused(error) from error
        return Response(NewMandateSerializer({"delegation": mandate, "secret": secret}).data, status=201)


class MandateEnd(APIView):
    permission_classes = [HoldersPermission]
    for_families = True

    @extend_schema(
        summary="Retirer une délégation",
        tags=[TAG],
        request=None,
        responses=MandateSerializer,
        operation_id="delegations_retirer",
    )
    def post(self, request: Request, mandate_id: UUID) -> Response:
        mandate = mandate_for(_family(request), mandate_id)
        if mandate is None:
            raise Http404
        try:
            mandate = revoke_mandate(mandate=mandate, actor=request.user, now=clock.now())
        except MandateError as error:
            raise _refused(error) from error
        return Response(MandateSerializer(mandate).data)
