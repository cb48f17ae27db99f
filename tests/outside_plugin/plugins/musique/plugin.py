"""Manifest: pure data, read before Django is set up."""

from core.contracts.plugin import PersonalData, Plugin
from core.contracts.settings import Boolean, Integer, Text

plugin = Plugin(
    slug="musique",
    name="École de musique",
    summary="Inscrire ses enfants aux cours de l’école de musique.",
    audience=frozenset({"public", "families", "agents"}),
    requires_core=">=1.0,<2",
    owner="Service Culture",
    django_apps=("plugins.musique",),
    personal_data=(
        PersonalData(
            "inscriptions des enfants : cours, trimestre, prêt d’un instrument, prix, payeur, qui a inscrit et quand",
            ("Enrolment",),
        ),
    ),
    settings_schema=(
        Integer(
            name="withdrawal_days",
            label="Délai de désinscription",
            help="Jusqu’à combien de jours avant le début du trimestre une famille se désinscrit elle-même.",
            default=7,
            maximum=60,
        ),
        Boolean(
            name="lends_instruments",
            label="Prêt d’instruments",
            help="Les familles peuvent demander un instrument en inscrivant leur enfant.",
            default=True,
        ),
        Text(
            name="phone",
            label="Téléphone de l’école",
            help="Pour les demandes que le site ne règle pas.",
            required=False,
            maximum=20,
        ),
    ),
)
