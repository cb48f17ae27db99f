"""What a menu has to say of a dish: allergens and labels. Codes are kept in rows and given by the API."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Named = dict[str, str | Promise]

ALLERGENS: Named = {
    "gluten": _("gluten"),
    "crustaces": _("crustacés"),
    "oeuf": _("œuf"),
    "poisson": _("poisson"),
    "arachide": _("arachide"),
    "soja": _("soja"),
    "lait": _("lait"),
    "fruits-a-coque": _("fruits à coque"),
    "celeri": _("céleri"),
    "moutarde": _("moutarde"),
    "sesame": _("sésame"),
    "sulfites": _("sulfites"),
    "lupin": _("lupin"),
    "mollusques": _("mollusques"),
}
"""The fourteen of Regulation (EU) 1169/2011, annex II, in its order."""

LABELS: Named = {
    "bio": _("bio"),
    "label-rouge": _("Label rouge"),
    "aop": _("AOP"),
    "igp": _("IGP"),
    "peche-durable": _("pêche durable"),
    "hve": _("haute valeur environnementale"),
    "fermier": _("fermier"),
    "equitable": _("commerce équitable"),
    "local": _("local"),
    "maison": _("fait maison"),
}
"""Signs of quality that count for the EGalim law, then two that say where and how."""


def names(codes: list[str], known: Named) -> list[str]:
    """The words of these codes, in the order of the table; a code that is not known any more is left out."""
    return [str(label) for code, label in known.items() if code in codes]
