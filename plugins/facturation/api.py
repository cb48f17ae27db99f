"""Invoices and payments through the API: the same reads and services as the pages."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.fields import MoneyField
from core.api.permissions import FamilyMay
from core.api.problems import Problem
from core.api.views_requests import RequestDetailSerializer
from core.contracts.family import Act, FamilyContext
from core.kernel import clock
from plugins.facturation import documents
from plugins.facturation.errors import PaymentRefused
from plugins.facturation.forms import LONGEST
from plugins.facturation.models import Invoice, Payment
from plugins.facturation.questions import Subject
from plugins.facturation.selectors import invoices as reads
from plugins.facturation.selectors.payments import payment_for, receipt_for
from plugins.facturation.selectors.statement import statement
from plugins.facturation.services.payments import offered_providers, refresh_payment, start_payment
from plugins.facturation.services.questions import ask
from plugins.facturation.views.family import as_pdf

app_name = "facturation"

TAG = "Factures"


def _family(request: Request) -> FamilyContext:
    return request.family  # type: ignore[attr-defined]


class InvoiceSerializer(serializers.Serializer[Invoice]):
    """Une facture ou un avoir (montant négatif), et où elle en est."""

    id = serializers.UUIDField()
    numero = serializers.CharField(source="reference")
    nature = serializers.ChoiceField(choices=Invoice.Kind.values, source="kind")
    mois = serializers.DateField(source="period")
    date = serializers.DateField(source="issued_on")
    echeance = serializers.DateField(source="due_on")
    regie = serializers.CharField(source="regie.name")
    debiteur = serializers.CharField(source="debtor_name")
    montant = MoneyField(source="total_cents")
    reste = MoneyField(source="due_cents")
    etat = serializers.SerializerMethodField()
    etat_libelle = serializers.SerializerMethodField()
    pdf = serializers.SerializerMethodField()

    def _standing(self, invoice: Invoice) -> reads.Standing:
        return reads.standing(invoice, clock.today(), getattr(invoice, "pending", None))

    def get_etat(self, invoice: Invoice) -> str:
        return self._standing(invoice).code

    def get_etat_libelle(self, invoice: Invoice) -> str:
        return self._standing(invoice).word

    def get_pdf(self, invoice: Invoice) -> str:
        return reverse("api:facturation:invoice_pdf", args=[invoice.pk])


class LineSerializer(serializers.Serializer[Any]):
    """Des prestations d’un enfant, au même prix, avec leurs jours et la raison du prix."""

    libelle = serializers.CharField(source="label")
    lieu = serializers.CharField(source="site")
    unite = serializers.CharField(source="unit")
    quantite = serializers.IntegerField(source="quantity")
    prix = MoneyField(source="unit_cents")
    montant = MoneyField(source="total_cents")
    annulation = serializers.BooleanField(source="reversal")
    jours = serializers.ListField(child=serializers.DateField(), source="dates")
    explications = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), source="reasons"
    )


class SectionSerializer(serializers.Serializer[Any]):
    enfant = serializers.CharField(source="name")
    montant = MoneyField(source="total_cents")
    lignes = LineSerializer(source="groups", many=True)


class ReceiptRefSerializer(serializers.Serializer[Any]):
    """Ce qui a réglé une partie de la facture ; `recu` est vide pour un avoir."""

    libelle = serializers.CharField(source="label")
    montant = MoneyField(source="cents")
    date = serializers.DateField(source="day")
    recu = serializers.UUIDField(source="receipt", allow_null=True)


class InvoiceDetailSerializer(InvoiceSerializer):
    solde_anterieur = MoneyField(source="balance_before_cents")
    sections = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField()
    reglements = serializers.SerializerMethodField()

    def _statement(self, invoice: Invoice) -> Any:
        if not hasattr(invoice, "_statement"):
            invoice._statement = statement(invoice.pk)  # type: ignore[attr-defined]
        return invoice._statement  # type: ignore[attr-defined]

    @extend_schema_field(SectionSerializer(many=True))
    def get_sections(self, invoice: Invoice) -> Any:
        return SectionSerializer(self._statement(invoice).sections, many=True).data

    @extend_schema_field(SectionSerializer(many=True))
    def get_corrections(self, invoice: Invoice) -> Any:
        return SectionSerializer(self._statement(invoice).earlier, many=True).data

    @extend_schema_field(ReceiptRefSerializer(many=True))
    def get_reglements(self, invoice: Invoice) -> Any:
        return ReceiptRefSerializer(reads.settlements(invoice), many=True).data


class StartSerializer(serializers.Serializer[Any]):
    """Les factures à payer ensemble (d’une même régie) ; `moyen` n’est utile que s’il y en a plusieurs."""

    factures = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)
    moyen = serializers.CharField(required=False, allow_blank=True)


class PaymentSerializer(serializers.Serializer[Payment]):
    """Un paiement : son état est celui que le prestataire donne. `adresse` est la page où payer."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    montant = MoneyField(source="amount_cents")
    credit = MoneyField(source="credit_cents")
    etat = serializers.ChoiceField(choices=Payment.State.values, source="state")
    etat_libelle = serializers.CharField(source="get_state_display")
    commence_le = serializers.DateTimeField(source="created_at")
    paye_le = serializers.DateTimeField(source="settled_at", allow_null=True)
    adresse = serializers.SerializerMethodField()
    recu = serializers.SerializerMethodField()

    def get_adresse(self, payment: Payment) -> str:
        return payment.redirect_url if payment.state in Payment.OPEN else ""

    def get_recu(self, payment: Payment) -> UUID | None:
        receipt = getattr(payment, "receipt", None)
        return receipt.pk if receipt else None


