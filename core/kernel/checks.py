"""System checks: what must hold before a process serves anybody."""

from collections import Counter
from typing import Any

from django.core import checks
from django.core.checks import Error, register

from core.contracts import payments
from core.kernel import calls, discovery


@register()
def quarantined_plugins(**kwargs: Any) -> list[checks.Warning]:
    return [
        checks.Warning(f"Plugin {item.slug} is put aside: {item.reason}", id="parvis.W001")
        for item in discovery.quarantined()
    ]


@register()
def unique_payment_providers(**kwargs: Any) -> list[Error]:
    codes = Counter(provider.code for _, provider in calls.boot(payments.payment_providers))
    return [
        Error(f"Two payment providers share the code “{code}”.", id="parvis.E001")
        for code, count in codes.items()
        if count > 1
    ]
