"""What the core says of a family."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import euros
from core.contracts.family import ChildRef, FamilyContext, GuardianRef, QuotientRef
from core.families.models import Contact


class GuardianSerializer(serializers.Serializer[GuardianRef]):
    id = serializers.UUIDField()
    prenom = serializers.CharField(source="first_name")
    nom = serializers.CharField(source="last_name")


class SchoolSerializer(serializers.Serializer[ChildRef]):
    id = serializers.UUIDField(source="site_id")
    nom = serializers.CharField(source="site_name")
    niveau = serializers.CharField(source="level")


class ChildSerializer(serializers.Serializer[ChildRef]):
    id = serializers.UUIDField()
    prenom = serializers.CharField(source="first_name")
    nom = serializers.CharField(source="last_name")
    naissance = serializers.DateField(source="birth_date")
    ecole = serializers.SerializerMethodField()

    @extend_schema_field(SchoolSerializer(allow_null=True))
    def get_ecole(self, child: ChildRef) -> dict[str, Any] | None:
        """École de l’année scolaire en cours, si elle est connue."""
        return SchoolSerializer(child).data if child.site_id else None


class ContactSerializer(serializers.ModelSerializer[Contact]):
    nom = serializers.CharField(source="name")
    lien = serializers.CharField(source="relation")
    telephone = serializers.CharField(source="phone")
    peut_venir_chercher = serializers.BooleanField(source="may_pick_up")

    class Meta:
        model = Contact
        fields = ("id", "nom", "lien", "telephone", "peut_venir_chercher")


class QuotientSerializer(serializers.Serializer[QuotientRef]):
    valeur = serializers.SerializerMethodField()
    sorte = serializers.CharField(source="kind")
    mois = serializers.DateField(source="month")
    compte_a_partir_du = serializers.DateField(source="valid_from")

    def get_valeur(self, quotient: QuotientRef) -> str:
        """Euros par mois, deux décimales."""
        return euros(quotient.value)


class FamilySerializer(serializers.Serializer[FamilyContext]):
    id = serializers.UUIDField()
    nom = serializers.CharField(source="name")
    habite_la_commune = serializers.BooleanField(source="resident")
    responsables = GuardianSerializer(source="guardians", many=True)
    enfants = ChildSerializer(source="children", many=True)
    personnes_a_prevenir = ContactSerializer(many=True)
    quotient = QuotientSerializer(allow_null=True)


class ResourceSerializer(serializers.Serializer[Any]):
    libelle = serializers.CharField()
    adresse = serializers.CharField()


class RootSerializer(serializers.Serializer[Any]):
    nom = serializers.CharField()
    version = serializers.CharField()
    ressources = ResourceSerializer(many=True)