class Invoices(ListAPIView[Invoice]):
    """Les factures du foyer, la dernière d’abord."""

    permission_classes = [FamilyMay(Act.MONEY)]
    serializer_class = InvoiceSerializer

    @extend_schema(
        summary="Lister les factures du foyer",
        tags=[TAG],
        parameters=[OpenApiParameter("a_payer", bool, description="Seulement ce qui reste à payer")],
        operation_id="factures_lister",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Invoice]:
        only = self.request.query_params.get("a_payer", "").lower() in ("1", "true", "oui")
        read = reads.to_pay if only else reads.invoices_of
        return read(_family(self.request), clock.now())


def _invoice(request: Request, invoice_id: UUID) -> Invoice:
    found = reads.invoice_for(_family(request), invoice_id, clock.now())
    if found is None:
        raise Http404
    return found


class InvoiceDetail(APIView):
    """Une facture, ses lignes, leurs raisons, ce qui l’a réglée."""

    permission_classes = [FamilyMay(Act.MONEY)]

    @extend_schema(
        summary="Lire une facture",
        tags=[TAG],
        responses=InvoiceDetailSerializer,
        operation_id="factures_lire",
    )
    def get(self, request: Request, invoice_id: UUID) -> Response:
        return Response(InvoiceDetailSerializer(_invoice(request, invoice_id)).data)


class QuestionSerializer(serializers.Serializer[Any]):
    """Une question sur une facture ; la même valeur d’`envoi`, envoyée deux fois, n’en fait qu’une."""

    sujet = serializers.ChoiceField(choices=Subject.values)
    texte = serializers.CharField(max_length=LONGEST)
    envoi = serializers.UUIDField(required=False)


class Questions(APIView):
    """Poser une question sur une facture."""

    permission_classes = [FamilyMay(Act.MONEY)]

    @extend_schema(
        summary="Poser une question sur une facture",
        description="La demande se suit ensuite à l’adresse des demandes.",
        tags=[TAG],
        request=QuestionSerializer,
        responses={201: RequestDetailSerializer},
        operation_id="factures_question",
    )
    def post(self, request: Request, invoice_id: UUID) -> Response:
        found = _invoice(request, invoice_id)
        typed = QuestionSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        asked = ask(
            invoice=found,
            family=_family(request),
            actor=request.user,
            subject=typed.validated_data["sujet"],
            text=typed.validated_data["texte"],
            now=clock.now(),
            submission=typed.validated_data.get("envoi"),
        )
        return Response(RequestDetailSerializer(asked).data, status=201)


