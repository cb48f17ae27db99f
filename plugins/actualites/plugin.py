"""Manifest: pure data, read before Django is set up."""

from core.contracts.plugin import Plugin
from core.contracts.settings import Integer

plugin = Plugin(
    slug="actualites",
    name="Actualités",
    summary="Les nouvelles de la commune, l’agenda, les menus de la cantine et les documents à télécharger.",
    audience=frozenset({"public", "families"}),
    requires_core=">=1.0,<2",
    owner="Parvis",
    django_apps=("plugins.actualites",),
    personal_data=(),
    settings_schema=(
        Integer(
            name="news_on_home",
            label="Nombre d’actualités sur l’accueil",
            help="Les plus récentes, sur la page d’accueil du site. La liste entière reste à un clic.",
            default=3,
            minimum=1,
            maximum=12,
        ),
    ),
)
