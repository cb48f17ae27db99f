from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "core.kernel"
    label = "kernel"
    verbose_name = _("Noyau")

    def ready(self) -> None:
        from core.kernel import checks, guards, housekeeping, jobs, retirement, seals, settings  # noqa: F401

        jobs.register(*housekeeping.JOBS, *seals.JOBS)
        post_migrate.connect(guards.install, sender=self, dispatch_uid="kernel.guards")
        post_migrate.connect(retirement.sweep, sender=self, dispatch_uid="kernel.retirement")