class InvoicePdf(APIView):
    """Le document PDF d’une facture."""

    permission_classes = [FamilyMay(Act.MONEY)]

    @extend_schema(
        summary="Télécharger une facture (PDF)",
        tags=[TAG],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="Le document")},
        operation_id="factures_pdf",
    )
    def get(self, request: Request, invoice_id: UUID) -> HttpResponse:
        found = _invoice(request, invoice_id)
        url = request.build_absolute_uri(reverse("facturation:invoice", args=[found.pk]))
        return as_pdf(documents.invoice_pdf(found, url=url), found.reference)


class ReceiptPdf(APIView):
    """Le document PDF d’un reçu."""

    permission_classes = [FamilyMay(Act.MONEY)]

    @extend_schema(
        summary="Télécharger un reçu (PDF)",
        tags=[TAG],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="Le document")},
        operation_id="recus_pdf",
    )
    def get(self, request: Request, receipt_id: UUID) -> HttpResponse:
        found = receipt_for(_family(request), receipt_id)
        if found is None:
            raise Http404
        return as_pdf(documents.receipt_pdf(found), found.reference)


class Payments(APIView):
    """Les paiements en ligne."""

    permission_classes = [FamilyMay(Act.MONEY)]

    @extend_schema(
        summary="Commencer un paiement",
        description="Répond l’adresse où payer ; l’état se lit ensuite sur le paiement.",
        tags=[TAG],
        request=StartSerializer,
        responses={201: PaymentSerializer},
        operation_id="paiements_commencer",
    )
    def post(self, request: Request) -> Response:
        wanted = StartSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        context = _family(request)
        invoices = [_invoice(request, invoice_id) for invoice_id in wanted.validated_data["factures"]]
        offered = offered_providers()
        try:
            payment = start_payment(
                invoices=[invoice.pk for invoice in invoices],
                family=invoices[0].family_id,
                payer=context.guardian.id,
                provider=wanted.validated_data.get("moyen") or (offered[0].code if offered else ""),
                account=request.user,
                email=getattr(request.user, "email", ""),
                base_url=request.build_absolute_uri("/").rstrip("/"),
                now=clock.now(),
            )
        except PaymentRefused as error:
            raise Problem(
                status=409,
                code=error.code.replace("_", "-"),
                title=_("Le paiement ne peut pas commencer"),
                detail=str(error),
            ) from error
        return Response(PaymentSerializer(payment).data, status=201)


class PaymentDetail(APIView):
    """Un paiement : chaque lecture interroge le prestataire tant qu’il n’est pas payé."""

    permission_classes = [FamilyMay(Act.MONEY)]

    @extend_schema(
        summary="Lire l’état d’un paiement",
        tags=[TAG],
        responses=PaymentSerializer,
        operation_id="paiements_lire",
    )
    def get(self, request: Request, payment_id: UUID) -> Response:
        found = payment_for(_family(request), payment_id)
        if found is None:
            raise Http404
        return Response(PaymentSerializer(refresh_payment(payment_id=found.pk, now=clock.now())).data)


urlpatterns = [
    path("factures/", Invoices.as_view(), name="invoices"),
    path("factures/<uuid:invoice_id>/", InvoiceDetail.as_view(), name="invoice"),
    path("factures/<uuid:invoice_id>/questions/", Questions.as_view(), name="questions"),
    path("factures/<uuid:invoice_id>/pdf/", InvoicePdf.as_view(), name="invoice_pdf"),
    path("recus/<uuid:receipt_id>/pdf/", ReceiptPdf.as_view(), name="receipt_pdf"),
    path("paiements/", Payments.as_view(), name="payments"),
    path("paiements/<uuid:payment_id>/", PaymentDetail.as_view(), name="payment"),
]

index = [(gettext_lazy("Factures"), "invoices")]
