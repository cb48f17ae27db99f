from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "core.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from core.kernel import jobs, retirement
        from core.notifications import checks, delivery, homes, kept, records, topics  # noqa: F401

        jobs.register(*delivery.JOBS)
        retirement.register(kept.of_plugin)
        topics.register(*homes.TOPICS, *records.TOPICS)
        homes.connect()
