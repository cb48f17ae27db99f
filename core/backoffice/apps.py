from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "core.backoffice"
    label = "backoffice"
    verbose_name = _("Gestion")

    def ready(self) -> None:
        from core.backoffice.exports import EXPORTED
        from core.backoffice.search import teach_sqlite
        from core.contracts.journal import Act
        from core.kernel import journal

        journal.register(Act(EXPORTED, _("Liste exportée"), shown_to_family=False))  # type: ignore[arg-type]
        connection_created.connect(teach_sqlite, dispatch_uid="backoffice.teach_sqlite")
