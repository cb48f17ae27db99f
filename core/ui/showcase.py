"""Every component with sample data: one template of `ui/showcase/` each, all of them in `ui/showcase.html`."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

DAY = dt.date(2026, 12, 3)
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its file in `ui/showcase/`, its French title, when to use it."""

    name: str
    title: str
    note: str

    @property
    def template(self) -> str:
        return f"ui/showcase/{self.name}.html"

    def source(self) -> str:
        """What a template author writes."""
        return (TEMPLATES / self.template).read_text(encoding="utf-8")


PARTS = (
    Part("panels", "Panneaux", "Une partie titrée d’une page, sans boîte. L’ensoleillé dit ce qui presse."),
    Part(
        "tiles", "Tuiles", "Les trois tuiles de l’Espace Famille : colonnes sur ordinateur, rangée au doigt."
    ),
    Part("plugin_panels", "Panneaux des modules et fichiers", "Ce que les modules montrent sur l’accueil."),
    Part("alerts", "Messages", "Une icône, un mot, une phrase. Jamais la couleur seule."),
    Part("states", "États", "L’état d’une chose en un mot."),
    Part("buttons", "Boutons", "Une action principale par page, à la fin : un verbe et son objet."),
    Part("confirm", "Confirmation", "Demande avant d’agir, sans script."),
    Part("steps", "Étapes", "Où l’on en est, et le retour vers ce qui est fait."),
    Part("progress", "Avancement", "Ce qui est fait sur ce qui est à faire."),
    Part("facts", "Faits et montant", "Le montant d’une page, puis ce qu’il faut en savoir."),
    Part("table", "Tableau", "Des cartes sur un téléphone ; les montants à droite, en chiffres alignés."),
    Part("pagination", "Pages d’une liste", "Les filtres de l’adresse sont gardés."),
    Part("tabs", "Onglets", "Des liens : un enfant, une période."),
    Part("cards", "Cartes", "Toute la carte mène où mène son titre."),
    Part("empty", "Liste vide", "Ce qui apparaîtra ici, et que faire d’abord."),
    Part("form", "Formulaire", "Résumé des erreurs, aide, erreur reliée à son champ, saisie gardée."),
    Part("prose", "Texte des rédacteurs", "Ce que l’on écrit dans les pages."),
    Part("sticky_foot", "Pied qui reste", "Le compte, le total, et la suite, toujours sous le pouce."),
)


class SampleForm(forms.Form):
    """Each kind of control; bound with errors by `context()`."""

    name = forms.CharField(label="Nom de naissance", max_length=80)
    email = forms.EmailField(label="Adresse électronique", help_text="Nous y envoyons vos factures.")
    school = forms.ChoiceField(label="École", choices=[("", "Choisir"), ("1", "Bonheur"), ("2", "Villon")])
    since = forms.DateField(
        label="Depuis le", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    meal = forms.ChoiceField(
        label="Menu",
        help_text="Le même pour tous les repas.",
        choices=[("std", "Standard"), ("veg", "Sans viande")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="Jours habituels",
        required=False,
        choices=[("1", "Lundi"), ("2", "Mardi"), ("4", "Jeudi"), ("5", "Vendredi")],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="Message", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    proof = forms.FileField(label="Justificatif", required=False, help_text="PDF ou photo, 5 Mo au plus.")
    agreed = forms.BooleanField(label="J’ai lu le règlement de la restauration.")


def context() -> dict[str, Any]:
    """What the template needs besides the frame's own context."""

    def item(label: str, icon: str, description: str = "") -> dict[str, str]:
        return {"label": label, "url": "#", "icon": icon, "description": description}

    return {
        "day": DAY,
        "time": dt.time(9),
        "cents": 123450,
        "family_menu": [
            SimpleNamespace(label="Accueil", url="/espace-famille/", icon="house", current=True),
            SimpleNamespace(label="Réserver", url="/espace-famille/reservations/", icon="calendar-check"),
            SimpleNamespace(label="Factures", url="/espace-famille/factures/", icon="receipt"),
            SimpleNamespace(label="Ma famille", url="/espace-famille/ma-famille/", icon="people"),
        ],
        "sections": [
            {
                "title": "Mon espace",
                "id": "mon-espace",
                "url": "#",
                "items": [
                    item("Ma composition familiale", "people", "La lire et la mettre à jour"),
                    item("Mes contacts", "telephone", "Qui peut venir chercher mes enfants"),
                ],
            },
            {
                "title": "Mon tableau de bord",
                "id": "tableau-de-bord",
                "url": "#",
                "items": [
                    item("Mes demandes", "inbox", "Les consulter et les suivre"),
                    item("Mes factures", "receipt", "Les consulter et les payer"),
                    item("Mon coffre", "safe", "Des documents que la mairie ne peut pas lire"),
                    item("Mes coordonnées", "house"),
                ],
            },
            {
                "title": "Ma famille",
                "id": "ma-famille",
                "url": "#",
                "items": [
                    item("Dossier administratif annuel", "folder-check", "À renouveler chaque année"),
                    item("Signaler une absence", "calendar-x", "Cantine et centre de loisirs"),
                    item("Transmettre un document", "upload"),
                    item("Calculer mon tarif", "calculator"),
                    item("Réserver, annuler", "calendar-check", "Pendant les périodes de réservation"),
                    item("Informations allocataires", "card-text", "Quotient familial (QF)"),
                ],
            },
        ],
        "panels": [
            SimpleNamespace(
                title="Actualités",
                template="ui/showcase_panel.html",
                context={
                    "news": [
                        {"title": "Le marché de Noël revient sur la place", "date": DAY},
                        {
                            "title": "Inscriptions aux vacances d’hiver : les dates",
                            "date": DAY - dt.timedelta(days=2),
                        },
                    ]
                },
                more_label="Toutes les actualités",
                more_url="#",
            )
        ],
        "files": [
            {"name": "Règlement de la restauration", "url": "#", "size": 184_000, "kind": "PDF", "date": DAY},
            {"name": "Menus de décembre", "url": "#", "size": 96_000, "kind": "PDF"},
        ],
        "step_labels": ["Enfant", "Activités", "Documents", "Vérification"],
        "step_urls": ["#"],
        "facts": [
            ("Payeur", "Camille Martin"),
            ("À payer avant", "dimanche 20 décembre 2026"),
            ("Numéro", "2026-11-000128"),
            ("Prélèvement", ""),
        ],
        "lines": [
            {"label": "Cantine, Zoé", "days": 14, "price": 240, "total": 3360},
            {"label": "Accueil du soir, Zoé", "days": 9, "price": 115, "total": 1035},
            {
                "label": "Centre de loisirs des vacances d’automne, Malo",
                "days": 5,
                "price": 1236,
                "total": 6180,
            },
        ],
        "page": Paginator(range(90), 20).page(2),
        "cards": [
            {"title": "Réserver la cantine", "text": "Jusqu’à la veille, 9 h, pour toute la semaine."},
            {"title": "Vacances de fin d’année", "text": "Ouvert jusqu’à vendredi 27 novembre."},
        ],
        "sample_form": SampleForm({"name": "", "email": "camille@", "meal": "std", "days": ["1", "4"]}),
    }
