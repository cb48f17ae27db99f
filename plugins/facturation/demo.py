"""The demo's part: one régie, its products, months billed and mostly paid; the last finished one is left to bill.

Everything goes through the services that agents and parents use.
"""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from core.contracts.billing import Period
from core.contracts.demo import Demo
from core.families.models import Guardian
from core.kernel.clock import PARIS
from plugins.facturation import sandbox
from plugins.facturation.models import Invoice, Payment, ProductMapping, Regie, Run, SandboxTransaction
from plugins.facturation.services import issuing, payments, runs

MONTHS = 3
BASE_URL = "http://127.0.0.1:8000"

PRODUCTS = (
    ("restauration-repas", "Repas de la restauration scolaire", "7067", False),
    ("restauration-accueil-pai", "Accueil avec panier-repas (PAI)", "7067", False),
    ("restauration-majoration", "Majoration sans réservation", "7067", False),
    ("alsh-journee", "Accueil de loisirs, journée", "70632", True),
    ("alsh-demi-journee", "Accueil de loisirs, demi-journée", "70632", True),
    ("alsh-repas", "Repas de l’accueil de loisirs", "7067", False),
)


def load(demo: Demo) -> list[str]:
    """Write régie, products, and the history once. Returns French lines."""
    regie = _regie()
    if Run.objects.exists():
        return [_("Facturation : déjà là.")]
    last = Period.of(demo.today).previous
    month = last
    for _step in range(MONTHS):
        month = month.previous
    invoices = 0
    while month.first_day < last.first_day:
        run = _bill(month)
        invoices += run.invoices.count()  # type: ignore[attr-defined]
        month = month.next
    paid = _pay(regie, demo)
    return [
        _("Facturation : %(invoices)d factures, %(paid)d payées en ligne.")
        % {"invoices": invoices, "paid": paid}
    ]


def _regie() -> Regie:
    regie, _created = Regie.objects.get_or_create(
        code="rsal",
        defaults={
            "name": "Restauration scolaire et accueils de loisirs",
            "issuer": "Mairie de Bassens\n42 avenue Jean-Jaurès\n33530 Bassens",
            "due_days": 20,
            "payment_means": (
                "En ligne, par carte bancaire, dans votre Espace Famille.\n"
                "À la régie, sur rendez-vous, par chèque, en espèces ou en CESU (hors restauration) :\n"
                "mardi et jeudi de 13 h à 17 h 30, mercredi de 8 h 45 à 12 h et de 13 h à 16 h 30."
            ),
            "contact": "facturation.eej@ville-bassens.fr\n05 57 80 81 87",
            "unpaid_notice": (
                "À l’échéance, la régie ne peut plus encaisser : "
                "la somme est transmise au Trésor public, qui vous écrit."
            ),
            "vat_notice": "TVA non applicable.",
        },
    )
    for product, label, code, cesu in PRODUCTS:
        ProductMapping.objects.get_or_create(
            product=product, defaults={"label": label, "regie": regie, "accounting_code": code, "cesu": cesu}
        )
    return regie


def _bill(month: Period) -> Run:
    """A month, computed and issued on the third day of the next one."""
    day = month.next.first_day + timedelta(days=2)
    now = _noon(day)
    run = runs.create_run(period=month, excluded_sources=[], actor=None, now=now, today=day)
    run = runs.draft_run(run_id=run.pk, now=now)
    issuing.start_issue(run_id=run.pk, today=day, confirmed=True)
    return issuing.issue_run(run_id=run.pk, now=now)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), PARIS).astimezone(UTC)


def _pay(regie: Regie, demo: Demo) -> int:
    """Most invoices are paid on line before their due date; one family in ten is late, one payment still waits."""
    rng = demo.random("facturation")
    by_day: dict[date, list[UUID]] = {}
    late_families = set()
    owed = list(
        Invoice.objects.filter(regie=regie, kind=Invoice.Kind.INVOICE, settled_cents__lt=F("total_cents"))
        .select_related("payer__person__user", "family")
        .order_by("issued_on", "number")
    )
    known = _known(owed)
    last_month = max((invoice.issued_on for invoice in owed), default=demo.today)
    for invoice in owed:
        newest = invoice.issued_on == last_month
        if invoice.payer_id in known:
            pays = not newest or known[invoice.payer_id] != "parent"
        else:
            pays = invoice.family_id not in late_families and rng.random() < (0.8 if newest else 0.95)
        if not pays:
            late_families.add(invoice.family_id)
            continue
        day = min(_paid_on(invoice, rng), demo.today)
        payment = _start(invoice, day)
        if newest and known.get(invoice.payer_id) == "voisin":
            continue  # left in front of the bank's page
        sandbox.decide(
            transaction_id=UUID(payment.transaction),
            decision=SandboxTransaction.Decision.ACCEPTED,
            late=False,
            now=_noon(day),
        )
        by_day.setdefault(day, []).append(payment.pk)
    for day, ids in sorted(by_day.items()):
        payments.refresh_payments(payment_ids=ids, now=_noon(day))
    return sum(len(ids) for ids in by_day.values())


def _known(owed: list[Invoice]) -> dict[UUID, str]:
    """Payers whose account the documentation names: theirs is a fixed story."""
    payers = Guardian.objects.filter(
        pk__in={invoice.payer_id for invoice in owed}, person__user__isnull=False
    )
    return dict(payers.values_list("pk", "person__user__username"))


def _paid_on(invoice: Invoice, rng: Random) -> date:
    return invoice.issued_on + timedelta(days=rng.randrange(1, 19))


def _start(invoice: Invoice, day: date) -> Payment:
    return payments.start_payment(
        invoices=[invoice.pk],
        family=invoice.family_id,
        payer=invoice.payer_id,
        provider=sandbox.CODE,
        account=invoice.payer.person.user,
        email="",
        base_url=BASE_URL,
        now=_noon(day),
    )
