from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "core.kernel"
    label = "kernel"
    verbose_name = _("Noyau")

    def ready(self) -> None:
        from core.kernel import checks, housekeeping, jobs, settings  # noqa: F401

        jobs.register(*housekeeping.JOBS)
