"""What editors are told to put right: pictures, documents, links; and addresses that changed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from core.contracts.access import Trade
from core.contracts.audiences import FAMILIES
from core.pages.audiences import joined
from core.pages.demo import scene
from core.pages.library import LibraryDocument, Licence
from core.pages.models import ContentPage, HomePage
from core.testing.factories import AgentFactory
from plugins.actualites.dead_links import dead_links

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def writer(home: HomePage) -> Client:
    client = Client()
    client.force_login(AgentFactory(trades=[Trade.WRITER]))
    return client


def report(client: Client, name: str, query: str = "") -> str:
    response = client.get(f"/gestion/communication/{name}/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


# Pictures


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"description": ""}, "décrire l’image"),
        ({"licence": ""}, "dire de quel droit elle est utilisée"),
        ({"licence": Licence.BY}, "nommer l’auteur"),
        ({"rights_until": TODAY - timedelta(days=1)}, "la retirer ou prolonger ses droits"),
        ({"rights_until": TODAY}, ""),
        ({"licence": Licence.BY, "credit": "Jeanne Roux"}, ""),
    ],
)
def test_pictures_to_complete(fields: dict[str, Any], told: str, writer: Client) -> None:
    picture = scene("river")
    assert "Toutes les images ont une description" in report(writer, "images")
    for name, value in fields.items():
        setattr(picture, name, value)
    picture.save()
    page = report(writer, "images")
    assert (picture.title in page) == bool(told)
    assert told in page


def test_pictures_by_what_is_missing(writer: Client) -> None:
    picture = scene("river")
    picture.description = ""
    picture.save()
    assert picture.title in report(writer, "images", "?problem=words")
    assert picture.title not in report(writer, "images", "?problem=over")
    assert writer.get("/gestion/communication/images/?export=csv").status_code == 200


def test_the_credit_stands_below_the_picture(home: HomePage, client: Client) -> None:
    picture = scene("river")
    picture.credit, picture.licence = "Jeanne Roux", Licence.BY_SA
    picture.save()
    value = {"image": {"image": picture.pk, "alt_text": "Le fleuve", "decorative": False}, "caption": ""}
    page = ContentPage(title="Photos", slug="photos", body=[{"type": "picture", "value": value}])
    home.add_child(instance=page)
    shown = client.get("/photos/").content.decode()
    assert "Jeanne Roux, CC BY-SA 4.0" in shown.replace("\u00a0", " ")


# Documents


def test_documents_to_look_at(writer: Client) -> None:
    def file(title: str, **fields: Any) -> LibraryDocument:
        return LibraryDocument.objects.create(title=title, file="documents/f.pdf", **fields)

    old = file("Le guide ancien")
    file("Le guide", replaces=old)
    file("Le menu passé", valid_until=TODAY - timedelta(days=1))
    file("Le menu du mois", valid_until=TODAY + timedelta(days=7))
    file("Le règlement", valid_until=TODAY + timedelta(days=70))
    for query, titles in (
        ("", {"Le guide ancien", "Le menu passé", "Le menu du mois"}),
        ("?state=over", {"Le menu passé"}),
        ("?state=soon", {"Le menu du mois"}),
        ("?state=replaced", {"Le guide ancien"}),
    ):
        page = report(writer, "documents", query)
        shown = {
            title for title in LibraryDocument.objects.values_list("title", flat=True) if f">{title}<" in page
        }
        assert shown == titles, query


# Links


def test_links_that_lead_nowhere(
    home: HomePage, publish: Any, document: LibraryDocument, writer: Client
) -> None:
    assert dead_links() == []
    gone = publish("Dépubliée", live=False)
    Redirect.add_redirect("/ancienne-adresse", "/contacts/")
    alive = [
        f'<a linktype="page" id="{publish("Vivante").pk}">vivante</a>',
        f'<a linktype="document" id="{document.pk}">document</a>',
        f'<a href="{document.url}">fichier</a>',
        '<a href="/contacts/">contacts</a>',
        '<a href="/contacts">contacts sans barre</a>',
        '<a href="/actualites/?categorie=ecole">filtre</a>',
        '<a href="/plan-du-site/">plan</a>',
        '<a href="/ancienne-adresse/">redirigée</a>',
        '<a href="https://www.service-public.fr/nulle-part">ailleurs</a>',
        '<a href="mailto:mairie@ville-bassens.fr">écrire</a>',
        '<a href="#haut">haut</a>',
    ]
    dead = {
        f'<a linktype="page" id="{gone.pk}">dépubliée</a>': "la page n’est plus en ligne",
        '<a linktype="page" id="99999">supprimée</a>': "la page n’est plus en ligne",
        '<a linktype="document" id="99999">menu</a>': "le document a été supprimé",
        '<a href="/nulle-part/">nulle <b>part</b></a>': "cette adresse n’existe pas",
        '<a href="/fichiers/inconnu/">fichier</a>': "cette adresse n’existe pas",
        f'<a href="{Site.objects.get().root_url}/nulle-part">entière</a>': "cette adresse n’existe pas",
    }
    text = "".join(f"<p>{link}</p>" for link in [*alive, *dead])
    lost = {"page": None, "address": "/perdue/", "text": "", "label": "Y aller"}
    plan = {"title": "Mairie", "street": "42 avenue Jean Jaurès", "image": None}
    body = [("text", text), ("action", lost | {"address": "/contacts/"}), ("action", lost), ("map", plan)]
    page = ContentPage(title="Les liens", slug="liens", body=body)
    home.add_child(instance=page)
    dead["/perdue/"] = "cette adresse n’existe pas"
    found = dead_links()
    assert {link.page.pk for link in found} == {page.pk}
    assert [link.reason for link in found] == list(dead.values())
    assert found[3].words == "nulle part"
    shown = report(writer, "liens")
    assert "nulle part" in shown
    assert f"/gestion/pages/{page.pk}/edit/" in shown


def test_nothing_to_put_right(writer: Client) -> None:
    assert "Aucun lien mort." in report(writer, "liens")
    assert "Aucun document passé" in report(writer, "documents")


def test_an_address_that_changed_still_leads_there(
    publish: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = publish("La rentrée")
    old = page.get_url()
    editor = Client()
    editor.force_login(AgentFactory(trades=[Trade.EDITOR]))
    page.slug = "la-rentree-des-classes"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    answer = client.get(old)
    assert answer.status_code == 301
    assert answer["Location"].endswith("/actualites/la-rentree-des-classes/")
    listed = editor.get(reverse("wagtailredirects:index"))
    assert listed.status_code == 200
    assert old.rstrip("/") in listed.content.decode()
    type(page).objects.filter(pk=page.pk).update(readers=joined([FAMILIES]))
    assert client.get(old).status_code == 404, "the new address would name what is not for everybody"


def test_themes_are_kept_by_both(home: HomePage) -> None:
    for trade in (Trade.WRITER, Trade.EDITOR):
        client = Client()
        client.force_login(AgentFactory(trades=[trade]))
        assert client.get("/gestion/themes-de-documents/").status_code == 200
        name = f"Thème {trade.name}"
        assert (
            client.post("/gestion/themes-de-documents/nouveau/", {"name": name, "rank": 3}).status_code == 302
        )
        assert name in client.get("/gestion/themes-de-documents/").content.decode()
