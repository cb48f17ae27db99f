"""Tariffs as open data, and the price of any case: what the public pages show, without an account."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.fields import MoneyField
from core.api.permissions import Public, PublicQuestion
from core.contracts.pricing import Fact, Price, PriceLine, Tariff
from core.kernel import clock
from core.pricing import offered as sold
from core.pricing.grid import grid
from core.pricing.offered import Offered
from core.pricing.simulator import asked
from core.pricing.stated import stated_facts

TAG = "Tarifs"


class ChoiceValueSerializer(serializers.Serializer[Any]):
    valeur = serializers.JSONField(help_text=_("Ce qui s’écrit dans « faits »."))
    libelle = serializers.CharField()


class FactSerializer(serializers.Serializer[Fact]):
    nom = serializers.CharField(source="name")
    nature = serializers.CharField(source="type")
    libelle = serializers.CharField(source="label")
    obligatoire = serializers.BooleanField(source="required")
    choix = serializers.SerializerMethodField()

    def get_choix(self, fact: Fact) -> list[dict[str, Any]]:
        return [{"valeur": value, "libelle": label} for value, label in fact.values]


class ServiceSerializer(serializers.Serializer[Offered]):
    code = serializers.CharField()
    libelle = serializers.CharField(source="label")
    tarif = serializers.CharField(source="service.tariff")
    publie = serializers.SerializerMethodField()
    faits = serializers.SerializerMethodField(help_text=_("Ce dont le prix dépend."))

    def get_publie(self, offer: Offered) -> bool:
        """Un tarif est en vigueur aujourd’hui."""
        return offer.tariff is not None

    def get_faits(self, offer: Offered) -> list[dict[str, Any]]:
        """Ce dont le prix dépend : ce qui s’envoie dans « faits »."""
        if offer.tariff is None:
            return []
        facts = [offer.tariff.facts[name] for name in asked(offer.tariff, offer.service.states)]
        return FactSerializer(facts, many=True).data  # type: ignore[arg-type, return-value]


class GridRowSerializer(serializers.Serializer[Any]):
    quotient = serializers.CharField()
    prix = serializers.ListField(child=serializers.CharField(allow_null=True))


class GridSerializer(serializers.Serializer[Any]):
    nom = serializers.CharField()
    code = serializers.CharField()
    unite = serializers.CharField()
    deliberation = serializers.DictField(allow_null=True)
    valable_du = serializers.DateField()
    valable_au = serializers.DateField(allow_null=True)
    mesure = serializers.CharField(
        allow_blank=True,
        help_text=_("Ce dont les lignes sont les tranches ; vide si le prix est le même pour tous."),
    )
    colonnes = serializers.ListField(child=serializers.CharField())
    lignes = GridRowSerializer(many=True)
    note = serializers.CharField(allow_blank=True)


class CaseSerializer(serializers.Serializer[Any]):
    faits = serializers.DictField(
        required=False,
        default=dict,
        help_text=_('Par exemple {"qf": "520.00", "resident": true} ; « qf » vaut null sans justificatif.'),
    )


class PriceLineSerializer(serializers.Serializer[PriceLine]):
    produit = serializers.CharField(source="product")
    libelle = serializers.CharField(source="label")
    montant = MoneyField(source="amount")


class PriceSerializer(serializers.Serializer[Price]):
    prix = MoneyField(source="total")
    lignes = PriceLineSerializer(source="lines", many=True)
    explication = serializers.SerializerMethodField()

    def get_explication(self, price: Price) -> list[str]:
        """Les phrases qui justifient le prix, dans l’ordre."""
        return [step.text for step in price.explanation.steps]


def _offer(code: str) -> tuple[Offered, Tariff]:
    for offer in sold.services(clock.today()):
        if offer.code == code and offer.tariff is not None:
            return offer, offer.tariff
    raise Http404


class Tariffs(APIView):
    permission_classes = [Public]
    for_families = True

    @extend_schema(
        summary="Les activités payantes et ce dont leur prix dépend",
        tags=[TAG],
        responses=ServiceSerializer(many=True),
        operation_id="tarifs",
    )
    def get(self, request: Request) -> Response:
        return Response(ServiceSerializer(sold.services(clock.today()), many=True).data)  # type: ignore[arg-type]


class TariffGrid(APIView):
    permission_classes = [Public]
    for_families = True

    @extend_schema(
        summary="La grille d’un tarif", tags=[TAG], responses=GridSerializer, operation_id="grille_tarif"
    )
    def get(self, request: Request, code: str) -> Response:
        offer, tariff = _offer(code)
        return Response(GridSerializer(grid(tariff, offer.service.states).to_json()).data)


class TariffPrice(APIView):
    permission_classes = [PublicQuestion]
    for_families = True

    @extend_schema(
        summary="Le prix d’un cas, expliqué ; rien n’est gardé",
        tags=[TAG],
        request=CaseSerializer,
        responses=PriceSerializer,
        operation_id="prix_tarif",
    )
    def post(self, request: Request, code: str) -> Response:
        offer, tariff = _offer(code)
        data = CaseSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        facts, problems = stated_facts(tariff, data.validated_data["faits"])
        if problems:
            raise serializers.ValidationError({"faits": {p.path: [p.reason] for p in problems}})
        found = offer.quote(facts)
        if isinstance(found, str):
            raise serializers.ValidationError({"faits": [found]})
        return Response(PriceSerializer(found).data)
