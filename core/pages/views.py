"""Pages of the site that are not written by editors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.kernel.access import public
from core.pages import legal, selectors, sitetree, writing
from core.pages.selectors import Step
from core.pages.writing import WriteForm


def _trail(*labels: str) -> list[Step]:
    return [Step(_("Accueil"), "/"), *(Step(label, "") for label in labels)]


@public
def contacts(request: HttpRequest) -> HttpResponse:
    """Whom to call or write to, and when."""
    data = {"help_contacts": selectors.contacts(request), "trail": _trail(_("Contacts"))}
    return render(request, "pages/contacts.html", data)


@public
def write(request: HttpRequest) -> HttpResponse:
    """A message to a service (`?a=` one of its contacts). What was typed stays when something is missing."""
    helpers = selectors.contacts(request)
    user = request.user
    initial = {"to": request.GET.get("a", "")}
    if user.is_authenticated:
        initial |= {"name": user.get_full_name(), "email": user.email}
    form = WriteForm(request.POST or None, helpers=helpers, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not writing.too_many(request, form.cleaned_data["email"]):
            writing.send(form)
            return redirect("written")
        form.add_error(
            None, _("Trop de messages sont partis de chez vous. Attendez une heure, ou appelez le service.")
        )
        status = 429
    data = {"form": form, "help_contacts": helpers, "trail": _trail(_("Contacts"), _("Écrire"))}
    return render(request, "pages/write.html", data, status=status)


@public
def written(request: HttpRequest) -> HttpResponse:
    """The message left."""
    return render(request, "pages/written.html", {"trail": _trail(_("Contacts"), _("Message envoyé"))})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration of accessibility, in the order that the decree gives."""
    said = legal.accessibility().values()
    data = {
        "said": said,
        "state": legal.state_words(),
        "sections": [
            (_("Ce qui n’est pas conforme"), legal.lines(said["failures"])),
            (_("Dérogations pour charge disproportionnée"), legal.lines(said["burdens"])),
            (_("Contenus que la loi ne soumet pas"), legal.lines(said["exempt"])),
        ],
        "tested": legal.lines(said["tested"]),
        "trail": _trail(_("Accessibilité")),
    }
    return render(request, "pages/accessibility.html", data)


@public
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Who publishes the site, who hosts it."""
    data = {"said": legal.notice().values(), "trail": _trail(_("Mentions légales"))}
    return render(request, "pages/legal_notice.html", data)


@public
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is done with data about people, service by service, and the rights of each."""
    said = legal.notice().values()
    data = {
        "said": said,
        "processors": legal.lines(said["processors"]),
        "processings": legal.processings(),
        "trail": _trail(_("Données personnelles")),
    }
    return render(request, "pages/personal_data.html", data)


@public
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page that anybody may read, as a tree."""
    data = {"branches": sitetree.branches(request), "trail": _trail(_("Plan du site"))}
    return render(request, "pages/site_map.html", data)
