"""Each screen of agents, opened as each trade, everywhere and on another site than its object's, in the demo commune.

`SCREENS` says by hand what each address needs: a screen that is not in it, or that asks for something else, is red.
Somebody without the permission finds 404; with it, on another site, the object is 404 and no list names it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client

from core.accounts.models import Assignment, User
from core.accounts.roles import EVERYWHERE
from core.backoffice import reach, viewsets
from core.contracts.access import Trade
from core.documents.intake import Taken
from core.documents.models import DocumentType
from core.documents.services import Received, deposit
from core.families.models import Family, Guardian
from core.kernel import clock
from core.pricing import composing
from core.pricing.models import TariffVersion
from core.testing.conformance.context import signed_in, town
from core.testing.factories import AgentFactory, ContactFactory, SiteFactory
from core.testing.fixtures import fresh_memory
from core.testing.routes import Route, every_route
from core.town.models import Closure
from core.town.services import written
from plugins.actualites.models import MenuGroup
from plugins.enfance.models import Activity, Booking, BookingWindow, Enrolment, Session
from plugins.facturation.models import Invoice, Payment, ProductMapping, Regie, Run

__all__ = ["fresh_memory", "town"]

pytestmark = pytest.mark.django_db

SCREENS = {
    "families.view_family": (
        "familles/", "familles/choix/", "familles/choix/resultats/", "familles/choix/choisi/<pk>/",
        "familles/choix/choisis/", "familles/<family_id>/",
    ),
    "families.change_family": (
        "familles/<family_id>/parts-et-droits/",
        "familles/doublons/", "familles/<kept_id>/reunir/<absorbed_id>/", "familles/<family_id>/adresse/",
        "familles/<family_id>/responsables/nouveau/", "familles/<family_id>/responsables/<guardian_id>/",
        "familles/<family_id>/enfants/nouveau/", "familles/<family_id>/contacts/nouveau/",
        "familles/<family_id>/contacts/<contact_id>/",
    ),
    "families.add_familyimport": (
        "imports/familles/", "imports/familles/modele.xlsx", "imports/familles/modele-<sheet>.csv",
        "imports/familles/<import_id>/", "imports/familles/<import_id>/avancement/",
        "imports/familles/<import_id>/confirmer/", "imports/familles/<import_id>/abandonner/",
        "imports/familles/<import_id>/lignes.csv",
    ),
    "families.change_commonproposal": ("familles/desaccords/", "familles/desaccords/<proposal_id>/"),
    "families.change_custodyrule": ("familles/<family_id>/enfants/<child_id>/garde/",),
    "families.view_courtdecision": ("familles/<family_id>/enfants/<child_id>/decisions/",),
    "opening.add_activationcode": (
        "activations/<guardian_id>/", "activations/<guardian_id>/lettre/", "activations/<guardian_id>/annuler/",
    ),
    "documents.view_supportingdocument": (
        "pieces/", "pieces/<paper_id>/", "pieces/<paper_id>/fichiers/<file_id>/",
        "familles/<family_id>/pieces/",
    ),
    "documents.view_documenttype": ("natures-de-pieces/", "natures-de-pieces/resultats/"),
    "documents.add_documenttype": ("natures-de-pieces/nouveau/",),
    "documents.change_documenttype": ("natures-de-pieces/<pk>/",),
    "editions.add_issueddocument": ("familles/<family_id>/editions/", "familles/<family_id>/editions/<code>/"),
    "editions.view_issueddocument": ("editions/verifier/",),
    "notifications.view_message": ("messages/",),
    "notifications.add_failingaddress": ("messages/adresses/",),
    "notifications.delete_failingaddress": ("messages/adresses/<address_id>/retablir/",),
    "requests.change_servicerequest": ("demandes/", "demandes/<request_id>/"),
    "accounts.view_user": ("agents/", "agents/<user_id>/"),
    "accounts.add_user": ("agents/nouveau/",),
    "accounts.change_user": (
        "agents/<user_id>/modifier/", "agents/<user_id>/second-facteur/", "agents/<user_id>/mot-de-passe/",
        "agents/<user_id>/desactiver/", "agents/<user_id>/rouvrir/",
    ),
    "accounts.delete_assignment": ("agents/<user_id>/metiers/<role_id>/retirer/",),
    "auth.change_group": ("metiers/",),
    "kernel.view_journalentry": ("journal/",),
    "enfance.view_session": (
        "enfance/seances/", "enfance/remplissage/", "seances/", "seances/resultats/",
    ),
    "enfance.change_session": (
        "seances/<pk>/", "seances/lot/annuler/", "seances/lot/rouvrir/", "seances/lot/places/",
    ),
    "enfance.view_booking": ("enfance/seances/<session_id>/", "enfance/enfants-attendus/"),
    "enfance.change_booking": ("enfance/seances/<session_id>/enfants/<child_id>/annuler/",),
    "enfance.view_enrolment": ("inscriptions/", "inscriptions/resultats/"),
    "enfance.add_enrolment": ("enfance/inscrire/", "enfance/familles/<family_id>/inscrire/"),
    "enfance.change_enrolment": ("inscriptions/<pk>/", "inscriptions/lot/dernier-jour/"),
    "enfance.view_bookingwindow": ("periodes-de-reservation/", "periodes-de-reservation/resultats/"),
    "enfance.add_bookingwindow": ("periodes-de-reservation/nouveau/",),
    "enfance.change_bookingwindow": ("periodes-de-reservation/<pk>/",),
    "enfance.delete_bookingwindow": ("periodes-de-reservation/<pk>/supprimer/",),
    "enfance.view_activity": ("activites/", "activites/resultats/"),
    "enfance.change_activity": ("activites/<pk>/",),
    "enfance.view_bookingrule": ("regles-de-reservation/", "regles-de-reservation/resultats/"),
    "enfance.add_bookingrule": ("regles-de-reservation/nouveau/",),
    "facturation.view_run": (
        "facturation/calculs/", "facturation/calculs/<run_id>/", "facturation/calculs/<run_id>/avancement/",
    ),
    "facturation.add_run": ("facturation/calculs/nouveau/",),
    "facturation.change_run": (
        "facturation/calculs/<run_id>/recalculer/", "facturation/calculs/<run_id>/annuler/",
    ),
    "facturation.issue_run": ("facturation/calculs/<run_id>/emettre/",),
    "facturation.view_invoice": (
        "facturation/factures/", "facturation/restes-a-payer/", "facturation/factures/<invoice_id>/",
        "facturation/factures/<invoice_id>/pdf/",
    ),
    "facturation.view_payment": ("regie/paiements/",),
    "facturation.change_payment": ("regie/paiements/<payment_id>/interroger/",),
    "facturation.view_regie": ("regies/", "regies/resultats/"),
    "facturation.add_regie": ("regies/nouveau/",),
    "facturation.change_regie": ("regies/<pk>/",),
    "facturation.view_productmapping": ("produits-factures/", "produits-factures/resultats/"),
    "facturation.add_productmapping": ("produits-factures/nouveau/",),
    "facturation.change_productmapping": ("produits-factures/<pk>/",),
    "facturation.delete_productmapping": ("produits-factures/<pk>/supprimer/",),
    "kernel.change_pluginstate": (
        "modules/", "modules/<slug>/activer/", "modules/<slug>/desactiver/", "modules/<slug>/reglages/",
        "configuration/", "configuration/exporter/", "configuration/importer/", "configuration/<key>/<number>/",
        "configuration/<key>/<number>/retablir/", "apparence/", "apparence/apercu/", "apparence/apercu.css",
        "messages/textes/", "messages/textes/<code>/",
    ),
    "pricing.view_tariffversion": (
        "tarifs/", "tarifs/<version_id>/", "tarifs/<version_id>/exporter/", "tarifs/<version_id>/comparer/",
        "tarifs/exporter/", "tarifs/<version_id>/essayer/",
        "tarifs/deliberations/<decision_id>/",
    ),
    "pricing.add_tariffversion": (
        "tarifs/importer/", "tarifs/composer/", "tarifs/<version_id>/reprendre/", "tarifs/composer/<sketch_id>/",
        "tarifs/composer/<sketch_id>/general/", "tarifs/composer/<sketch_id>/criteres/",
        "tarifs/composer/<sketch_id>/exemples/", "tarifs/composer/<sketch_id>/mesures/",
        "tarifs/composer/<sketch_id>/elements/nouveau/",
        "tarifs/composer/<sketch_id>/elements/<part>/",
        "tarifs/composer/<sketch_id>/elements/<part>/<chain>/<step>/", "tarifs/composer/<sketch_id>/deplacer/",
        "tarifs/composer/<sketch_id>/enregistrer/", "tarifs/composer/<sketch_id>/abandonner/",
    ),
    "pricing.change_tariffversion": ("tarifs/<version_id>/publier/",),
    "kernel.view_jobrun": ("travaux/",),
    "kernel.change_delivery": ("travaux/relancer/",),
    "wagtailadmin.access_admin": ("composants/", "composants/apercu/"),
}  # fmt: skip

TABLES = {"fermetures": "closure", "vacances": "holidayperiod", "jours-feries": "publicholiday",
          "annees-scolaires": "schoolyear", "lieux": "site", "services": "service", "contacts": "contact",
          "horaires": "openinghours", "annonces": "notice"}  # fmt: skip
KEPT = ("annees-scolaires", "lieux", "services")
"""Tables whose rows are closed, never deleted."""

for name, model in TABLES.items():
    SCREENS |= {
        f"town.view_{model}": (f"commune/{name}/", f"commune/{name}/resultats/"),
        f"town.add_{model}": (f"commune/{name}/nouveau/",),
        f"town.change_{model}": (f"commune/{name}/<pk>/",),
        **({} if name in KEPT else {f"town.delete_{model}": (f"commune/{name}/<pk>/supprimer/",)}),
    }
SCREENS |= {
    "pages.view_documenttheme": ("themes-de-documents/", "themes-de-documents/resultats/"),
    "pages.add_documenttheme": ("themes-de-documents/nouveau/",),
    "pages.change_documenttheme": ("themes-de-documents/<pk>/",),
    "wagtailimages.change_image": ("communication/images/",),
    "wagtaildocs.change_document": (
        "communication/documents/",
        "communication/liens/",
        "fichiers/<document_id>/versions/<number>/",
    ),
}
SCREENS |= {
    "actualites.view_menuweek": ("menus/",),
    "actualites.change_menuweek": ("menus/<group_id>/<year>/<number>/",),
    "actualites.view_menugroup": ("groupes-de-convives/", "groupes-de-convives/resultats/"),
    "actualites.add_menugroup": ("groupes-de-convives/nouveau/",),
    "actualites.change_menugroup": ("groupes-de-convives/<pk>/",),
    "actualites.delete_menugroup": ("groupes-de-convives/<pk>/supprimer/",),
}
WORDS = {"rubriques": "category", "mots-cles": "keyword", "quartiers": "quarter"}
for name, model in WORDS.items():
    SCREENS |= {
        f"actualites.view_{model}": (f"actualites/{name}/", f"actualites/{name}/resultats/"),
        f"actualites.add_{model}": (f"actualites/{name}/nouveau/",),
        f"actualites.change_{model}": (f"actualites/{name}/<pk>/",),
        f"actualites.delete_{model}": (f"actualites/{name}/<pk>/supprimer/",),
    }
SCREENS["town.view_closure"] += ("commune/changements/", "commune/changements/<row_id>/")

POSTED = re.compile(
    r"/(recalculer|emettre|interroger|retablir|relancer|publier|mot-de-passe|reprendre|deplacer|enregistrer)/$"
)
"""Only a POST: 405 for whoever may."""

ELSEWHERE = re.compile(
    r"/lot/|/configuration/(exporter|importer)/|/activations/<\w+>/(lettre|annuler)/|/editions/<\w+>/"
)
"""A GET of nothing leads back to the list."""

EXPORTED = ("seances/", "inscriptions/", "enfance/enfants-attendus/", "enfance/remplissage/",
            "facturation/factures/", "facturation/restes-a-payer/", "regie/paiements/")  # fmt: skip
UNSEEN = {"familles/desaccords/<proposal_id>/", "messages/adresses/<address_id>/retablir/",
          "demandes/<request_id>/", "configuration/<key>/<number>/",
          "configuration/<key>/<number>/retablir/", "imports/familles/<import_id>/",
          "imports/familles/<import_id>/avancement/", "imports/familles/<import_id>/confirmer/",
          "imports/familles/<import_id>/abandonner/", "imports/familles/<import_id>/lignes.csv"}  # fmt: skip
"""What the demo has no example of: their own tests open them."""

BLANK = {
    "enfance/inscrire/",
    "familles/doublons/",
    "familles/desaccords/",
    "familles/desaccords/<proposal_id>/",
    "familles/<kept_id>/reunir/<absorbed_id>/",
}
"""Screens that name nobody of the sample."""

SITED = re.compile(r"^(familles|pieces|seances|inscriptions|enfance)/")
"""Screens whose rows belong to a site: another site's agent finds neither row nor file."""


