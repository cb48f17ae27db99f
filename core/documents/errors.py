"""Why an act on a document does not happen. The text of each is a French sentence for whoever acts."""

from django.utils.translation import gettext as _


class DocumentError(Exception):
    """Base of what is told to whoever acts."""


class NotNow(DocumentError):
    """The act cannot follow the state of the document."""

    def __init__(self, state_label: str) -> None:
        super().__init__(
            _("Ce document est « %(state)s » : ce n’est plus possible.") % {"state": state_label.lower()}
        )


class OutOfDate(DocumentError):
    """It does not count any more."""


class TooMany(DocumentError):
    """More files than a document takes."""


class InUse(DocumentError):
    """Something else leans on it."""


class NotScanned(DocumentError):
    """The antivirus has not answered yet."""
