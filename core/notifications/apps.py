from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "core.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from core.kernel import jobs
        from core.notifications import checks, delivery  # noqa: F401

        jobs.register(*delivery.JOBS)