@dataclass(frozen=True)
class Sample:
    """One object of each kind, with what a page would say of it."""

    session: Session
    booking: Booking
    enrolment: Enrolment
    family: Family
    others: dict[str, Model]

    def filled(self, address: str) -> str | None:
        """The address of one object; None where the demo has none."""
        prefix = address.split("/")[0]
        by_prefix = {"seances": self.session, "inscriptions": self.enrolment, "familles": self.family}
        found = {
            "family_id": self.family.pk,
            "session_id": self.session.pk,
            "child_id": self.booking.child_id,
            "kept_id": self.family.pk,
            "slug": "actualites",
            "sheet": "children",
            "key": "core.theme",
            "code": "core.composition" if prefix == "familles" else "core.demande-recue",
            "number": 1,
            "year": 2026,
            "part": 0,
            "chain": "steps",
            "step": "0",
            **{name: thing.pk for name, thing in self.others.items() if name.endswith("_id")},
        }
        table = "/".join(address.split("/")[:2])
        if thing := by_prefix.get(prefix) or self.others.get(prefix) or self.others.get(table):
            found["pk"] = thing.pk
        try:
            return re.sub(r"<(\w+)>", lambda name: str(found[name[1]]), address)
        except KeyError:
            return None

    @property
    def written(self) -> dict[str, str]:
        """By list, what only a file that holds the row would say."""
        person = self.booking.child.person
        return {
            "seances/": self.session.site.name,
            "inscriptions/": person.last_name,
            "enfance/enfants-attendus/": person.last_name,
            "enfance/remplissage/": self.session.site.name,
        }

    @property
    def traces(self) -> dict[str, str]:
        """By screen, what only a list that holds the row would say."""
        return {
            "familles/": str(self.family.pk),
            "pieces/": str(self.others["paper_id"].pk),
            "familles/choix/": str(self.family.pk),
            "familles/choix/resultats/": str(self.family.pk),
            "familles/choix/choisis/": str(self.family.pk),
            "seances/": str(self.session.pk),
            "seances/resultats/": str(self.session.pk),
            "inscriptions/": str(self.enrolment.pk),
            "inscriptions/resultats/": str(self.enrolment.pk),
            "enfance/seances/": str(self.session.pk),
            "enfance/enfants-attendus/": f">{self.booking.child.person.last_name}</",
            "enfance/remplissage/": f">{self.session.site.name}</t",
        }


