"""Screens of agents made of viewsets: régies and products. Runs, invoices and payments are plain views."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.backoffice.viewsets import ScopedModelViewSet
from plugins.facturation.models import ProductMapping, Regie


class RegieViewSet(ScopedModelViewSet):
    """Régies are never deleted: their numbers go on."""

    model = Regie
    name = "regies"
    icon = "home"
    menu_label = _("Régies")
    form_fields = [
        "code", "name", "issuer", "due_days", "payment_means", "contact", "unpaid_notice", "vat_notice",
        "correction_alert_cents",
    ]  # fmt: skip
    list_display = ["name", "code", "due_days"]
    search_fields = ["name", "code"]
    ordering = ["name"]
    actions = frozenset({"list", "add", "change"})

    def scope(self, user: Any) -> QuerySet[Regie]:
        return Regie.objects.all()


class ProductViewSet(ScopedModelViewSet):
    """Where each product of the tariffs is billed. What is already billed keeps the régie and code that it had."""

    model = ProductMapping
    name = "produits-factures"
    icon = "tag"
    menu_label = _("Produits facturés")
    form_fields = ["product", "label", "regie", "accounting_code", "cesu"]
    list_display = ["label", "product", "regie", "accounting_code", "cesu"]
    list_filter = ["regie", "cesu"]
    search_fields = ["product", "label"]
    ordering = ["product"]
    actions = frozenset({"list", "add", "change", "delete"})

    def scope(self, user: Any) -> QuerySet[ProductMapping]:
        return ProductMapping.objects.select_related("regie")
