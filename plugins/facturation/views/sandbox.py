"""The sandbox's own page: it accepts, refuses, abandons or delays. It stands for a bank's."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve
from django.views.decorators.http import require_http_methods

from core.kernel import clock
from core.kernel.access import public
from plugins.facturation import sandbox
from plugins.facturation.models import SandboxTransaction
from plugins.facturation.services.payments import notified
from plugins.facturation.views.payments import is_on

CHOICES = {
    "accepter": (SandboxTransaction.Decision.ACCEPTED, False),
    "refuser": (SandboxTransaction.Decision.REFUSED, False),
    "abandonner": (SandboxTransaction.Decision.ABANDONED, False),
    "differer": (SandboxTransaction.Decision.ACCEPTED, True),
}


@require_http_methods(["GET", "POST"])
@public
def page(request: HttpRequest, transaction_id: UUID) -> HttpResponse:
    row = SandboxTransaction.objects.filter(pk=transaction_id).first()
    waiting = SandboxTransaction.Decision.WAITING
    if row is None or not sandbox.is_offered() or (not is_on() and row.decision != waiting):
        raise Http404
    if request.method == "POST" and (choice := CHOICES.get(request.POST.get("choix", ""))):
        decision, late = choice
        if sandbox.decide(transaction_id=row.pk, decision=decision, late=late) and not late:
            _notify(row)
        return redirect(row.return_url)
    return render(request, "facturation/sandbox.html", {"order": row, "waiting": waiting})


def _notify(row: SandboxTransaction) -> None:
    """What a bank would post to `notify_url`; from inside, since nothing here calls out."""
    path = "/" + row.notify_url.split("/", 3)[3]
    provider = resolve(path).kwargs["provider"]
    notified(provider=provider, data={"transaction": str(row.pk)}, now=clock.now())
