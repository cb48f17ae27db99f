"""What the law asks a town to say on its site, filled from settings that agents edit and from what is declared.

Accessibility: law 2005-102 art. 47, decree 2019-768 (content of the declaration, recourse to the Défenseur des droits);
legal notice: law 2004-575 art. 1-1; personal data: GDPR art. 13 and 30.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.contracts.settings import Choice, Date, Email, Integer, Lines, Text
from core.kernel import configuration, state
from core.kernel.settings import Sheet

TOTAL, PARTIAL, NONE = "totale", "partielle", "non"


def state_words() -> str:
    """« non conforme » until an audit says better: that is what the law presumes."""
    return _words()[accessibility().values()["state"]]


def _words() -> dict[str, str]:
    return {
        TOTAL: _("totalement conforme"),
        PARTIAL: _("partiellement conforme"),
        NONE: _("non conforme"),
    }


def accessibility() -> Sheet:
    schema = (
        Choice(
            name="state",
            label=_("État de conformité au RGAA"),
            help=_("Sans audit de moins de trois ans, la loi demande « non conforme »."),
            choices=tuple(_words().items()),
            default=NONE,
        ),
        Integer(name="rate", label=_("Critères respectés, en pourcentage"), maximum=100, required=False),
        Date(name="audited_on", label=_("Date de l’audit"), required=False),
        Text(name="audited_by", label=_("Qui a fait l’audit"), required=False),
        Date(name="written_on", label=_("Date de la déclaration"), required=False),
        Lines(
            name="failures", label=_("Ce qui n’est pas conforme"), help=_("Une ligne chacun."), required=False
        ),
        Lines(
            name="burdens",
            label=_("Dérogations pour charge disproportionnée"),
            help=_("Une ligne chacune, avec sa raison."),
            required=False,
        ),
        Lines(
            name="exempt",
            label=_("Contenus que la loi ne soumet pas"),
            help=_("Une ligne chacun."),
            required=False,
        ),
        Lines(
            name="tested",
            label=_("Avec quoi le site a été essayé"),
            help=_("Navigateurs, lecteurs d’écran, outils : une ligne chacun."),
            required=False,
        ),
        Text(name="plan", label=_("Adresse du schéma pluriannuel d’accessibilité"), required=False),
        Email(name="email", label=_("Adresse électronique pour signaler une difficulté"), required=False),
        Text(name="phone", label=_("Téléphone pour signaler une difficulté"), maximum=30, required=False),
    )
    return Sheet("accessibilite.settings", _("Accessibilité"), schema, _doubts)


def _doubts(values: Mapping[str, Any]) -> dict[str, str]:
    """A state better than « non conforme » stands on an audit (decree 2019-768 art. 5)."""
    state, rate = values["state"], values["rate"]
    wrong = {}
    if state != NONE and not values["audited_on"]:
        wrong["audited_on"] = _("Donnez la date de l’audit : sans audit, le site est « non conforme ».")
    if state == TOTAL and rate != 100:
        wrong["rate"] = _("« Totalement conforme » demande 100 %.")
    if state == PARTIAL and not (rate is not None and 50 <= rate < 100):
        wrong["rate"] = _("« Partiellement conforme » demande de 50 % à 99 %.")
    return wrong


def notice() -> Sheet:
    town = settings.PARVIS_COMMUNE
    schema = (
        Text(name="publisher", label=_("Éditeur du site"), default=_("Mairie de %s") % town),
        Lines(name="publisher_address", label=_("Adresse de l’éditeur"), maximum=300, required=False),
        Text(name="publisher_phone", label=_("Téléphone de l’éditeur"), maximum=30, required=False),
        Email(name="publisher_email", label=_("Adresse électronique de l’éditeur"), required=False),
        Text(
            name="director",
            label=_("Directrice ou directeur de la publication"),
            help=_("Nom et fonction : la maire, le maire."),
            required=False,
        ),
        Text(name="host", label=_("Hébergeur"), required=False),
        Lines(
            name="host_address", label=_("Adresse et téléphone de l’hébergeur"), maximum=300, required=False
        ),
        Text(name="dpo", label=_("Déléguée ou délégué à la protection des données"), required=False),
        Email(name="dpo_email", label=_("Son adresse électronique"), required=False),
        Lines(name="dpo_address", label=_("Son adresse postale"), maximum=300, required=False),
        Lines(
            name="processors",
            label=_("Sous-traitants"),
            help=_(
                "Entreprises qui traitent des données pour la commune : une ligne chacune, avec ce qu’elles font."
            ),
            required=False,
        ),
        Lines(name="credits", label=_("Crédits des textes et des images"), maximum=600, required=False),
    )
    return Sheet("mentions.settings", _("Mentions légales et données personnelles"), schema)


def sheets() -> Iterator[Sheet]:
    yield accessibility()
    yield notice()


configuration.register(sheets)


def lines(text: str) -> list[str]:
    """The lines that agents wrote, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


# Personal data --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Processing:
    """What is done with data about people: for what, which data, on what ground, for how long. In French."""

    name: str
    purpose: str
    data: tuple[str, ...]
    ground: str
    kept: str


def processings() -> list[Processing]:
    """What core does, then each service that is on and keeps something about people, from its own manifest."""
    mission = _("Mission d’intérêt public de la commune.")
    duty = _("Le temps que demandent la loi et les archives de la commune.")
    space = [
        Processing(
            _("Compte et connexion"),
            _("Ouvrir l’Espace Famille à la bonne personne, et à elle seule."),
            (_("identifiant, adresse électronique, mot de passe chiffré, appareils connectés"),),
            mission,
            _("Tant que le compte est ouvert."),
        ),
        Processing(
            _("Dossier de la famille"),
            _("Accueillir les enfants en sécurité et savoir qui prévenir."),
            (
                _("adultes, enfants, personnes à prévenir, garde et décisions de justice"),
                _("quotient familial, quand vous l’avez donné"),
            ),
            mission,
            duty,
        ),
        Processing(
            _("Demandes et messages"),
            _("Répondre à vos demandes et vous dire ce qui change."),
            (_("demandes, pièces jointes, messages envoyés"),),
            mission,
            duty,
        ),
        Processing(
            _("Journal des actes"),
            _("Montrer qui a lu ou changé votre dossier."),
            (_("date, agent ou parent, acte"),),
            _("Obligation de sécurité (RGPD, article 32)."),
            duty,
        ),
    ]
    form = Processing(
        _("Formulaire de contact"),
        _("Faire suivre votre message au service qui répond."),
        (_("nom, adresse électronique, téléphone si vous le donnez, message"),),
        mission,
        _("Le message part au service et ne reste pas sur le site."),
    )
    services = [
        Processing(
            plugin.name, plugin.summary, tuple(kind.what for kind in plugin.personal_data), mission, duty
        )
        for plugin in state.enabled()
        if plugin.personal_data
    ]
    return [form, *(space if state.serves("families") else ()), *services]
