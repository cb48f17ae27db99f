"""What is under way: what an agent must know before this plugin is switched off."""

from django.db.models import F
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import ngettext

from core.contracts.lifecycle import Obstacle
from plugins.facturation.models import Invoice, Payment, Run
from plugins.facturation.selectors.questions import waiting


def obstacles() -> list[Obstacle]:
    """Payments that wait for their provider, runs that are not issued, invoices to pay, questions without an answer.
    Four statements."""
    counted = (
        (
            Payment.objects.filter(state__in=Payment.OPEN).count(),
            lambda count: ngettext(
                "%(count)s paiement en ligne n’est pas terminé, son retour reste ouvert jusqu’à la réponse du "
                "prestataire.",
                "%(count)s paiements en ligne ne sont pas terminés, leur retour reste ouvert jusqu’à la réponse du "
                "prestataire.",
                count,
            ),
            "facturation:payments",
        ),
        (
            Run.objects.filter(state__in=Run.OPEN).count(),
            lambda count: ngettext(
                "%(count)s calcul de factures n’est pas émis.",
                "%(count)s calculs de factures ne sont pas émis.",
                count,
            ),
            "facturation:runs",
        ),
        (
            Invoice.objects.filter(kind=Invoice.Kind.INVOICE, settled_cents__lt=F("total_cents")).count(),
            lambda count: ngettext(
                "%(count)s facture reste à payer, et la famille ne pourra plus la payer en ligne.",
                "%(count)s factures restent à payer, et les familles ne pourront plus les payer en ligne.",
                count,
            ),
            "facturation:agent_invoices",
        ),
        (
            waiting(),
            lambda count: ngettext(
                "%(count)s question d’une famille attend une réponse : personne ne la verra tant que le module est "
                "désactivé.",
                "%(count)s questions de familles attendent une réponse : personne ne les verra tant que le module est "
                "désactivé.",
                count,
            ),
            "backoffice:requests",
        ),
    )
    return [
        Obstacle(words(count) % {"count": number_format(count, force_grouping=True)}, reverse(url_name))
        for count, words, url_name in counted
        if count
    ]
