from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "core.backoffice"
    label = "backoffice"
    verbose_name = _("Gestion")

    def ready(self) -> None:
        from core.backoffice.search import teach_sqlite

        connection_created.connect(teach_sqlite, dispatch_uid="backoffice.teach_sqlite")
