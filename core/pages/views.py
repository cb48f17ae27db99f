"""Pages of the site that are not written by editors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.access import public
from core.pages.selectors import Step
from core.town.selectors import help_contacts


@public
def contacts(request: HttpRequest) -> HttpResponse:
    """Whom to call or write to, and when."""
    trail = [Step(_("Accueil"), "/"), Step(_("Contacts"), "")]
    return render(
        request, "pages/contacts.html", {"help_contacts": help_contacts(today=clock.today()), "trail": trail}
    )
