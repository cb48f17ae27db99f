from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    name = "core.editions"
    label = "editions"
    verbose_name = _("Édition de documents")

    def ready(self) -> None:
        from core.editions import kept, services
        from core.kernel import journal, retirement

        journal.register(*services.ACTS)
        retirement.register(kept.of_plugin)
