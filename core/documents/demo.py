"""The demo's papers: drawn pages that imitate nobody's, in every state, for the families that the docs name."""

import hashlib
import io
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from PIL import Image, ImageDraw, ImageFont

from core.accounts.models import User
from core.contracts.demo import Demo
from core.documents import seeds, services
from core.documents.intake import Taken
from core.documents.models import DocumentType, SupportingDocument
from core.documents.services import Received
from core.documents.states import State
from core.families.models import ChildInFamily, Family, Guardian
from core.kernel.clock import PARIS

QUEUE = 14
"""Documents of other families that wait to be checked."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the story: `days` ago, of whom, and what became of it ("" while it waits)."""

    username: str
    code: str
    days: int
    child: str = ""
    pages: int = 1
    became: str = ""


STORY = (
    Paper("parent", "justificatif-domicile", 84, became="checked"),
    Paper("parent", "attestation-caf", 83, became="checked"),
    Paper("parent", "vaccinations", 80, child="Léa", pages=2, became="checked"),
    Paper("parent", "vaccinations", 1, child="Sami", pages=3),
    Paper(
        "parent",
        "assurance-scolaire",
        6,
        child="Léa",
        became="Le nom de l’enfant n’apparaît pas. Envoyez l’attestation de l’année 2026-2027.",
    ),
    Paper("coparent", "justificatif-domicile", 70, became="checked"),
    Paper("voisin", "avis-imposition", 60, became="checked"),
    Paper("voisin", "certificat-medical", 0, child="Maxime"),
)


def _plain(text: str) -> str:
    """The letters that Pillow's own font has."""
    return unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()


@cache
def _page(title: str, number: int) -> bytes:
    """An A4 sheet with a title and grey lines where the text would be."""
    sheet = Image.new("RGB", (620, 877), "#fbfaf6")
    draw = ImageDraw.Draw(sheet)
    draw.text((60, 60), _plain(title), fill="#1d2b3a", font=ImageFont.load_default(24))
    draw.text(
        (60, 100),
        f"Specimen, page {number}",
        fill="#68717b",
        font=ImageFont.load_default(15),
    )
    for rank, top in enumerate(range(160, 780, 26)):
        draw.line((60, top, 560 if rank % 5 else 380, top), fill="#c9ccd1", width=7)
    content = io.BytesIO()
    sheet.save(content, "JPEG", quality=70)
    return content.getvalue()


def _received(kind: str, pages: int) -> list[Received]:
    found = []
    for number in range(1, pages + 1):
        content = _page(kind, number)
        digest = hashlib.sha256(content).hexdigest()
        taken = Taken(f"page {number}.jpg", "image/jpeg", content, digest, 620, 877, 1)
        found.append(Received(taken, scanned=True))
    return found


def _sheet(title: str) -> Received:
    """The same as a PDF, as the town gives it."""
    content = io.BytesIO()
    Image.open(io.BytesIO(_page(title, 1))).save(
        content, "PDF", resolution=75, creationDate=None, modDate=None
    )
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    return Received(Taken(f"{title}.pdf", "application/pdf", content.getvalue(), digest, 0, 0, 1), True)


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"parvis:demo:piece:{name}")


class _Teller:
    def __init__(self, demo: Demo) -> None:
        seeds.fill(DocumentType)
        self.today = demo.today
        self.rng = demo.random("documents")
        self.kinds = {kind.code: kind for kind in DocumentType.objects.all()}
        self.agent = User.objects.filter(username="enfance").first()

    def send(
        self, name: str, family_id: UUID, actor: Any, code: str, days: int, child_id: UUID | None, pages: int
    ) -> SupportingDocument:
        kind = self.kinds[code]
        return services.deposit(
            family_id=family_id,
            child_id=child_id,
            type=kind,
            received=_received(kind.label, pages),
            actor=actor,
            now=self.at(days, 19),
            submission=_key(name),
        )

    def at(self, days: int, hour: int) -> datetime:
        day: date = self.today - timedelta(days=days)
        return datetime.combine(day, time(hour, self.rng.randrange(60)), PARIS)

    def story(self) -> int:
        made = 0
        guardians = {
            guardian.person.user.username: guardian  # type: ignore[union-attr]
            for guardian in Guardian.objects.filter(
                person__user__username__in={paper.username for paper in STORY}, merged_into=None
            ).select_related("person__user")
        }
        children = {
            (link.family_id, link.child.person.first_name): link.child_id
            for link in ChildInFamily.objects.filter(
                family__in=[guardian.family_id for guardian in guardians.values()]
            ).select_related("child__person")
        }
        for rank, paper in enumerate(STORY):
            guardian = guardians.get(paper.username)
            child = children.get((guardian.family_id, paper.child)) if guardian and paper.child else None
            if guardian is None or (paper.child and child is None):
                continue
            user = guardian.person.user
            document = self.send(
                f"{rank}", guardian.family_id, user, paper.code, paper.days, child, paper.pages
            )
            self.decide(document, paper)
            made += 1
        return made

    def decide(self, document: SupportingDocument, paper: Paper) -> None:
        if not paper.became or document.state != State.RECEIVED:
            return
        who: dict[str, Any] = {
            "document_id": document.pk,
            "actor": self.agent,
            "now": self.at(paper.days - 1, 10),
        }
        if paper.became == "checked":
            services.check(**who, until=document.valid_until)
        else:
            services.refuse(**who, reason=paper.became)

    def given(self) -> None:
        guardian = Guardian.objects.filter(person__user__username="parent", merged_into=None).first()
        if guardian:
            services.give(
                family_id=guardian.family_id,
                title="Attestation de fréquentation 2025-2026",
                note="Pour votre déclaration de revenus : les frais de garde des moins de six ans.",
                received=[_sheet("Attestation de fréquentation")],
                actor=self.agent,
                now=self.at(12, 15),
                submission=_key("attestation"),
            )

    def queue(self) -> int:
        """What other families have just sent."""
        families = list(
            Family.objects.filter(merged_into=None, guardians__person__user=None)
            .order_by("name", "address")
            .distinct()[:QUEUE]
        )
        for rank, family in enumerate(families):
            code = self.rng.choice(("justificatif-domicile", "attestation-caf", "justificatif-domicile"))
            self.send(f"file-{rank}", family.pk, None, code, self.rng.randrange(9), None, 1)
        return len(families)


@transaction.atomic
def load_documents(*, demo: Demo) -> list[str]:
    """Write the papers once. Returns French lines."""
    if SupportingDocument.objects.filter(submission=_key("attestation")).exists():
        return ["Pièces : déjà là."]
    teller = _Teller(demo)
    made = teller.story() + teller.queue()
    teller.given()
    return [f"Pièces : {made} envoyées par les familles, 1 déposée par la mairie."]
