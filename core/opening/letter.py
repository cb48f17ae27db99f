"""The letter that carries an activation code: tagged PDF in the town's look, made once and never kept."""

from datetime import UTC, date
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.urls import reverse
from django.utils.translation import gettext as _

from core.families.models import Guardian
from core.kernel.addresses import absolute
from core.kernel.clock import PARIS
from core.notifications.letters import keep_for_demo
from core.opening.services import Given
from core.town.selectors import help_contacts
from core.ui import appearance
from core.ui.formats import day
from core.ui.pdf import render_pdf

TEMPLATE = Path(__file__).parent / "typst" / "activation.typ"


def activation_letter(given: Given) -> bytes:
    """The document of a code that was just given. Four statements."""
    row, url = given.row, absolute(reverse("opening:activate"))
    person = row.person
    guardian = (
        Guardian.objects.filter(person=person).select_related("family").order_by("family__name").first()
    )
    family = guardian.family if guardian else None
    civility = person.get_civility_display()
    name = f"{civility} {person}".strip()
    place = f"{family.postcode} {family.city}".strip() if family else ""
    issued = row.issued_at.astimezone(PARIS)
    data: dict[str, Any] = {
        "commune": {"name": _("Mairie de %s") % appearance.commune().name},
        "recipient": [name, family.address if family else "", place],
        "issued_on": day(issued.date(), year=True),
        "until": day(row.expires_at.astimezone(PARIS).date(), year=True),
        "code": str(given.code),
        "url": url.removeprefix("https://").removeprefix("http://"),
        "link": url,
        "qr": _qr(url),
        "contacts": _contacts(issued.date()),
    }
    title = _("Votre code d’activation")
    pdf = render_pdf(TEMPLATE, data, title=title, made_at=row.issued_at.astimezone(UTC))
    keep_for_demo(
        title=title, recipient=", ".join(filter(None, data["recipient"])), at=row.issued_at, pdf=pdf
    )
    return pdf


def _contacts(today: date) -> list[str]:
    """Whom to call, as the page of contacts says it: telephone numbers first."""
    cards = [card for group in help_contacts(today=today).services for card in group.contacts]
    return [f"{card.label} : {card.phone or card.email}" for card in cards if card.phone or card.email][:4]


def _qr(url: str) -> str:
    """Leads to the page, never to the code: a letter on a table must not open an account at a glance."""
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
