"""Why an act on a request does not happen. The text of each is a French sentence for whoever acts."""

from django.utils.translation import gettext as _


class RequestError(Exception):
    """Base of what is told to whoever acts."""


class Stale(RequestError):
    """Somebody changed the request since the page was read."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette demande a changé pendant que vous écriviez. Relisez-la ; votre texte est gardé.")
        )


class NotNow(RequestError):
    """The act cannot follow the state of the request."""

    def __init__(self, state_label: str) -> None:
        super().__init__(
            _("Cette demande est « %(state)s » : ce n’est plus possible.") % {"state": state_label.lower()}
        )
