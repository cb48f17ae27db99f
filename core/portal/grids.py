"""The public grid of a tariff as a sheet of paper."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.addresses import absolute
from core.pricing.explain import typeset
from core.pricing.grid import Grid
from core.pricing.offered import Offered
from core.ui import appearance
from core.ui.formats import euros
from core.ui.pdf import render_pdf

TEMPLATE = Path(__file__).parent / "typst" / "grid.typ"
MOST_COLUMNS = 5
"""A sheet that lies down holds as many without breaking words."""


def grid_pdf(offer: Offered, grid: Grid, *, address: str) -> bytes:
    """The document of a grid; `address` is its page. The same tariff gives the same bytes but for the date."""
    tariff = grid.tariff
    until = _(", jusqu’au %(day)s") % {"day": offer.until} if offer.until else ""
    lead = _("Prix par %(unit)s, depuis le %(day)s") % {"unit": grid.unit.label, "day": offer.since}
    decision = ""
    if tariff.decision:
        words = _("Délibération du conseil municipal n° %(number)s du %(day)s.")
        decision = words % {"number": tariff.decision.number, "day": offer.decided_on}
    url = absolute(address)
    data: dict[str, Any] = {
        "commune": {"name": appearance.commune().name},
        "title": _("Tarif : %(name)s") % {"name": offer.label},
        "lead": f"{lead}{until}.",
        "decision": decision,
        "measure": grid.measure or _("Famille"),
        "wide": len(grid.columns) > 3,
        "tables": [
            {
                "columns": grid.columns[start : start + MOST_COLUMNS],
                "rows": [
                    [row.label, *(_cell(cell) for cell in row.cells[start : start + MOST_COLUMNS])]
                    for row in grid.rows
                ],
            }
            for start in range(0, len(grid.columns), MOST_COLUMNS)
        ],
        "notes": [
            typeset(note) for note in (tariff.note, tariff.source.note if tariff.source else "") if note
        ],
        "link": url.removeprefix("https://").removeprefix("http://"),
    }
    return render_pdf(TEMPLATE, data, title=data["title"])


def _cell(amount: Any) -> str:
    return _("pas de prix") if amount is None else euros(amount)
