"""Payments that nobody came back from: their provider is asked until each has ended."""

from datetime import datetime

from plugins.facturation.models import Payment
from plugins.facturation.services.payments import refresh_payments

PER_TRANSACTION = 20


def follow_open_payments(now: datetime) -> None:
    """Ask about every open payment; one that its provider leaves pending for two hours expires, and so ends."""
    opened = Payment.objects.filter(state__in=Payment.OPEN).order_by("created_at")
    asked = list(opened.values_list("pk", flat=True))
    for start in range(0, len(asked), PER_TRANSACTION):
        refresh_payments(payment_ids=asked[start : start + PER_TRANSACTION], now=now)
