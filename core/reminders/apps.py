from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "core.reminders"
    label = "reminders"
    verbose_name = _("Je pense à")

    def ready(self) -> None:
        from core.kernel import jobs
        from core.notifications import topics
        from core.reminders import digest

        jobs.register(*digest.JOBS)
        topics.register(digest.TOPIC)
