"""The demo's part: one régie, its products, months billed and mostly paid; the last finished one is left to bill.

Everything goes through the services that agents and parents use.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.contracts.billing import Period
from core.contracts.demo import Demo
from core.families.selectors import context_of
from core.kernel import state
from core.kernel.clock import PARIS
from plugins.facturation import sandbox
from plugins.facturation.models import Invoice, Payment, ProductMapping, Regie, Run, SandboxTransaction
from plugins.facturation.questions import Subject
from plugins.facturation.services import issuing, payments, questions, runs

MONTHS = 13
ON_TIME = 0.75
PAY_DAYS = (3, 8, 12, 17)

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
    rng = demo.random("facturation")
    paid = 0
    with state.snapshot():
        while month.first_day < last.first_day:
            _bill(month)
            month = month.next
            paid += _pay(regie, demo, rng, newest=month == last)
    _question(demo)
    count = Invoice.objects.count()
    return [_("Facturation : %(count)d factures, %(paid)d payées en ligne.") % {"count": count, "paid": paid}]


def _question(demo: Demo) -> None:
    """One parent has a doubt about the newest invoice, and waits for the answer."""
    invoice = (
        Invoice.objects.filter(payer__person__user__username="parent", kind=Invoice.Kind.INVOICE)
        .select_related("payer__person__user")
        .order_by("-issued_on", "-number")
        .first()
    )
    if invoice is None:
        return
    user = invoice.payer.person.user
    family = context_of(user, demo.today, invoice.family_id)
    if family:
        questions.ask(
            invoice=invoice,
            family=family,
            actor=user,
            subject=Subject.DAY,
            text=_("Un repas est compté un jour de sortie scolaire. Pouvez-vous vérifier ?"),
            now=_noon(demo.today - timedelta(days=3)),
        )


def _regie() -> Regie:
    regie, _created = Regie.objects.get_or_create(
        code="rsal",
        defaults={
            "name": "Restauration scolaire et accueils de loisirs",
            "issuer": "Mairie de Bassens\n42 avenue Jean-Jaurès\n33530 Bassens",
            "due_days": 20,
            "payment_means": (
                "Par carte bancaire dans votre Espace Famille.\n"
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


@transaction.atomic
def _pay(regie: Regie, demo: Demo, rng: Random, *, newest: bool) -> int:
    """The invoices of a month are paid on line, but some of the newest: one of these waits in front of the bank."""
    owed = list(
        Invoice.objects.filter(regie=regie, kind=Invoice.Kind.INVOICE, settled_cents__lt=F("total_cents"))
        .select_related("payer__person__user")
        .order_by("issued_on", "number")
    )
    by_day: dict[date, list[Payment]] = defaultdict(list)
    for invoice in owed:
        user = invoice.payer.person.user
        name = user.username if user else ""
        late = name == "parent" or (name != "voisin" and rng.random() > ON_TIME)
        if newest and late:
            continue
        day = min(invoice.issued_on + timedelta(days=rng.choice(PAY_DAYS)), demo.today)
        waits = newest and name == "voisin"
        payment = _start(invoice, demo.today - timedelta(days=1) if waits else day)
        if not waits:
            by_day[day].append(payment)
    for day, started in sorted(by_day.items()):
        _accept(started)
        payments.refresh_payments(payment_ids=[payment.pk for payment in started], now=_noon(day))
    return sum(map(len, by_day.values()))


def _accept(started: list[Payment]) -> None:
    """In the books of the bank: its page would do it one by one."""
    SandboxTransaction.objects.filter(pk__in=[payment.transaction for payment in started]).update(
        decision=SandboxTransaction.Decision.ACCEPTED
    )


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
