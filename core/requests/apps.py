from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "core.requests"
    label = "requests"
    verbose_name = _("Demandes")

    def ready(self) -> None:
        from core.kernel import journal
        from core.notifications import topics
        from core.requests import acts, checks, mail  # noqa: F401

        journal.register(*acts.ACTS)
        topics.register(*mail.TOPICS)
