from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamiliesConfig(AppConfig):
    name = "core.families"
    label = "families"
    verbose_name = _("Familles")

    def ready(self) -> None:
        from core.families import acts, housekeeping
        from core.kernel import jobs, journal

        journal.register(*acts.ACTS)
        jobs.register(*housekeeping.JOBS)
