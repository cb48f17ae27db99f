"""What may go wrong, each with the French sentence that is shown."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _


class BillingError(Exception):
    """Something that an agent or a parent can be told. `str()` is the sentence; `code` is stable."""

    code = "refuse"


class RunRefused(BillingError):
    """The run cannot start, go on, or be issued."""

    code = "calcul_refuse"


class SourceOff(RunRefused):
    """A source with facts to bill is switched off, and the agent did not exclude it by name."""

    code = "module_eteint"

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)
        listed = ", ".join(self.names)
        super().__init__(
            _(
                "Le calcul s’arrête : le module %(names)s est désactivé, alors que ses prestations se facturent. "
                "Réactivez-le, ou écartez-le de ce calcul : ses lignes resteront comme elles sont."
            )
            % {"names": listed}
            if len(self.names) == 1
            else _(
                "Le calcul s’arrête : les modules %(names)s sont désactivés, alors que leurs prestations se facturent. "
                "Réactivez-les, ou écartez-les de ce calcul : leurs lignes resteront comme elles sont."
            )
            % {"names": listed}
        )


class UnknownProducts(RunRefused):
    """Products of the tariffs that no régie bills."""

    code = "produits_inconnus"

    def __init__(self, products: Iterable[str]) -> None:
        self.products = sorted(products)
        super().__init__(
            _(
                "Aucune régie n’est indiquée pour : %(products)s. "
                "Complétez les produits facturés, puis relancez le calcul."
            )
            % {"products": ", ".join(self.products)}
        )


class ConfirmationNeeded(RunRefused):
    """Corrections of earlier months are above the threshold: ask once more."""

    code = "confirmation_demandee"


class PaymentRefused(BillingError):
    """A payment cannot start."""

    code = "paiement_refuse"


class PaymentInFlight(PaymentRefused):
    """Another payment of the same invoice is waiting for its provider: a second one could be paid twice."""

    code = "paiement_en_cours"

    def __init__(self, payment_id: UUID) -> None:
        self.payment_id = payment_id
        super().__init__(
            _(
                "Un paiement de cette facture est déjà en cours. Nous attendons la réponse du service de paiement."
            )
        )
