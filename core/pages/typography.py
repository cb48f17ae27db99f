"""French spacing in what editors type: a sign never leaves its word at the end of a line. Pure."""

import re

NBSP, THIN = "\u00a0", "\u202f"

_RULES = (
    (re.compile(r" (?=[;!?](?:\s|$))"), THIN),
    (re.compile(r" (?=[:»])|(?<=«) "), NBSP),
    (re.compile(r"(?<=\d) (?=\d|(?:h|€|%|Ko|Mo)(?:\W|$))|(?<=\d\sh) (?=\d\d)"), NBSP),
)
_TAG = re.compile(r"(<[^>]*>)")


def french(text: str) -> str:
    """The same text with no-break spaces where French wants them; the inside of HTML tags is left alone."""
    parts = _TAG.split(text)
    for index in range(0, len(parts), 2):
        for pattern, space in _RULES:
            parts[index] = pattern.sub(space, parts[index])
    return "".join(parts)
