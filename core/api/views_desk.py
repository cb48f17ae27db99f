"""An agent writes in the record of a household for one of its guardians: the acts of the desk, traced and told."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import AgentPermission
from core.api.problems import Problem, ProblemSerializer
from core.families.models import Child, Contact, Family, Guardian
from core.families.reach import reached
from core.families.services import desk
from core.kernel import clock
from core.notifications import records
from core.town.models import Site

TAG = "Gestion"
CHANGE = "families.change_family"
STALE = OpenApiResponse(ProblemSerializer, description="Le dossier a changé depuis la lecture de « vu ».")

HOUSEHOLD = {
    "nom": "name", "adresse": "address", "code_postal": "postcode", "commune": "city",
    "habite_la_commune": "resident", "reference": "reference",
}  # fmt: skip
ADULT = {
    "civilite": "civility", "prenom": "first_name", "nom": "last_name", "nom_de_naissance": "birth_name",
    "courriel": "email", "telephone": "phone", "autre_telephone": "second_phone",
    "regime": "benefits_regime", "numero_allocataire": "benefits_number",
}  # fmt: skip
CONTACT = {
    "nom": "name", "lien": "relation", "telephone": "phone", "enfant": "child",
    "peut_venir_chercher": "may_pick_up", "ordre": "priority",
}  # fmt: skip
CHILD = {
    "prenom": "first_name", "nom": "last_name", "naissance": "birth_date", "lieu_de_naissance": "birth_place",
    "ecole": "school", "niveau": "level",
}  # fmt: skip


# What is read --------------------------------------------------------------------------------------------------------


class RecordGuardianSerializer(serializers.Serializer[Guardian]):
    """`vu` se renvoie pour modifier : il dit ce que l’agent avait sous les yeux."""

    id = serializers.UUIDField()
    civilite = serializers.CharField(source="person.civility")
    prenom = serializers.CharField(source="person.first_name")
    nom = serializers.CharField(source="person.last_name")
    nom_de_naissance = serializers.CharField(source="person.birth_name")
    courriel = serializers.CharField(source="person.email")
    telephone = serializers.CharField(source="person.phone")
    autre_telephone = serializers.CharField(source="person.second_phone")
    regime = serializers.CharField(source="benefits_regime")
    numero_allocataire = serializers.CharField(source="benefits_number")
    autorite_parentale = serializers.BooleanField(source="parental_authority")
    vu = serializers.SerializerMethodField()

    def get_vu(self, guardian: Guardian) -> str:
        return desk.state_of_adult(guardian)


class RecordChildSerializer(serializers.Serializer[Child]):
    id = serializers.UUIDField()
    prenom = serializers.CharField(source="person.first_name")
    nom = serializers.CharField(source="person.last_name")
    naissance = serializers.DateField(source="person.birth_date", allow_null=True)


class RecordContactSerializer(serializers.Serializer[Contact]):
    id = serializers.UUIDField()
    nom = serializers.CharField(source="name")
    lien = serializers.CharField(source="relation")
    telephone = serializers.CharField(source="phone")
    enfant = serializers.UUIDField(source="child_id", allow_null=True)
    peut_venir_chercher = serializers.BooleanField(source="may_pick_up")
    ordre = serializers.IntegerField(source="priority")
    vu = serializers.SerializerMethodField()

    def get_vu(self, contact: Contact) -> str:
        return desk.state_of(contact, desk.CONTACT)


class RecordSerializer(serializers.Serializer[Family]):
    """Le dossier d’un foyer, comme l’agent peut l’écrire."""

    id = serializers.UUIDField()
    nom = serializers.CharField(source="name")
    adresse = serializers.CharField(source="address")
    code_postal = serializers.CharField(source="postcode")
    commune = serializers.CharField(source="city")
    habite_la_commune = serializers.BooleanField(source="resident")
    reference = serializers.CharField()
    responsables = serializers.SerializerMethodField()
    enfants = serializers.SerializerMethodField()
    personnes_a_prevenir = serializers.SerializerMethodField()
    vu = serializers.SerializerMethodField()

    @extend_schema_field(RecordGuardianSerializer(many=True))
    def get_responsables(self, family: Family) -> Any:
        return RecordGuardianSerializer(_guardians(family), many=True).data  # type: ignore[arg-type]

    @extend_schema_field(RecordChildSerializer(many=True))
    def get_enfants(self, family: Family) -> Any:
        return RecordChildSerializer(family.children.select_related("person"), many=True).data  # type: ignore[arg-type]

    @extend_schema_field(RecordContactSerializer(many=True))
    def get_personnes_a_prevenir(self, family: Family) -> Any:
        return RecordContactSerializer(family.contacts.all(), many=True).data  # type: ignore[arg-type]

    def get_vu(self, family: Family) -> str:
        return desk.state_of(family, desk.HOUSEHOLD)


# What is sent --------------------------------------------------------------------------------------------------------


class DeskSerializer(serializers.Serializer[Any]):
    """Qui le demande, et comment : le journal les garde, les responsables sont prévenus."""

    demande_par = serializers.UUIDField(required=False, help_text="Un responsable de ce foyer.")
    canal = serializers.ChoiceField(choices=desk.Channel.choices)


class ChangeHouseholdSerializer(DeskSerializer):
    vu = serializers.CharField()
    nom = serializers.CharField(max_length=200, required=False)
    adresse = serializers.CharField(max_length=200, required=False, allow_blank=True)
    code_postal = serializers.CharField(max_length=10, required=False, allow_blank=True)
    commune = serializers.CharField(max_length=100, required=False, allow_blank=True)
    habite_la_commune = serializers.BooleanField(required=False)
    reference = serializers.CharField(max_length=40, required=False, allow_blank=True)


class AdultSerializer(DeskSerializer):
    civilite = serializers.ChoiceField(choices=["mme", "m", ""], required=False)
    prenom = serializers.CharField(max_length=100)
    nom = serializers.CharField(max_length=100)
    nom_de_naissance = serializers.CharField(max_length=100, required=False, allow_blank=True)
    courriel = serializers.EmailField(required=False, allow_blank=True)
    telephone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    autre_telephone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    regime = serializers.ChoiceField(choices=[*Guardian.Regime.values, ""], required=False)
    numero_allocataire = serializers.CharField(max_length=15, required=False, allow_blank=True)


class NewAdultSerializer(AdultSerializer):
    autorite_parentale = serializers.BooleanField(default=False)


class ChangeAdultSerializer(AdultSerializer):
    vu = serializers.CharField()
    prenom = serializers.CharField(max_length=100, required=False)
    nom = serializers.CharField(max_length=100, required=False)


class NewChildSerializer(DeskSerializer):
    prenom = serializers.CharField(max_length=100)
    nom = serializers.CharField(max_length=100)
    naissance = serializers.DateField()
    lieu_de_naissance = serializers.CharField(max_length=100, required=False, allow_blank=True)
    ecole = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Site.objects.filter(kind__in=Site.SCHOOL_KINDS),
        required=False,
        help_text="Code d’une école (voir /commune/lieux/).",
    )
    niveau = serializers.CharField(max_length=20, required=False, allow_blank=True)


class NewContactSerializer(DeskSerializer):
    nom = serializers.CharField(max_length=200)
    lien = serializers.CharField(max_length=100, required=False, allow_blank=True)
    telephone = serializers.CharField(max_length=30)
    enfant = serializers.UUIDField(required=False, allow_null=True, help_text="Aucun : tous les enfants.")
    peut_venir_chercher = serializers.BooleanField(required=False)
    ordre = serializers.IntegerField(min_value=1, max_value=99, required=False)


class ChangeContactSerializer(NewContactSerializer):
    vu = serializers.CharField()
    nom = serializers.CharField(max_length=200, required=False)
    telephone = serializers.CharField(max_length=30, required=False)


# Acts ----------------------------------------------------------------------------------------------------------------


def _guardians(family: Family) -> list[Guardian]:
    return list(family.guardians.filter(merged_into__isnull=True).select_related("person__user"))


def _values(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: data[name] for name, ours in names.items() if name in data}


def _wrong(error: ValidationError, names: Mapping[str, str]) -> Exception:
    """What the record refuses, by the names of the API."""
    if isinstance(error, desk.Overtaken):
        return Problem(
            status=409, code="dossier-change", title=_("Le dossier a changé"), detail=error.messages[0]
        )
    french = {ours: name for name, ours in names.items()}
    if hasattr(error, "error_dict"):
        return serializers.ValidationError(
            {french.get(field, ""): told for field, told in error.message_dict.items()}
        )
    return serializers.ValidationError({"": error.messages})


class _Desk(APIView):
    permission_classes = [AgentPermission(CHANGE)]

    def family(self, request: Request, family_id: UUID) -> Family:
        return get_object_or_404(reached(request.user, CHANGE), pk=family_id)

    def contact(self, family: Family, contact_id: UUID) -> Contact:
        return get_object_or_404(Contact, pk=contact_id, family=family)

    def asked(self, request: Request, family: Family, data: Mapping[str, Any]) -> desk.Asked:
        who = None
        if key := data.get("demande_par"):
            who = next((one for one in _guardians(family) if one.pk == key), None)
            if who is None:
                raise serializers.ValidationError(
                    {"demande_par": [_("Ce responsable n’est pas de ce foyer.")]}
                )
        return desk.Asked(request.user, who, str(desk.Channel(data["canal"]).label))

    def write(
        self,
        family: Family,
        names: Mapping[str, str],
        act: Callable[[], Any],
        what: str,
        *,
        to: list[Guardian] | None = None,
        also: str = "",
        status: int = 200,
    ) -> Response:
        """Do one act and tell the guardians; `act` returns something empty when nothing changed."""
        try:
            with transaction.atomic():
                if act():
                    records.tell(to or _guardians(family), what, also=also)
        except ValidationError as error:
            raise _wrong(error, names) from error
        family.refresh_from_db()
        return Response(RecordSerializer(family).data, status=status)


def _typed(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    typed = serializer(data=request.data)
    typed.is_valid(raise_exception=True)
    return typed.validated_data


class Record(_Desk):
    @extend_schema(
        summary="Le dossier d’un foyer", tags=[TAG], responses=RecordSerializer, operation_id="dossier_lire"
    )
    def get(self, request: Request, family_id: UUID) -> Response:
        return Response(RecordSerializer(self.family(request, family_id)).data)

    @extend_schema(
        summary="Changer le nom ou l’adresse d’un foyer",
        tags=[TAG],
        request=ChangeHouseholdSerializer,
        responses={200: RecordSerializer, 409: STALE},
        operation_id="dossier_changer",
    )
    def patch(self, request: Request, family_id: UUID) -> Response:
        family, data = self.family(request, family_id), _typed(ChangeHouseholdSerializer, request)
        asked = self.asked(request, family, data)
        return self.write(
            family,
            HOUSEHOLD,
            lambda: desk.change_household(
                family=family, values=_values(data, HOUSEHOLD), seen=data["vu"], asked=asked
            ),
            _("adresse ou nom du foyer"),
        )


class RecordGuardians(_Desk):
    @extend_schema(
        summary="Ajouter un responsable",
        tags=[TAG],
        request=NewAdultSerializer,
        responses={201: RecordSerializer},
        operation_id="dossier_ajouter_responsable",
    )
    def post(self, request: Request, family_id: UUID) -> Response:
        family, data = self.family(request, family_id), _typed(NewAdultSerializer, request)
        asked, told = self.asked(request, family, data), _guardians(family)
        return self.write(
            family,
            ADULT,
            lambda: desk.add_adult(
                family=family, values=_values(data, ADULT), authority=data["autorite_parentale"], asked=asked
            ),
            _("un responsable ajouté"),
            to=told,
            status=201,
        )


class RecordGuardian(_Desk):
    @extend_schema(
        summary="Changer les coordonnées d’un responsable",
        tags=[TAG],
        request=ChangeAdultSerializer,
        responses={200: RecordSerializer, 409: STALE},
        operation_id="dossier_changer_responsable",
    )
    def patch(self, request: Request, family_id: UUID, guardian_id: UUID) -> Response:
        family, data = self.family(request, family_id), _typed(ChangeAdultSerializer, request)
        guardian = next((one for one in _guardians(family) if one.pk == guardian_id), None)
        if guardian is None:
            raise Http404
        asked, former, values = self.asked(request, family, data), guardian.person.email, _values(data, ADULT)
        return self.write(
            family,
            ADULT,
            lambda: desk.change_adult(guardian=guardian, values=values, seen=data["vu"], asked=asked),
            _("vos coordonnées"),
            to=[guardian],
            also=former if values.get("email", former) != former else "",
        )


class RecordChildren(_Desk):
    @extend_schema(
        summary="Ajouter un enfant",
        tags=[TAG],
        request=NewChildSerializer,
        responses={201: RecordSerializer},
        operation_id="dossier_ajouter_enfant",
    )
    def post(self, request: Request, family_id: UUID) -> Response:
        family, data = self.family(request, family_id), _typed(NewChildSerializer, request)
        asked = self.asked(request, family, data)
        return self.write(
            family,
            CHILD,
            lambda: desk.add_child(family=family, today=clock.today(), asked=asked, **_values(data, CHILD)),
            _("un enfant ajouté"),
            status=201,
        )


class RecordContacts(_Desk):
    @extend_schema(
        summary="Ajouter une personne à prévenir",
        tags=[TAG],
        request=NewContactSerializer,
        responses={201: RecordSerializer},
        operation_id="dossier_ajouter_contact",
    )
    def post(self, request: Request, family_id: UUID) -> Response:
        family, data = self.family(request, family_id), _typed(NewContactSerializer, request)
        return _save_contact(self, request, family, None, data, "")


class RecordContact(_Desk):
    @extend_schema(
        summary="Changer une personne à prévenir",
        tags=[TAG],
        request=ChangeContactSerializer,
        responses={200: RecordSerializer, 409: STALE},
        operation_id="dossier_changer_contact",
    )
    def patch(self, request: Request, family_id: UUID, contact_id: UUID) -> Response:
        family, data = self.family(request, family_id), _typed(ChangeContactSerializer, request)
        return _save_contact(self, request, family, self.contact(family, contact_id), data, data["vu"])


class RecordContactEnd(_Desk):
    @extend_schema(
        summary="Retirer une personne à prévenir",
        tags=[TAG],
        request=DeskSerializer,
        responses=RecordSerializer,
        operation_id="dossier_retirer_contact",
    )
    def post(self, request: Request, family_id: UUID, contact_id: UUID) -> Response:
        family, data = self.family(request, family_id), _typed(DeskSerializer, request)
        contact, asked = self.contact(family, contact_id), self.asked(request, family, data)

        def remove() -> bool:
            desk.remove_contact(contact=contact, asked=asked)
            return True

        return self.write(family, CONTACT, remove, _("une personne à prévenir retirée"))


def _save_contact(
    view: _Desk, request: Request, family: Family, contact: Contact | None, data: dict[str, Any], seen: str
) -> Response:
    asked, values = view.asked(request, family, data), _values(data, CONTACT)
    if key := values.get("child"):
        values["child"] = Child.objects.filter(pk=key, families=family).first()
        if values["child"] is None:
            raise serializers.ValidationError({"enfant": [_("Cet enfant n’est pas de cette famille.")]})
    if contact is None:
        values.setdefault("priority", desk.next_priority(family))
    return view.write(
        family,
        CONTACT,
        lambda: desk.save_contact(family=family, contact=contact, values=values, seen=seen, asked=asked),
        _("une personne à prévenir"),
        status=200 if contact else 201,
    )
