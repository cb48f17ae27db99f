"""« Calculer mon tarif »: the public simulator, the prices of one's own children, and the grid of each service.

What is typed is posted, so that no quotient stays in an address or in a log, and nothing of it is kept.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.contracts.family import Act, FamilyContext
from core.contracts.money import Money
from core.families.access import current
from core.kernel import clock
from core.kernel.access import public
from core.portal.forms_tariffs import ChangeForm, SimulatorForm
from core.portal.grids import grid_pdf
from core.pricing import offered as sold
from core.pricing.grid import grid
from core.pricing.offered import Offered
from core.pricing.simulator import answers_for, changed, compared, cost, household_of, questions
from core.ui.formats import euros


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@public
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """A guardian's own prices; for anybody else, the public simulator."""
    context = current(request)
    if context is None or context.mandate or not context.may(Act.MONEY):
        return simulate(request)
    return _mine(request, context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def simulator(request: HttpRequest) -> HttpResponse:
    """Any family's prices, without an account."""
    return simulate(request)


def simulate(request: HttpRequest) -> HttpResponse:
    offered = sold.services(clock.today())
    form = SimulatorForm(offered, questions(offered), _posted(request))
    costs = None
    if request.method == "POST" and form.is_valid():
        answers = form.answers()
        costs = [cost(offer, answers_for(offer, answers), a_week=form.places(offer)) for offer in offered]
    data = {"form": form, "costs": costs, "offered": offered, "priced": any(o.tariff for o in offered)}
    return render(request, "portal/tariffs/simulator.html", data)


def _mine(request: HttpRequest, context: FamilyContext) -> HttpResponse:
    """What each child costs in each service today, and beside it in another life."""
    offered = sold.services(context.today, context)
    household = household_of(context, offered)
    costs = household.costs()
    form = ChangeForm(household, _posted(request))
    data: dict[str, Any] = {"family": context, "costs": costs, "form": form, "offered": offered}
    if request.method == "POST" and form.is_valid():
        other = changed(household, form.change).costs()
        data |= {
            "other": other,
            "compared": compared(costs, other),
            "verdict": _verdict(other.month - costs.month),
        }
    return render(request, "portal/tariffs/mine.html", data)


def _verdict(difference: Money) -> str:
    if not difference:
        return _("Vous paieriez la même chose.")
    words = _("%(amount)s de plus par mois.") if difference.cents > 0 else _("%(amount)s de moins par mois.")
    return _("Vous paieriez environ %(rest)s") % {"rest": words % {"amount": euros(abs(difference))}}


def _offer(code: str) -> Offered:
    found = next((offer for offer in sold.services(clock.today()) if offer.code == code), None)
    if found is None or found.tariff is None:
        raise Http404
    return found


@public
@require_safe
def grid_page(request: HttpRequest, code: str) -> HttpResponse:
    """The public grid of a service."""
    offer = _offer(code)
    assert offer.tariff is not None  # noqa: S101 - _offer says so
    data = {"offer": offer, "tariff": offer.tariff, "grid": grid(offer.tariff, offer.service.states)}
    return render(request, "portal/tariffs/grid.html", data)


@public
@require_safe
def grid_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The same on paper."""
    offer = _offer(code)
    assert offer.tariff is not None  # noqa: S101 - _offer says so
    content = grid_pdf(
        offer, grid(offer.tariff, offer.service.states), address=reverse("portal:grid", args=[code])
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="tarif-{offer.code}.pdf"'
    return answer


@public
@require_safe
def grid_data(request: HttpRequest, code: str) -> JsonResponse:
    """The same as open data."""
    offer = _offer(code)
    assert offer.tariff is not None  # noqa: S101 - _offer says so
    found = grid(offer.tariff, offer.service.states)
    answer = JsonResponse(found.to_json(), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="tarif-{offer.code}.json"'
    return answer
