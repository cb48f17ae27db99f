"""What happens to documents: the names that the journal gives it, and what follows a deletion."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import get_active_log_context

from core.contracts.journal import Act
from core.kernel import journal
from core.pages.library import DocumentVersion, LibraryDocument

ACTS = (
    Act("pages.document_added", _("Document mis dans la médiathèque"), shown_to_family=False),  # type: ignore[arg-type]
    Act("pages.document_replaced", _("Fichier d’un document remplacé"), shown_to_family=False),  # type: ignore[arg-type]
    Act("pages.document_changed", _("Fiche d’un document modifiée"), shown_to_family=False),  # type: ignore[arg-type]
    Act("pages.document_removed", _("Document supprimé"), shown_to_family=False),  # type: ignore[arg-type]
)


def follow() -> None:
    post_delete.connect(_removed, sender=LibraryDocument)
    post_delete.connect(_forget_file, sender=DocumentVersion)


def _removed(instance: LibraryDocument, **kwargs: Any) -> None:
    journal.record(
        actor=get_active_log_context().user,
        act="pages.document_removed",
        object=("pages.librarydocument", instance.key),
    )


def _forget_file(instance: DocumentVersion, **kwargs: Any) -> None:
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))
