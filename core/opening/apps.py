from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpeningConfig(AppConfig):
    name = "core.opening"
    label = "opening"
    verbose_name = _("Ouverture des comptes")

    def ready(self) -> None:
        from core.kernel import jobs, journal
        from core.notifications import topics
        from core.opening import acts, housekeeping, mail, registration
        from core.requests import kinds

        journal.register(*acts.ACTS)
        topics.register(*mail.TOPICS)
        kinds.register(registration.KIND)
        jobs.register(*housekeeping.JOBS)
