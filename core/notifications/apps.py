from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "core.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from core.kernel import jobs, journal, retirement
        from core.notifications import (  # noqa: F401 - some register themselves
            bounces,
            checks,
            delivery,
            homes,
            kept,
            records,
            topics,
            wording,
        )

        jobs.register(*delivery.JOBS)
        journal.register(*bounces.ACTS)
        retirement.register(kept.of_plugin)
        topics.register(*homes.TOPICS, *records.TOPICS)
        homes.connect()
