from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "core.documents"
    label = "documents"
    verbose_name = _("Pièces justificatives")

    def ready(self) -> None:
        from core.documents import acts, housekeeping, mail
        from core.kernel import jobs, journal
        from core.notifications import topics

        journal.register(*acts.ACTS)
        jobs.register(*housekeeping.JOBS)
        topics.register(*mail.TOPICS)
