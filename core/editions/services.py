"""Making a document for a family, and checking one."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import User
from core.contracts.editions import Body, IssuableDocument, issuable_documents
from core.contracts.family import FamilyContext
from core.contracts.journal import Act
from core.editions import own
from core.editions.models import IssuedDocument
from core.families.selectors import context_for_agent, context_in, reach_of
from core.kernel import journal
from core.kernel.calls import collect
from core.kernel.clock import PARIS
from core.town.selectors import help_contacts
from core.ui import appearance
from core.ui.formats import day
from core.ui.pdf import render_pdf

TEMPLATE = Path(__file__).parent / "typst" / "edition.typ"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what one takes for something else: 0 and O, 1, I and L."""

ISSUED = "editions.document_issued"
ACTS = (Act(ISSUED, gettext_lazy("Document édité")),)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Edition:
    """A document that was made."""

    row: IssuedDocument
    pdf: bytes

    @property
    def file_name(self) -> str:
        return f"{slugify(self.row.title)}-{self.row.reference.lower()}.pdf"


def offered(context: FamilyContext) -> list[IssuableDocument]:
    """What this person may have made for a family, by weight."""
    found = [*own.documents(context), *collect(issuable_documents, context=context)]
    return sorted(
        (document for document in found if context.is_shown(document.needs)),
        key=lambda document: (document.weight, document.code),
    )


def find(context: FamilyContext, code: str) -> IssuableDocument | None:
    return next((document for document in offered(context) if document.code == code), None)


def issue(
    *, context: FamilyContext, document: IssuableDocument, actor: User, now: datetime, by_agent: bool = False
) -> Edition:
    """Make a document now. Asked twice on one day with the same words, it is the same paper. Raises PdfError."""
    body = document.write()
    row = _row(context, document, digest(body), actor, now, by_agent)
    issued = row.issued_at.astimezone(PARIS)
    commune = appearance.commune()
    helpers = help_contacts(today=issued.date(), now=issued)
    cards = [card for group in helpers.services for card in group.contacts]
    data = {
        "commune": {"name": _("Mairie de %s") % commune.name},
        "reference": row.reference,
        "title": document.title,
        "issued_on": day(issued.date(), year=True),
        "lead": body.lead,
        "parts": [
            {"title": part.title, "head": part.head, "rows": part.rows, "empty": part.empty}
            for part in body.parts
        ],
        "contacts": [f"{card.label} : {card.phone}" for card in cards if card.phone][:2],
    }
    return Edition(row, render_pdf(TEMPLATE, data, title=document.title, made_at=row.issued_at))


@transaction.atomic
def _row(
    context: FamilyContext,
    document: IssuableDocument,
    said: str,
    actor: User,
    now: datetime,
    by_agent: bool,
) -> IssuedDocument:
    midnight = now.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    same = IssuedDocument.objects.filter(
        family=context.id, code=document.code, digest=said, issued_by=actor, issued_at__gte=midnight
    )
    if found := same.first():
        return found
    row = IssuedDocument.objects.create(
        reference=_reference(),
        code=document.code,
        title=document.title,
        family_id=context.id,
        digest=said,
        issued_at=now,
        issued_by=actor,
        by_agent=by_agent,
    )
    journal.record(
        actor=actor,
        act=ISSUED,
        object=row,
        concerning=[("families.family", context.id)],
        changes={"title": document.title, "reference": row.reference},
    )
    return row


def _reference() -> str:
    """« 7K3M-92QX » : thirty-nine bits; the database refuses to give one twice."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def digest(body: Body) -> str:
    """That of the words of a document, whatever its date and its reference."""
    said = [body.lead, [[part.title, part.head, part.rows, part.empty] for part in body.parts]]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def as_file(made: Edition) -> HttpResponse:
    """The answer that hands a document over: nobody keeps a copy on the way."""
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@dataclass(frozen=True, slots=True)
class Verdict:
    """A paper that the town made: `same` says whether it would say the same now; None when it cannot be made again."""

    row: IssuedDocument
    same: bool | None


def check(*, reference: str, now: datetime) -> Verdict | None:
    """What the town knows of a reference, however it was typed; None when it made no such paper."""
    letters = "".join(letter for letter in reference.upper() if letter.isalnum())
    row = (
        IssuedDocument.objects.select_related("family", "issued_by")
        .filter(reference=f"{letters[:4]}-{letters[4:]}")
        .first()
    )
    if row is None:
        return None
    context = _context_of(row, now)
    document = find(context, row.code) if context else None
    return Verdict(row, digest(document.write()) == row.digest if document else None)


def _context_of(row: IssuedDocument, now: datetime) -> FamilyContext | None:
    """The family as whoever asked for a paper sees it now; None when he or she may not any more."""
    today = now.astimezone(PARIS).date()
    if row.by_agent:
        return context_for_agent(row.family_id, today)
    if row.issued_by is None:
        return None
    reach = reach_of(row.issued_by, today)
    return context_in(reach, today, row.family_id) if reach.find(row.family_id) else None
