"""Fields that several APIs share."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.contracts.money import Money


@extend_schema_field({"type": "string", "pattern": r"^-?\d+\.\d{2}$", "example": "2.40"})
class MoneyField(serializers.Field[Money, str, str, Any]):
    """Euros as a string with two decimals. Reads a Money or whole cents; gives a Money."""

    default_error_messages = {"invalid": _("Écrivez un montant en euros, par exemple « 2.40 ».")}

    def to_representation(self, value: Money | int) -> str:
        return (value if isinstance(value, Money) else Money(value)).plain

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            return Money.of(data)
        except (ValueError, TypeError):
            self.fail("invalid")


def euros(value: Decimal) -> str:
    """A quotient as the API writes it: `520.00`."""
    return f"{value:.2f}"
