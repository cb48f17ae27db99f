"""Plain screens of core: families."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.backoffice import exports, selectors
from core.backoffice.forms import QuotientForm
from core.backoffice.screens import render_screen
from core.backoffice.search import words
from core.backoffice.tables import Cell, Column
from core.contracts import pages
from core.contracts.family import FamilyContext
from core.contracts.money import Money
from core.families.imports import FAMILIES
from core.families.models import Family
from core.families.selectors import contacts_of, context_for_agent
from core.families.selectors.common import bans_of, with_bans
from core.families.services import record_quotient
from core.kernel import clock, discovery, state
from core.kernel.access import agent
from core.kernel.calls import collect

PAGE_SIZE = 25


@agent("families.view_family")
def families(request: HttpRequest) -> HttpResponseBase:
    """Find a family by the name of anybody in it; the same list as a file that an import reads back."""
    query = request.GET.get("q", "").strip()
    found = selectors.matching(selectors.families_of(request.user), words(query))
    may_export = request.user.has_perm("families.export_family")
    if exports.asked(request):
        if not may_export:
            raise Http404
        return exports.spreadsheet(request, selectors.listed(found), FAMILY_COLUMNS, name="familles")
    page = Paginator(selectors.listed(found), PAGE_SIZE).get_page(request.GET.get("page"))
    data = {
        "page": page,
        "query": query,
        "exports": exports.links(request) if page.paginator.count and may_export else [],
    }
    return render_screen(request, "backoffice/families.html", data, title=_("Familles"), icon="group")


def _of_family(name: str) -> Column:
    return Column(_head(name), lambda row: getattr(row, name))


def _of_adult(name: str, rank: int) -> Column:
    """Something of the guardian of that rank; nothing where there is none."""

    def value(row: Family) -> Cell:
        guardians = row.guardians.all()
        if rank > len(guardians):
            return None
        found = guardians[rank - 1]
        return str(getattr(found.person, name, "") or "")

    return Column(_head(f"{name}_{rank}"), value)


def _head(key: str) -> str:
    return str(next(one.head for one in FAMILIES.fields if one.key == key))


FAMILY_COLUMNS = (
    Column(_head("reference"), lambda row: row.reference or str(row.pk)),
    *(_of_family(name) for name in ("name", "address", "postcode", "city", "resident")),
    *(
        _of_adult(name, rank)
        for rank in (1, 2)
        for name in ("civility", "first_name", "last_name", "email", "phone")
    ),
)
"""Those that `core.families.imports` reads."""


@agent("families.view_family")
def family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Everything about a family on one page; a POST adds a quotient."""
    found = with_bans(selectors.families_of(request.user), clock.today()).filter(pk=family_id).first()
    if found is None:
        merged = get_object_or_404(Family, pk=family_id, merged_into__isnull=False)
        return redirect("backoffice:family", merged.merged_into_id)
    form = _quotient_form(request, found)
    if request.method == "POST" and form is None:
        raise Http404
    if form and form.is_valid() and _record(form, found, request.user):
        messages.success(request, _("Le quotient est ajouté à l’historique."))
        return redirect("backoffice:family", found.pk)
    return _sheet(request, found, form)


def _quotient_form(request: HttpRequest, family: Family) -> QuotientForm | None:
    if not request.user.has_perm("families.add_quotient"):
        return None
    today = clock.today()
    return QuotientForm(
        request.POST if request.method == "POST" else None,
        initial={"month": today.replace(day=1), "valid_from": today},
        prefix="quotient",
    )


def _record(form: QuotientForm, family: Family, actor: Any) -> bool:
    """Write the value; False, with the reason on the form, when the history already has one from that day."""
    data = form.cleaned_data
    if family.quotients.filter(valid_from=data["valid_from"]).exists():
        form.add_error("valid_from", _("Un quotient compte déjà à partir de ce jour."))
        return False
    try:
        record_quotient(
            family=family,
            value_cents=Money.of(data["value"]).cents,
            kind=data["kind"],
            month=data["month"],
            valid_from=data["valid_from"],
            actor=actor,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _bans(context: FamilyContext) -> list[tuple[str, str]]:
    """(child, who may not pick it up): whoever receives the child must know, whatever else may be read."""
    children = {child.id: child.first_name for child in context.children}
    return [
        (children[child], ban.name)
        for child, bans in bans_of(children, context.today).items()
        for ban in bans
    ]


def _sheet(request: HttpRequest, family: Family, form: QuotientForm | None) -> HttpResponse:
    context = context_for_agent(family.pk, clock.today())
    panels = collect(pages.family_sheet_panels, context=context, user=request.user) if context else []
    failed = {failure.slug for failure in state.failures() if failure.hook == "family_sheet_panels"}
    sees_quotients = request.user.has_perm("families.view_quotient")
    data = {
        "family": family,
        "context": context,
        "guardians": selectors.guardians_of(family.pk),
        "contacts": contacts_of(family.pk),
        "bans": _bans(context) if context and family.banned else [],  # type: ignore[attr-defined]
        "sees_quotients": sees_quotients,
        "quotients": list(family.quotients.all()) if sees_quotients else [],
        "form": form,
        "panels": panels,
        "failed": [plugin.name for plugin in discovery.installed().plugins if plugin.slug in failed],
    }
    trail = [(_("Familles"), reverse("backoffice:families"))]
    return render_screen(
        request, "backoffice/family.html", data, title=family.name, icon="group", trail=trail
    )