@pytest.fixture
def sample(town: Any) -> Sample:
    booking = (
        Booking.objects.filter(cancelled_at=None)
        .select_related("session__site", "session__activity", "child__person", "family")
        .order_by("-session__date")
        .first()
    )
    assert booking
    day = booking.session.date
    facts = {"first_day": day, "last_day": day, "reason": "Formation", "kind": "training"}
    closure = written(row=Closure(), fields=facts, write=lambda: Closure.objects.create(**facts), actor=None)
    version = TariffVersion.objects.first()
    assert version
    page = Received(Taken("page.jpg", "image/jpeg", b"...", "0" * 64, 1, 1, 1), scanned=True)
    paper = deposit(
        family_id=booking.family_id,
        type=DocumentType.objects.get(code="justificatif-domicile"),
        received=[page],
        actor=None,
        now=clock.now(),
    )
    others: dict[str, Model | None] = {
        "paper_id": paper,
        "file_id": paper.files.first(),
        "natures-de-pieces": DocumentType.objects.first(),
        "activites": Activity.objects.first(),
        "periodes-de-reservation": BookingWindow.objects.first(),
        "regies": Regie.objects.first(),
        "produits-factures": ProductMapping.objects.first(),
        "run_id": Run.objects.first(),
        "invoice_id": Invoice.objects.first(),
        "payment_id": Payment.objects.first(),
        "absorbed_id": Family.objects.exclude(pk=booking.family_id).first(),
        "guardian_id": Guardian.objects.filter(family=booking.family).first(),
        **{
            f"commune/{name}": apps.get_model("town", model).objects.first() for name, model in TABLES.items()
        },
        **{
            f"actualites/{name}": apps.get_model("actualites", model).objects.first()
            for name, model in WORDS.items()
        },
        "themes-de-documents": apps.get_model("pages", "DocumentTheme").objects.first(),
        "group_id": MenuGroup.objects.first(),
        "groupes-de-convives": MenuGroup.objects.first(),
        "row_id": closure,
        "document_id": apps.get_model("pages", "LibraryDocument").objects.first(),
        "version_id": version,
        "sketch_id": composing.start(document=version.document),
        "decision_id": composing.keep_decision(
            number="2026-41", on=version.valid_from, content=b"%PDF-1.7", actor=None
        ),
        "contact_id": ContactFactory(family=booking.family),
        "user_id": User.objects.filter(assignments__isnull=False).first(),
        "role_id": Assignment.objects.filter(
            user=User.objects.filter(assignments__isnull=False).first()
        ).first(),
    }
    enrolment = Enrolment.objects.filter(family=booking.family, site=booking.session.site).first()
    assert enrolment
    assert all(others.values())
    return Sample(booking.session, booking, enrolment, booking.family, {k: v for k, v in others.items() if v})


