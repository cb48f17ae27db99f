"""The map of the site: the tree of its pages, what plugins put in the menu, and the pages that stand by themselves."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.contracts import navigation
from core.kernel import state
from core.kernel.calls import collect
from core.pages.frame import legal_links
from core.pages.models import ContentPage
from core.pages.plugin_pages import live_pages
from core.pages.selectors import HOME_DEPTH, address
from core.pages.typography import french
from core.pricing.offered import is_open


@dataclass(slots=True)
class Branch:
    """An entry of the map, with those below it; without address, a title."""

    label: str
    url: str = ""
    below: list["Branch"] = field(default_factory=list)


def branches(request: HttpRequest) -> list[Branch]:
    """The whole map. Articles and other pages of a list stay behind their list. One statement, and those of plugins."""
    pages = _tree()
    known = {branch.url for branch in pages}
    items = collect(navigation.site_menu_items, request=request)
    others = [Branch(item.label, item.url) for item in items if item.url not in known]
    town = Branch(_("La commune"), below=[Branch(_("Accueil"), "/"), *pages, *others])
    reach = Branch(
        _("Contacts"),
        below=[
            Branch(_("Contacts et horaires"), reverse("contacts")),
            Branch(_("Écrire à un service"), reverse("write")),
        ],
    )
    about = Branch(_("À propos du site"), below=[Branch(link.label, link.url) for link in legal_links()])
    return [town, *_space(), reach, about]


def _space() -> list[Branch]:
    if not state.serves("families"):
        return []
    below = [Branch(_("Entrer dans l’Espace Famille"), reverse("portal:home"))]
    if is_open():
        below.append(Branch(_("Tarifs"), reverse("portal:tariffs")))
    below += [
        Branch(_("Se connecter"), reverse("account_login")),
        Branch(_("Demander un compte"), reverse("opening:ask")),
    ]
    return [Branch(_("Espace Famille"), below=below)]


def _tree() -> list[Branch]:
    """Pages just below the home page, and simple pages below them."""
    roots: list[Branch] = []
    open_branches: dict[str, Branch] = {}
    for page in live_pages(Page.objects.filter(depth__gt=HOME_DEPTH)).order_by("path"):
        branch = Branch(french(page.title), address(page))
        if page.depth == HOME_DEPTH + 1:
            roots.append(branch)
        elif above := open_branches.get(page.path[: -page.steplen]):
            above.below.append(branch)
        else:
            continue
        if page.specific_class is ContentPage:
            open_branches[page.path] = branch
    return roots
