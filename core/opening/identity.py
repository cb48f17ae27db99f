"""Comparing people by what is known of them. Pure.

Source: `docs/decisions/0048-opening-an-account.md`. An e-mail alone never links anybody.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})


def fold(name: str) -> str:
    """« Élodie  Saint-Cœur » → « elodiesaintcoeur »: letters and digits of any writing, nothing else.

    A name made of nothing else (a lone sign) is compared as it stands.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LIGATURES))
    return "".join(sign for sign in plain if sign.isalnum()) or name.strip().casefold()


def same_name(typed: str, *known: str) -> bool:
    """Is it one of the names of that person (used name, birth name)?"""
    return fold(typed) in {fold(name) for name in known if name}


def is_the_one(
    *, last_name: str, birth_date: date, known_names: Iterable[str], known_birth_date: date | None
) -> bool:
    """Does what was typed beside the code agree with the person? A birth date unknown to the town is not compared."""
    if not same_name(last_name, *known_names):
        return False
    return known_birth_date is None or birth_date == known_birth_date
