"""The words of messages: those of the house, or those that agents wrote in their place.

A wording is versioned with the configuration, under « messages.<topic> » : two texts, in which `{name}` stands for a
variable of the topic. An empty text is the original. It says the same in plain text and in HTML, in the town's frame,
with the button of the original.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template import Context, Variable, VariableDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Topic
from core.contracts.settings import Lines, Text
from core.kernel import configuration
from core.kernel.settings import Sheet
from core.notifications import topics

PREFIX = "messages."
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_SIGNATURE = "\n-- \n"


@dataclass(frozen=True, slots=True)
class Written:
    """A message ready to leave: `subject` may hold line breaks, `text` and `html` say the same."""

    subject: str
    text: str
    html: str


# What agents write ---------------------------------------------------------------------------------------------------


@cache
def _schema() -> tuple[Text, Lines]:
    return (
        Text(
            name="subject",
            label=gettext_lazy("Objet"),  # type: ignore[arg-type]
            help=gettext_lazy("Vide : celui d’origine."),  # type: ignore[arg-type]
            maximum=150,
            required=False,
        ),
        Lines(
            name="text",
            label=gettext_lazy("Texte"),  # type: ignore[arg-type]
            help=gettext_lazy("Vide : celui d’origine. Une ligne vide sépare deux paragraphes."),  # type: ignore[arg-type]
            required=False,
        ),
    )


def sheet_of(topic: Topic) -> Sheet:
    """What is chosen about the words of a topic."""
    known = {variable.name for variable in topic.variables}

    def unknown(values: Mapping[str, Any]) -> dict[str, str]:
        found = {}
        for name, text in values.items():
            if strange := [place for place in _PLACE.findall(text) if place not in known]:
                found[name] = _("« {%s} » n’est pas une variable de ce message.") % strange[0]
        return found

    label = _("Message « %s »") % topic.label
    return Sheet(f"{PREFIX}{topic.code}", label, _schema(), unknown)


def editable() -> list[Topic]:
    """Topics that agents may word again."""
    return [topic for topic in topics.every() if topic.variables]


def is_ours(topic: Topic) -> bool:
    """Whether a message has the words of the house."""
    return not any(sheet_of(topic).values().values())


def sheets() -> Iterator[Sheet]:
    for topic in editable():
        yield sheet_of(topic)


configuration.register(sheets)


# What leaves ---------------------------------------------------------------------------------------------------------


def written(topic: Topic, words: Mapping[str, Any]) -> Written:
    """The message of a topic with the context of `notify`, frame included. No statement until a wording is chosen."""
    chosen = sheet_of(topic).values() if topic.variables else {"subject": "", "text": ""}
    return _composed(topic, words, chosen["subject"], chosen["text"])


def _composed(topic: Topic, words: Mapping[str, Any], subject: str, text: str) -> Written:
    context = dict(words)
    values = _values(topic, context) if subject or text else {}
    said = _filled(subject, values) if subject else render_to_string(f"{topic.template}.subject.txt", context)
    if not text:
        return Written(
            said,
            render_to_string(f"{topic.template}.txt", context).strip() + "\n",
            render_to_string(f"{topic.template}.html", context),
        )
    body = _filled(text, values)
    first, *others = [part.strip() for part in re.split(r"\n\s*\n", body.strip())]
    return Written(
        said,
        render_to_string("notifications/worded.txt", {**context, "body": body.strip()}).strip() + "\n",
        render_to_string("notifications/worded.html", {**context, "first": first, "others": others}),
    )


def _values(topic: Topic, words: Mapping[str, Any]) -> dict[str, str]:
    context, found = Context(dict(words)), {}
    for variable in topic.variables:
        try:
            value = Variable(variable.path).resolve(context)
        except VariableDoesNotExist:
            value = None
        found[variable.name] = "" if value is None or value == "" else variable.shape(value)
    return found


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The value of a variable is text, never a place for another."""
    return _PLACE.sub(lambda place: values.get(place[1], ""), text)


# For whoever writes --------------------------------------------------------------------------------------------------


def _example(topic: Topic, commune: Any) -> dict[str, Any]:
    """A context made of the examples of the variables."""
    words: dict[str, Any] = {"commune": commune, "url": "https://exemple/", "button": _("Ouvrir la page")}
    for variable in topic.variables:
        *path, last = variable.path.split(".")
        place = words
        for step in path:
            place = place.setdefault(step, {})
        place[last] = variable.example
    return words


def preview(topic: Topic, *, subject: str, text: str, commune: Any, frame: Mapping[str, Any]) -> Written:
    """What somebody would receive with these words, made of the examples."""
    return _composed(topic, {**_example(topic, commune), **frame}, subject, text)


def original(topic: Topic, *, commune: Any) -> tuple[str, str]:
    """The subject and the text of the house, without the button nor the signature, with `{name}` where an example
    stands."""
    words = _example(topic, commune)
    subject = " ".join(render_to_string(f"{topic.template}.subject.txt", words).split())
    text = f"\n{render_to_string(f'{topic.template}.txt', words).strip()}"
    text = text.split(_SIGNATURE)[0].replace(f"{words['button']} :\n{words['url']}", "")
    shaped = {variable.name: variable.shape(variable.example) for variable in topic.variables}
    for name, example in sorted(shaped.items(), key=lambda pair: -len(pair[1])):
        subject, text = (words.replace(example, f"{{{name}}}") for words in (subject, text))
    return subject, re.sub(r"\n{3,}", "\n\n", text).strip()
