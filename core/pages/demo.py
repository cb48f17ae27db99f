"""The demo's own site: its home page, its pictures, and the page that the law asks for."""

from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.models import Page

from core.contracts.demo import Demo
from core.pages.library import Licence, Picture
from core.pages.models import ContentPage, HomePage
from core.pages.scenes import SCENES
from core.pages.services import ensure_communication_rights, ensure_home

WELCOME = (
    "Au bord de la Garonne, aux portes de Bordeaux. Les nouvelles de la commune, les démarches de votre famille "
    "et les services de la mairie sont ici."
)

# Without an audit, the law has a public site declared « non conforme »: the demo says so.
ACCESSIBILITY = [
    ("heading", "Où nous en sommes"),
    (
        "text",
        (
            "<p>Ce site n’a pas encore été contrôlé selon le référentiel général d’amélioration de "
            "l’accessibilité (RGAA). Tant que ce contrôle n’est pas fait, la loi demande de le déclarer "
            "« non conforme ».</p>"
        ),
    ),
    ("heading", "Signaler une difficulté"),
    (
        "text",
        (
            "<p>Une page ou un document vous résiste ? Appelez ou écrivez à la mairie : nous vous donnons "
            "l’information autrement et nous corrigeons.</p>"
            '<p><a href="/contacts/">Voir les contacts de la mairie</a></p>'
        ),
    ),
    ("heading", "Si rien ne change"),
    (
        "text",
        (
            "<p>Vous nous avez écrit et la réponse ne suffit pas ? Saisissez gratuitement le Défenseur des droits : "
            '<a href="https://formulaire.defenseurdesdroits.fr/">formulaire en ligne</a> '
            "ou téléphone 09 69 39 00 00.</p>"
        ),
    ),
]


def load_pages(*, demo: Demo) -> list[str]:
    """Write the home page and the rights of the communication team; twice is once. Returns French lines."""
    home = ensure_home()
    ensure_communication_rights(home)
    if not home.lead:
        _welcome(home)
    if not Page.objects.child_of(home).filter(slug="accessibilite").exists():
        page = ContentPage(
            title="Accessibilité : non conforme",
            slug="accessibilite",
            seo_title="Accessibilité",
            lead="Ce site est fait pour être lu et utilisé par tout le monde, avec ou sans souris, avec ou sans écran.",
            body=ACCESSIBILITY,
        )
        home.add_child(instance=page)
        page.save_revision().publish()
    return ["Site public : page d’accueil, contacts et accessibilité."]


def scene(name: str) -> Picture:
    """A scene of the town in the library of pictures, drawn the first time."""
    drawing = SCENES[name]
    picture = Picture.objects.filter(title=drawing.title).first()
    if picture is None:
        picture = Picture(title=drawing.title, description=drawing.description, licence=Licence.OWN)
        picture.file = ContentFile(drawing.draw(), name=f"{name}.webp")
        picture.save()
    return picture


def _welcome(home: HomePage) -> None:
    home.title = f"Bienvenue à {settings.PARVIS_COMMUNE}"
    home.seo_title = settings.PARVIS_COMMUNE
    home.lead = WELCOME
    home.picture = scene("square")
    home.search_description = (
        f"Le site de {settings.PARVIS_COMMUNE} : actualités, Espace Famille et contacts."
    )
    home.save_revision().publish()
