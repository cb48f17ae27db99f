"""The face of the commune: its name, its motto, its colours. Edited by agents, kept as versions under `core.theme`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.contracts.settings import Colour, Text
from core.kernel import configuration
from core.kernel.settings import Sheet
from core.ui.palette import OURS, SELECTED, Colours, Judged, judge, least_readable, style_sheet

KEY = "core.theme"


@dataclass(frozen=True, slots=True)
class Commune:
    """What frames show of the town. `logo` is an address."""

    name: str
    motto: str = ""
    logo: str | None = None


def sheet() -> Sheet:
    """The settings of the appearance; the name is that of the environment until somebody writes another."""
    return _sheet(settings.PARVIS_COMMUNE)


@lru_cache(maxsize=1)
def _sheet(name: str) -> Sheet:
    schema = (
        Text(name="name", label=_("Nom affiché"), default=name, maximum=80),
        Text(
            name="motto",
            label=_("Devise"),
            help=_("Une ligne sous le nom, en haut du site."),
            required=False,
            maximum=120,
        ),
        Colour(
            name="brand",
            label=_("Couleur principale, le jour"),
            help=_("Celle des liens et des boutons, sur fond clair. Choisissez-la foncée."),
            default=OURS.brand,
        ),
        Colour(
            name="brand_dark",
            label=_("Couleur principale, la nuit"),
            help=_("La même sur fond sombre. Choisissez-la claire."),
            default=OURS.brand_dark,
        ),
        Colour(
            name="sun",
            label=_("Couleur d’accent"),
            help=_("Celle de l’encadré « Je pense à » et du texte que l’on sélectionne."),
            default=OURS.sun,
        ),
    )
    return Sheet(KEY, _("Apparence"), schema, lambda values: unreadable(colours_of(values)))


def sheets() -> Iterator[Sheet]:
    yield sheet()


configuration.register(sheets)


def colours_of(values: Mapping[str, Any]) -> Colours:
    return Colours(values["brand"], values["brand_dark"], values["sun"])


def commune() -> Commune:
    values = sheet().values()
    return Commune(values["name"], values["motto"])


def css() -> str:
    """The style sheet in force; "" while the colours are ours."""
    return _css(colours_of(sheet().values()))


@lru_cache(maxsize=16)
def _css(colours: Colours) -> str:
    return style_sheet(colours)


def version(text: str) -> str:
    """Of a style sheet: its address changes with it, so that browsers may keep it for ever."""
    return sha256(text.encode()).hexdigest()[:12]


def address() -> str:
    """Of the style sheet to link; "" while the colours are ours."""
    text = css()
    return f"{reverse('theme_css')}?v={version(text)}" if text else ""


# What is not readable, in words ------------------------------------------------------------------------------------


def unreadable(colours: Colours) -> dict[str, str]:
    """A sentence for each colour that makes a pair unreadable: its ratio, what is needed, which way to go."""
    worst = least_readable(judge(colours), by=lambda pair: pair.chosen)
    return {name: sentence(pair) for name, pair in worst.items() if not pair.is_readable}


def sentence(pair: Judged) -> str:
    advice = _("Choisissez-la plus foncée.") if pair.chosen == "brand" else _("Choisissez-la plus claire.")
    return _("%(pair)s : contraste de %(ratio)s pour 1, il en faut %(least)s. %(advice)s") % {
        "pair": words(pair),
        "ratio": decimal(pair.ratio, down=True),
        "least": decimal(pair.least),
        "advice": advice,
    }


def words(pair: Judged) -> str:
    """« Liens sur la page », « Texte des boutons »…"""
    fronts = {
        "brand": _("Liens"),
        "brand-strong": _("Liens survolés"),
        "ink": _("Texte"),
        "ink-soft": _("Texte secondaire"),
        "focus": _("Cadre de l’élément choisi au clavier"),
    }
    backs = {
        "paper": _("sur la page"),
        "surface": _("sur les cartes"),
        "sunk": _("sur les fonds en creux"),
        "sun-wash": _("sur l’encadré « Je pense à »"),
        "brand-wash": _("sur le fond teinté"),
    }
    if pair.front == "on-brand":
        return _("Texte des boutons") if pair.back == "brand" else _("Texte des boutons survolés")
    if pair.front == SELECTED:
        return _("Texte sélectionné")
    return f"{fronts[pair.front]} {backs[pair.back]}"


def decimal(ratio: float, *, down: bool = False) -> str:
    """« 4,5 », « 21 »; `down` never lets 4,48 pass for 4,5."""
    tenths = int(ratio * 10) if down else round(ratio * 10)
    whole, rest = divmod(tenths, 10)
    return f"{whole},{rest}" if rest else str(whole)
