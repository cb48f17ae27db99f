from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TownConfig(AppConfig):
    name = "core.town"
    label = "town"
    verbose_name = _("Commune")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.kernel import journal
        from core.town import services

        journal.register(*services.ACTS)