def short(route: Route) -> str:
    return re.sub(r"<\w+:", "<", route.address.removeprefix("/gestion/"))


def screens() -> Iterator[tuple[str, str]]:
    """(address, permission that its rule asks for) of ours under /gestion/."""
    for route in every_route():
        if route.address.startswith("/gestion/") and route.rule and route.rule.name.startswith("agent:"):
            yield short(route), route.rule.name.removeprefix("agent:").removesuffix(EVERYWHERE)


def declared() -> dict[str, str]:
    return {address: permission for permission, addresses in SCREENS.items() for address in addresses}


def test_each_screen_is_declared_with_what_it_needs() -> None:
    assert dict(screens()) == declared()


def granted(trade: Trade) -> set[str]:
    permissions = Group.objects.get(name=trade.value).permissions.select_related("content_type")
    return {f"{found.content_type.app_label}.{found.codename}" for found in permissions}


def right(address: str) -> int:
    return 405 if POSTED.search(f"/{address}") else 302 if ELSEWHERE.search(f"/{address}") else 200


def test_each_trade_opens_what_it_may_and_nothing_else(sample: Sample, settings: Any) -> None:
    settings.PARVIS_DEMO = True
    swept, wrong, unseen = 0, [], set()
    for trade in Trade:
        client, may = signed_in(AgentFactory(trades=[trade])), granted(trade)
        for address, permission in declared().items():
            url = sample.filled(address)
            if url is None or address in UNSEEN:
                unseen.add(address)
                continue
            for query in ("", "?export=csv") if address in EXPORTED else ("",):
                expected = right(address) if permission in may else 404
                status = client.get(f"/gestion/{url}{query}").status_code
                swept += 1
                if status != expected:
                    wrong.append(f"{trade} {url}{query}: {status}, not {expected}")
    assert "\n".join(wrong) == ""
    assert unseen == UNSEEN
    assert swept >= len(Trade) * 95


