"""The demo's library: its shelves, and the documents put on them over the last months."""

from datetime import date, datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils.timezone import make_aware

from core.contracts.audiences import FAMILIES, of_site
from core.contracts.demo import Demo
from core.pages.audiences import joined
from core.pages.library import DocumentTheme, DocumentVersion, LibraryDocument
from core.town.models import SchoolYear, Site
from plugins.actualites.demo_papers import Paper, papers

THEMES = {
    "menus": "Menus de la cantine",
    "reglement": "Règlement intérieur",
    "dossier": "Dossier annuel",
    "regie": "Régie et paiement",
    "vie-scolaire": "Vie scolaire",
    "deliberations": "Délibérations",
}


def load_library(demo: Demo) -> dict[str, LibraryDocument]:
    """Write what is missing; what editors changed is kept. Returns the documents by the key of their paper."""
    themes = {
        slug: DocumentTheme.objects.get_or_create(slug=slug, defaults={"name": name, "rank": rank})[0]
        for rank, (slug, name) in enumerate(THEMES.items(), start=1)
    }
    years = {year.name: year for year in SchoolYear.objects.all()}
    known = {document.title: document for document in LibraryDocument.objects.all()}
    found: dict[str, LibraryDocument] = {}
    for paper in papers(demo):
        found[paper.key] = known.get(paper.title) or _document(demo, paper, themes, years, found)
    return found


def _document(
    demo: Demo,
    paper: Paper,
    themes: dict[str, DocumentTheme],
    years: dict[str, SchoolYear],
    earlier: dict[str, LibraryDocument],
) -> LibraryDocument:
    document = LibraryDocument(
        title=paper.title,
        slug=paper.slug,
        description=paper.description,
        theme=themes[paper.theme],
        school_year=years.get(paper.year),
        language=paper.language,
        valid_until=paper.valid_until,
        replaces=earlier.get(paper.replaces),
        readers=_readers(paper),
    )
    for days_ago, note, pdf in paper.files:
        document.version_note = note
        document.file = ContentFile(pdf(), name=f"{paper.key}.pdf")
        document.save()
        moment = _morning(demo.today - timedelta(days=days_ago))
        if document.version == 1:
            document.created_at = moment
        document.filed_at = moment
        rows = LibraryDocument.objects.filter(pk=document.pk)
        rows.update(created_at=document.created_at, filed_at=moment)
        DocumentVersion.objects.filter(document=document, number=document.version).update(filed_at=moment)
    return document


def _readers(paper: Paper) -> str:
    if paper.site:
        return joined(of_site(pk) for pk in Site.objects.filter(code=paper.site).values_list("pk", flat=True))
    return joined([FAMILIES]) if paper.for_families else ""


def _morning(day: date) -> datetime:
    """Nine o'clock that day, or the Friday before a week-end."""
    day -= timedelta(days=max(0, day.weekday() - 4))
    return make_aware(datetime.combine(day, time(9)))
