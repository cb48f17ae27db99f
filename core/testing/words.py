"""Words that nobody should read on a French town's site: English left over, anglicisms, the State's own terms.

Each with what to say instead. A commune is not a ministry: it bears neither the State's name nor its marks.
"""

import re

ENGLISH = (
    "the", "and", "with", "your", "please", "search", "submit", "save", "delete", "cancel", "settings", "update",
    "loading", "error", "warning", "success", "page not found", "not found", "forbidden", "sign in", "sign out",
    "log in", "log out", "password", "username", "next page", "previous page", "add another", "this field",
    "required field", "read more", "learn more", "home page", "unknown", "welcome", "yes", "click", "choose",
    "upload", "download",
)  # fmt: skip

ANGLICISMS = {
    "login": "identifiant, connexion",
    "logout": "déconnexion",
    "email": "adresse électronique, message",
    "e-mail": "adresse électronique, message",
    "mail": "message, courriel",
    "newsletter": "lettre d’information",
    "dashboard": "tableau de bord",
    "feedback": "avis",
    "deadline": "date limite",
    "online": "en ligne",
    "digital": "numérique",
    "checker": "vérifier",
    "uploader": "joindre, déposer",
    "downloader": "télécharger",
    "updater": "mettre à jour",
    "process": "démarche",
    "planning": "calendrier",
    "timing": "horaires",
    "workflow": "circuit de validation",
    "template": "modèle",
    "slug": "adresse",
    "reset": "réinitialiser",
    "bug": "anomalie",
    "hashtag": "mot-clé",
    "cliquez": "le verbe de ce qui se passe",
    "cliquer ici": "le verbe de ce qui se passe",
    "veuillez": "l’impératif",
}

OF_THE_STATE = {
    "république française": "le nom de la commune",
    "marianne": "les armes de la commune",
    "gouvernement": "la mairie",
    "ministère": "la mairie",
    "téléservice": "démarche",
    "usager": "habitant, parent, famille",
    "administré": "habitant",
}

FORBIDDEN = {**dict.fromkeys(ENGLISH, "le français"), **ANGLICISMS, **OF_THE_STATE}

_WORDS = re.compile(
    r"(?<![\w@./-])("
    + "|".join(sorted(map(re.escape, FORBIDDEN), key=len, reverse=True))
    + r")s?(?![\w@/-]|\.\w)",
    re.IGNORECASE,
)


def forbidden(text: str) -> list[str]:
    """The words of a text that should not be read, each with a few words around it."""
    return [
        f"{match[0]} (« {text[max(0, match.start() - 30) : match.end() + 30]} »): {FORBIDDEN[match[1].lower()]}"
        for match in _WORDS.finditer(text)
    ]
