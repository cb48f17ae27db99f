"""Where a payment is: the page to which the browser comes back, and the address that providers notify.

Both only ask the provider again. They stay open while the plugin is off, as long as the payment waits.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.contracts.family import Act
from core.families.access import family_may, family_of
from core.kernel import clock, state
from core.kernel.access import public
from plugins.facturation.models import Payment
from plugins.facturation.selectors.payments import paid_invoices, payment_for
from plugins.facturation.services.payments import notified, refresh_payment

SLUG = "facturation"


def is_on() -> bool:
    return SLUG in state.enabled_slugs()


@family_may(Act.MONEY)
def payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """The state of a payment, as its provider tells it now. What the browser brings back is not read."""
    found = payment_for(family_of(request), payment_id)
    if found is None or (not is_on() and found.state not in Payment.OPEN):
        raise Http404
    if found.state != Payment.State.PAID:
        found = refresh_payment(payment_id=found.pk, now=clock.now())
    return render(
        request,
        "facturation/payment.html",
        {
            "payment": found,
            "waiting": found.state in Payment.OPEN,
            "items": list(found.items.select_related("invoice")),
            "paid": paid_invoices(found) if found.state == Payment.State.PAID else [],
            "on": is_on(),
        },
    )


@csrf_exempt
@require_POST
@public
def notification(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider (or somebody who pretends to be) says that something happened: we ask. The answer tells nothing."""
    if not is_on() and not Payment.objects.filter(provider=provider, state__in=Payment.OPEN).exists():
        raise Http404
    try:
        notified(provider=provider, data=request.POST.dict(), now=clock.now())
    except LookupError as error:
        raise Http404 from error
    return HttpResponse(status=204)
