from django.apps import AppConfig, apps
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    verbose_name = _("Comptes")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from core.accounts import checks, factors, idle, roles_services  # noqa: F401
        from core.accounts.housekeeping import JOBS
        from core.accounts.trades import sync_groups
        from core.kernel import jobs, journal

        last = [app for app in apps.get_app_configs() if app.models_module][-1]  # all permissions are there
        post_migrate.connect(sync_groups, sender=last, dispatch_uid="accounts.sync_groups")
        user_logged_in.connect(idle.on_signed_in, dispatch_uid="accounts.idle")
        authenticator_added.connect(factors.on_added, dispatch_uid="accounts.factors")
        jobs.register(*JOBS, *roles_services.JOBS)
        journal.register(*roles_services.ACTS, *factors.ACTS)
