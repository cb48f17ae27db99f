"""Which passwords are refused. The rules are pure; the validators give them to Django.

Source: CNIL, recommendation 2022-100 of 21 July 2022. A password that stands alone is worth 80 bits: 12 signs of four
kinds, 14 of three, or seven words.
"""

import re
from math import log2
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

BITS = 80.0
SHORTEST = 12
WORDS = 7

_KINDS = ((re.compile(r"[a-z]"), 26), (re.compile(r"[A-Z]"), 26), (re.compile(r"\d"), 10))
_OTHER = 40
"""Signs, accents, spaces: what a French keyboard gives beside the letters and the digits."""

_ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm")

# fmt: off
COMMON = frozenset({
    "motdepasse", "azerty", "azertyuiop", "qwerty", "bonjour", "bonsoir", "coucou", "soleil",
    "jetaime", "jtm", "doudou", "loulou", "chouchou", "chocolat", "vacances", "famille", "maison",
    "ecole", "cantine", "mairie", "password", "passe", "secret", "admin", "administrateur",
    "utilisateur", "marseille", "paris", "bordeaux", "bassens", "france", "princesse", "papillon",
    "nounours", "tigrou", "toulouse", "football", "jerome", "nicolas", "camille", "thomas",
    "alexandre", "iloveyou", "welcome", "letmein", "dragon", "monkey", "sunshine", "master", "parent",
    "enfant", "enfants", "changemoi", "provisoire", "janvier", "fevrier", "mars", "avril", "mai",
    "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre", "printemps", "automne",
    "hiver",
})
# fmt: on
"""What French people choose first, once digits and signs are taken off. Django's own list holds the English ones."""


def effective(password: str) -> str:
    """The signs that one has to guess: of a run (aaaa, 1234, azerty), only the first two."""
    low = password.lower()
    in_run = [False, False] + [
        _follows(low[rank - 2], low[rank - 1]) and _follows(low[rank - 1], low[rank])
        for rank in range(2, len(low))
    ]
    return "".join(sign for sign, run in zip(password, in_run, strict=False) if not run)


def _follows(before: str, sign: str) -> bool:
    if sign == before or (before.isalnum() and sign.isalnum() and abs(ord(sign) - ord(before)) == 1):
        return True
    return any(before + sign in row or sign + before in row for row in _ROWS)


def bits(password: str) -> float:
    """How hard a password is to guess: its effective signs, times the logarithm of the alphabet that they come from."""
    signs = effective(password)
    alphabet = sum(size for kind, size in _KINDS if kind.search(signs))
    if re.search(r"[^a-zA-Z\d]", signs):
        alphabet += _OTHER
    return len(signs) * log2(alphabet) if alphabet else 0.0


def words(password: str) -> set[str]:
    """Different words of three letters or more of a phrase."""
    return set(re.findall(r"[^\W\d_]{3,}", password.lower()))


def is_strong(password: str) -> bool:
    """
    >>> is_strong("Cour!Tilleul7"), is_strong("parvis-demo-2026"), is_strong("Soleil2026!")
    (True, True, False)
    """
    if len(words(password)) >= WORDS:
        return True
    return len(password) >= SHORTEST and bits(password) >= BITS


def is_common(password: str) -> bool:
    """Is it a common word dressed with digits and signs?"""
    return re.sub(r"[\W\d_]", "", password.lower()) in COMMON


RULE = (
    "Choisissez 12 signes au moins, avec une majuscule, une minuscule, un chiffre et un signe (! ? - …) ; "
    "ou 14 signes de trois de ces sortes ; ou une phrase de sept mots."
)


class StrengthValidator:
    """The validator that Django calls; its French sentence says how to do it."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_common(password):
            raise ValidationError(
                _("Beaucoup de gens choisissent ce mot : prenez-en un autre."), code="password_too_common"
            )
        if not is_strong(password):
            raise ValidationError(
                _("Ce mot de passe se devine trop vite. %(rule)s") % {"rule": _(RULE)},
                code="password_too_weak",
            )

    def get_help_text(self) -> str:
        return _(RULE)
