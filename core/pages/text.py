"""Words of a question, as they are looked for. Pure."""

import re
import unicodedata

LONGEST = 200
"""Characters of a question that are read; nobody types more by hand."""

MOST = 8
"""Words that are looked for: each one more asks the index again."""

_STOP = """
a au aux avec ce ces cet cette comment d dans de des du elle en est et il ils j je l la le les leur leurs m ma mes mon n
ne nos notre nous on ou par pas pour qu que quel quelle quelles quels qui s sa se ses son sont sur t un une vos votre
vous y
"""
STOP = frozenset(_STOP.split())
"""Words that say nothing of what is looked for, without their accents."""

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


def plain(text: str) -> str:
    """« L’École élémentaire » → « l’ecole elementaire »: neither capitals, nor accents, nor ligatures."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()


def words(question: str) -> list[str]:
    """What to look for, without the words that say nothing; those are kept when there is nothing else."""
    found = re.findall(r"[^\W_]+", plain(question[:LONGEST]))
    telling = [word for word in found if word not in STOP and len(word) > 1]
    return list(dict.fromkeys(telling or [word for word in found if len(word) > 1]))[:MOST]


def tokens(question: str) -> list[str]:
    """The beginnings of words that stand for a question, without the mark of the plural."""
    return [re.sub(r"(?<=\w{3})[sx]$", "", word) for word in words(question)]


def begins_all(text: str, question: str) -> bool:
    """Whether each word of the question begins a word of the text."""
    there = re.findall(r"[^\W_]+", plain(text))
    looked_for = tokens(question)
    return bool(looked_for) and all(any(word.startswith(token) for word in there) for token in looked_for)