# Another site --------------------------------------------------------------------------------------------------------


def leaks(client: Client, sample: Sample) -> tuple[int, list[str]]:
    """What an agent of another site reaches of an object; and how many addresses were tried."""
    found, swept = [], 0
    for address in declared():
        if not SITED.match(address):
            continue
        if address in UNSEEN:
            continue
        if "<" in address:
            swept += 1
            status = client.get(f"/gestion/{sample.filled(address)}").status_code
            if status != 404:
                found.append(f"{address}: {status}")
        elif ELSEWHERE.search(f"/{address}"):
            swept += 1
            thing = sample.session if address.startswith("seances") else sample.enrolment
            answer = client.post(f"/gestion/{address}", {"id": str(thing.pk)})
            everything = client.post(f"/gestion/{address}", {"tout": "oui"})
            if answer.status_code != 302 or everything.status_code != 302:
                found.append(f"{address}: {answer.status_code} {everything.status_code}")
        elif address in sample.traces:
            for query in _queries(address, sample):
                swept += 1
                trace = sample.written[address] if "export=" in query else sample.traces[address]
                if trace in _read(client, f"/gestion/{address}?{query}"):
                    found.append(f"{address}?{query}: {trace}")
    return swept, found


def _queries(address: str, sample: Sample) -> Iterable[str]:
    day = sample.session.date.isoformat()
    base = {"jour": day, "du": day, "au": day, "date__gte": day, "date__lte": day, "p": "1"}
    if address.endswith("choisis/"):
        base |= {"id": str(sample.family.pk), "multiple": "1"}
    yield urlencode(base)
    yield urlencode(base | {"q": sample.family.name.split()[-1]})
    if address in sample.written:
        yield urlencode(base | {"export": "csv"})


