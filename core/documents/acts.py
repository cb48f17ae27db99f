"""What the journal says of supporting documents."""

from django.utils.translation import gettext_lazy as _

from core.contracts.journal import Act

DEPOSITED = "documents.deposited"
ADDED = "documents.file_added"
WITHDRAWN = "documents.withdrawn"
CHECKED = "documents.checked"
REFUSED = "documents.refused"
EXPIRED = "documents.expired"
GIVEN = "documents.given"
DESTROYED = "documents.files_destroyed"
READ = "documents.file_read"
SUSPECT = "documents.file_suspect"

ACTS = [
    Act(code, label)  # type: ignore[arg-type]
    for code, label in (
        (DEPOSITED, _("Document envoyé")),
        (ADDED, _("Page ajoutée à un document")),
        (WITHDRAWN, _("Document retiré")),
        (CHECKED, _("Document vérifié")),
        (REFUSED, _("Document refusé")),
        (EXPIRED, _("Document arrivé à sa date de fin")),
        (GIVEN, _("Document déposé par la mairie")),
        (DESTROYED, _("Fichiers d’un document détruits")),
        (READ, _("Fichier d’un document lu")),
        (SUSPECT, _("Fichier écarté par l’antivirus")),
    )
]
