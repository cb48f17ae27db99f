from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpeningConfig(AppConfig):
    name = "core.opening"
    label = "opening"
    verbose_name = _("Ouverture des comptes")

    def ready(self) -> None:
        from core.kernel import journal
        from core.notifications import topics
        from core.opening import acts, mail, registration
        from core.requests import kinds

        journal.register(*acts.ACTS)
        topics.register(*mail.TOPICS)
        kinds.register(registration.KIND)
