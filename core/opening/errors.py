"""Why an account is not opened. Each text is a French sentence for whoever reads the page."""

from django.utils.translation import gettext as _


class OpeningError(Exception):
    """Base of what is told to whoever acts."""


class CodeRefused(OpeningError):
    """Unknown, wrong, expired, used… one answer for all of them, so that a stranger learns nothing."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Ce code ne va pas avec ce nom et cette date de naissance, ou il n’est plus valable. Vérifiez-les. "
                "Après cinq essais, le code ne sert plus : la mairie vous en donne un autre."
            )
        )


class CodeEnded(OpeningError):
    """The code was good a moment ago."""

    def __init__(self) -> None:
        super().__init__(_("Ce code vient de servir ou d’être remplacé. Demandez-en un autre à la mairie."))


class AccountExists(OpeningError):
    """The person has an account already: only the desk gives it back."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Cette personne a déjà un compte. Au guichet, donnez-lui un code après avoir vu une pièce d’identité."
            )
        )


class NotAGuardian(OpeningError):
    """Only somebody who answers for children has an account of a parent."""

    def __init__(self) -> None:
        super().__init__(_("Cette personne n’est responsable d’aucune famille."))


class HasAPerson(OpeningError):
    """The account is already somebody's."""

    def __init__(self) -> None:
        super().__init__(_("Ce compte est déjà relié à une famille."))
