from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    verbose_name = _("Comptes")

    def ready(self) -> None:
        from core.accounts.trades import sync_groups

        post_migrate.connect(sync_groups, dispatch_uid="accounts.sync_groups")
