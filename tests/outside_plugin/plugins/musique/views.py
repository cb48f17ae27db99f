"""Pages: they parse, ask a service or a selector, and show."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.backoffice.screens import render_screen
from core.contracts.family import FamilyContext
from core.contracts.pricing import Price
from core.families.access import family_of, family_only
from core.kernel import clock
from core.kernel.access import agent
from core.kernel.settings import values
from plugins.musique import prices, rules, selectors, services
from plugins.musique.models import Course, Enrolment

OWN, LENT = "le-mien", "prete"


@family_only
def courses(request: HttpRequest) -> HttpResponse:
    """The family's enrolments, then each course with its price and who may be enrolled."""
    family = family_of(request)
    chosen = values("musique")
    held = selectors.enrolments_of(family.id, since=family.today)
    taken = {(row.course_id, row.child_id) for row in held}
    found = list(selectors.courses_on(family.today))
    known = prices.versions(found, family.today)
    terms = [
        (
            term,
            rules.closed(term, family.today),
            [_row(course, family, prices.quote(family, course, known), taken) for course in rows],
        )
        for term, rows in selectors.by_term(found)
    ]
    enrolments = [
        (
            row,
            rules.withdrawal_refusal(row.course.term, days=chosen["withdrawal_days"], today=family.today),
        )
        for row in held
    ]
    shown = {"enrolments": enrolments, "terms": terms, "phone": chosen["phone"]}
    return render(request, "musique/family.html", shown)


def _row(course: Course, family: FamilyContext, quote: Price | str, taken: set[Any]) -> dict[str, Any]:
    """A course, its price for the family, who may be enrolled, or why nobody may."""
    reason = rules.refusal(course, enrolled=False, quote=quote, today=family.today)
    free = [child for child in family.children if (course.pk, child.id) not in taken]
    return {
        "course": course,
        "price": quote if isinstance(quote, Price) else None,
        "reason": reason,
        "children": [] if reason else free,
    }


class EnrolForm(forms.Form):
    """One question, asked where the school lends instruments; each answer says its price."""

    instrument = forms.ChoiceField(label=gettext_lazy("L’instrument"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, quotes: dict[str, Price], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {OWN: _("Nous avons un instrument"), LENT: _("L’école en prête un")}
        self.fields["instrument"].choices = [  # type: ignore[attr-defined]
            (key, f"{words[key]} : {quote.total}") for key, quote in quotes.items()
        ]
        self.fields["instrument"].initial = OWN


@family_only
def enrol(request: HttpRequest, course_id: UUID, child_id: UUID) -> HttpResponse:
    """One course for one child: the price, why, and the act. What may not be is told on the page of the courses."""
    family = family_of(request)
    child = family.child(child_id)
    course = get_object_or_404(selectors.courses_on(family.today), pk=course_id)
    if child is None:
        raise Http404
    known = prices.versions([course], family.today)
    quotes = {OWN: prices.quote(family, course, known)}
    if values("musique")["lends_instruments"]:
        quotes[LENT] = prices.quote(family, course, known, lent=True)
    enrolled = course.enrolments.filter(child=child.id, cancelled_at__isnull=True).exists()
    if reason := rules.refusal(course, enrolled=enrolled, quote=quotes[OWN], today=family.today):
        messages.warning(request, f"{course.name}, {child.first_name}. {reason}")
        return redirect("musique:family")
    priced = {key: quote for key, quote in quotes.items() if isinstance(quote, Price)}
    form = EnrolForm(request.POST or None, quotes=priced)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.enrol(
                course=course,
                child=child.id,
                family=family,
                instrument_lent=form.cleaned_data["instrument"] == LENT,
                actor=request.user,
            )
        except services.Refused as refused:
            messages.warning(request, f"{course.name}, {child.first_name}. {refused.reason}")
        else:
            said = _("%(child)s est inscrit : %(course)s, à partir du %(day)s.")
            words = {"child": child.first_name, "course": course.name}
            messages.success(request, said % {**words, "day": rules.day_words(made.service_date)})
        return redirect("musique:family")
    explained = [(label, priced[key]) for key, label in form.fields["instrument"].choices]  # type: ignore[attr-defined]
    last = rules.last_day_to_withdraw(course.term, values("musique")["withdrawal_days"])
    shown = {"form": form, "course": course, "child": child, "explained": explained, "last": last}
    return render(request, "musique/enrol.html", {**shown, "may_withdraw": family.today <= last})


@family_only
@require_POST
def withdraw(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    held = Enrolment.objects.filter(family=family_of(request).id, cancelled_at__isnull=True)
    try:
        services.withdraw(
            enrolment=get_object_or_404(held, pk=enrolment_id),
            now=clock.now(),
            today=clock.today(),
            by_family=True,
        )
    except services.Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(request, _("L’inscription est annulée."))
    return redirect("musique:family")


@agent("musique.view_enrolment")
def rosters(request: HttpRequest) -> HttpResponse:
    """Who is expected in each course of the terms that are not over."""
    found = list(selectors.courses_on(clock.today()))
    expected = selectors.expected(found)
    rows = [(course, expected[course.pk]) for course in found]
    return render_screen(
        request, "musique/agents/rosters.html", {"rows": rows}, title=_("Élèves des cours"), icon="group"
    )


@agent("musique.change_enrolment")
def agent_withdraw(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """Ask, then take a child off a course, even once the term has begun: what was billed is credited."""
    held = get_object_or_404(
        Enrolment.objects.select_related("child__person", "course__term").filter(cancelled_at__isnull=True),
        pk=enrolment_id,
    )
    sheet = reverse("backoffice:family", args=[held.family_id])
    back = sheet if request.user.has_perm("families.view_family") else reverse("musique:rosters")
    if request.method == "POST":
        services.withdraw(enrolment=held, now=clock.now(), today=clock.today(), by_family=False)
        said = _("%(child)s n’est plus inscrit à ce cours.")
        messages.success(request, said % {"child": held.child.person.first_name})
        return redirect(back)
    return render_screen(
        request,
        "musique/agents/withdraw.html",
        {"enrolment": held, "back": back},
        title=_("Désinscrire un élève"),
        icon="cross",
        trail=[(_("Élèves des cours"), reverse("musique:rosters"))],
    )