def _read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return body.decode()


def agent_of(site: Any) -> User:
    """With every right of the trade Enfance, on one site alone."""
    found: User = AgentFactory(trades=[Trade.CHILDHOOD], trades__site=site)
    return found


@pytest.fixture
def outsider(sample: Sample) -> Client:
    return signed_in(agent_of(SiteFactory()))


def test_nothing_of_another_site_is_reached(sample: Sample, outsider: Client) -> None:
    swept, found = leaks(outsider, sample)
    assert found == []
    assert swept >= 35


def test_the_agent_of_that_site_sees_all_of_it(sample: Sample) -> None:
    """The sweep looks for what is there: on the right site, each of its traces is found."""
    _swept, found = leaks(signed_in(agent_of(sample.session.site)), sample)
    seen = {line.split(":")[0].split("?")[0] for line in found}
    may = granted(Trade.CHILDHOOD)
    mine = {
        address for address, permission in declared().items() if SITED.match(address) and permission in may
    }
    assert mine - seen == BLANK & mine


def test_a_viewset_that_forgets_the_sites_turns_it_red(
    sample: Sample, outsider: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "within", lambda user, permission, rows, **where: rows)
    _swept, found = leaks(outsider, sample)
    assert any("seances/<pk>/" in line for line in found)
    assert any("seances/lot/annuler/" in line for line in found)
    assert any(line.startswith("inscriptions/?") and "export" in line for line in found)


def test_a_chooser_that_forgets_its_scope_turns_it_red(
    sample: Sample, outsider: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewsets._ScopedChoose, "get_object_list", lambda self: Family.objects.all())
    monkeypatch.setattr(viewsets._ScopedChosen, "_scope", lambda self: Family.objects.all())
    _swept, found = leaks(outsider, sample)
    assert {line.split(":")[0].split("?")[0] for line in found} == {
        address for address in declared() if address.startswith("familles/choix/")
    }


# Wagtail's own -------------------------------------------------------------------------------------------------------

OF_WAGTAIL = (
    "users/", "users/new/", "groups/", "groups/new/", "sites/", "collections/", "redirects/", "images/",
    "images/add/", "documents/", "workflows/list/", "locales/", "reports/site-history/", "snippets/",
)  # fmt: skip


def test_what_wagtail_refuses_does_not_exist(sample: Sample) -> None:
    """No « you do not have permission »: 200 or 404 for each of its screens and each trade, by script or not."""
    found, refused = {}, 0
    for trade in Trade:
        client = signed_in(AgentFactory(trades=[trade]))
        for address in OF_WAGTAIL:
            for headers in ({}, {"x-requested-with": "XMLHttpRequest"}):
                status = client.get(f"/gestion/{address}", headers=headers).status_code
                refused += status == 404
                if status not in (200, 404):
                    found[f"{trade} {address} {headers}"] = status
    assert found == {}
    assert refused >= 100
