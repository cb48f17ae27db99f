"""Both homes of a child are told what the other does with what they have in common, and a household whom one of its
guardians lets act: everybody concerned but whoever did it.

A message says what happened, about which child and on which days, never what a home keeps for itself.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.notifications import Topic
from core.families.common import State
from core.families.models import CommonProposal, CustodyException, Guardian, Mandate, Person
from core.families.services.common import holders_of
from core.families.signals import moved
from core.kernel.addresses import absolute
from core.notifications.services import notify
from core.ui.formats import day


def _topic(name: str, label: Any) -> Topic:
    return Topic(code=f"core.{name}", label=label, template="notifications/fact")


CHANGE = _topic("changement-commun", gettext_lazy("Changement commun aux deux foyers"))
CUSTODY = _topic("jours-de-garde", gettext_lazy("Changement de jours de garde"))
MANDATE = _topic("delegation", gettext_lazy("Délégation donnée ou retirée"))

TOPICS = (CHANGE, CUSTODY, MANDATE)


def connect() -> None:
    """Listen to families; called when the process starts."""
    for sender, tell in ((CommonProposal, _change), (CustodyException, _custody), (Mandate, _mandate)):
        moved.connect(tell, sender=sender, dispatch_uid=f"notifications.{sender.__name__}")


# Both homes ----------------------------------------------------------------------------------------------------------


def _others(child_id: Any, by: Guardian | None) -> Iterator[Person]:
    """The holders of the parental authority in both homes, each once, but whoever did it."""
    people = {holder.person_id: holder.person for holder in holders_of(child_id)}
    return (person for pk, person in people.items() if by is None or pk != by.person_id)


def _first_name(child_id: Any) -> str:
    """As it is known, whatever is proposed."""
    return Person.objects.values_list("first_name", flat=True).get(child=child_id)


def _change(thing: CommonProposal, **_signal: Any) -> None:
    if thing.settled_at:
        by = None
    else:
        by = thing.answered_by if thing.state in (State.CONTESTED, State.APPLIED) else thing.proposed_by
    child = _first_name(thing.child_id)
    said = {"child": child, "fact": thing.label}
    subject, answer, more = {
        State.PROPOSED: (
            _("Un changement est proposé pour %(child)s"),
            _("L’autre parent de %(child)s propose un changement : %(fact)s."),
            _("Lisez-le et répondez. Rien ne change avant une réponse."),
        ),
        State.CONTESTED: (
            _("Le changement proposé pour %(child)s est contesté"),
            _("L’autre parent de %(child)s n’est pas d’accord avec le changement proposé : %(fact)s."),
            _("Le service vous appellera tous les deux. Rien ne change avant sa décision."),
        ),
        State.APPLIED: (
            _("Le changement proposé pour %(child)s est fait"),
            _("Le changement proposé pour %(child)s est fait : %(fact)s."),
            "",
        ),
        State.REJECTED: (
            _("Le changement proposé pour %(child)s est refusé"),
            _("Le service a refusé le changement proposé pour %(child)s : %(fact)s."),
            "",
        ),
        State.WITHDRAWN: (
            _("Le changement proposé pour %(child)s est retiré"),
            _("L’autre parent de %(child)s a retiré le changement proposé : %(fact)s."),
            _("Rien ne change."),
        ),
    }[State(thing.state)]
    if thing.settled_at:
        more = thing.reason
    _write(
        _others(thing.child_id, by),
        topic=CHANGE,
        fact=f"commun-{thing.pk}-{thing.state}",
        subject=subject % said,
        answer=answer % said,
        more=more,
        path=reverse("portal:child", args=[thing.child_id]),
        button=_("Voir la fiche de %(child)s") % said,
    )


def _custody(thing: CustodyException, **_signal: Any) -> None:
    states = CustodyException.State
    answered = thing.state in (states.AGREED, states.REFUSED)
    child = _first_name(thing.child_id)
    said = {"child": child, "days": _days(thing.first_day, thing.last_day)}
    subject, answer, more = {
        states.PROPOSED: (
            _("Un changement de garde est demandé pour %(child)s"),
            _("L’autre parent de %(child)s demande un changement de garde %(days)s."),
            _("Lisez-le et répondez. Rien ne change avant votre réponse."),
        ),
        states.AGREED: (
            _("Le changement de garde demandé pour %(child)s est accepté"),
            _("Le changement de garde demandé pour %(child)s est accepté, %(days)s."),
            _("Les jours déjà réservés restent à qui les a réservés."),
        ),
        states.REFUSED: (
            _("Le changement de garde demandé pour %(child)s est refusé"),
            _("Le changement de garde demandé pour %(child)s est refusé, %(days)s."),
            _("La garde de ces jours ne change pas."),
        ),
        states.WITHDRAWN: (
            _("Le changement de garde demandé pour %(child)s est retiré"),
            _("L’autre parent de %(child)s a retiré sa demande de changement de garde %(days)s."),
            _("La garde de ces jours ne change pas."),
        ),
    }[states(thing.state)]
    _write(
        _others(thing.child_id, thing.answered_by if answered else thing.proposed_by),
        topic=CUSTODY,
        fact=f"garde-{thing.pk}-{thing.state}",
        subject=subject % said,
        answer=answer % said,
        more=more,
        path=reverse("portal:custody", args=[thing.child_id]),
        button=_("Voir la garde de %(child)s") % said,
    )


def _days(first: date, last: date) -> str:
    if first == last:
        return _("le %(day)s") % {"day": day(first, year=True)}
    return _("du %(first)s au %(last)s") % {"first": day(first, year=True), "last": day(last, year=True)}


# A household ---------------------------------------------------------------------------------------------------------

_ENDS = (Mandate.State.REVOKED, Mandate.State.EXPIRED)


def _mandate(thing: Mandate, **_signal: Any) -> None:
    """The person who is let act reads what is allowed; the other guardians, who may act and until when."""
    family = thing.guardian.family_id
    guardians = list(
        Guardian.objects.filter(family=family, merged_into__isnull=True).select_related("person__user")
    )
    children = thing.children.select_related("person")
    said = {
        "guardian": str(thing.guardian.person),
        "name": thing.name,
        "children": ", ".join(child.person.first_name for child in children),
        "day": day(thing.valid_to, year=True),
        "acts": ", ".join(_acts(thing)),
    }
    path, button = reverse("portal:home"), _("Aller à mon espace")
    fact = f"delegation-{thing.pk}-{thing.state}"
    if thing.delegate and thing.ended_by_id != (thing.delegate.user_id or ""):
        subject, answer, more = _to_delegate(thing)
        _write(
            [thing.delegate], topic=MANDATE, fact=fact, subject=subject % said, answer=answer % said,
            more=more % said, path=path, button=button,
        )  # fmt: skip
    subject, answer, more = _to_guardians(thing)
    _write(
        _told_of_mandate(thing, guardians), topic=MANDATE, fact=fact, subject=subject % said, answer=answer % said,
        more=more % said, path=path, button=button,
    )  # fmt: skip


def _told_of_mandate(mandate: Mandate, guardians: Iterable[Guardian]) -> Iterator[Person]:
    """Whoever gives it knows that it is proposed, whoever ends it that it ends; the others, all of it."""
    for guardian in guardians:
        gave = guardian.pk == mandate.guardian_id
        ended = mandate.ended_by_id is not None and guardian.person.user_id == mandate.ended_by_id
        if not ended and not (gave and mandate.state == Mandate.State.PROPOSED):
            yield guardian.person


def _to_delegate(mandate: Mandate) -> tuple[str, str, str]:
    if mandate.state in _ENDS:
        return (
            _("La délégation de %(guardian)s est retirée"),
            _("La délégation que %(guardian)s vous avait donnée est retirée."),
            _("Vous ne pouvez plus agir pour cette famille."),
        )
    return (
        _("%(guardian)s vous donne une délégation"),
        _("Vous pouvez agir au nom de %(guardian)s pour %(children)s, jusqu’au %(day)s compris."),
        _("Ce que vous pouvez faire : %(acts)s. Chaque acte porte vos deux noms."),
    )


def _to_guardians(mandate: Mandate) -> tuple[str, str, str]:
    if mandate.state in _ENDS:
        return (
            _("La délégation donnée à %(name)s est retirée"),
            _("La délégation que %(guardian)s avait donnée à %(name)s est retirée."),
            _("Elle ne permet plus rien."),
        )
    if mandate.state == Mandate.State.ACTIVE:
        return (
            _("%(name)s a accepté une délégation"),
            _("%(name)s peut agir au nom de %(guardian)s pour %(children)s, jusqu’au %(day)s compris."),
            _("Ce qui est permis : %(acts)s."),
        )
    return (
        _("Une délégation est proposée à %(name)s"),
        _("%(guardian)s propose à %(name)s d’agir pour %(children)s, jusqu’au %(day)s compris."),
        _("Ce qui serait permis : %(acts)s. Rien n’est possible avant que cette personne accepte."),
    )


def _acts(mandate: Mandate) -> Iterator[str]:
    yield _("voir où les enfants sont attendus")
    for name in ("may_book", "may_see_contacts", "may_see_money", "may_see_health"):
        if getattr(mandate, name):
            yield str(Mandate._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _write(
    people: Iterable[Person],
    *,
    topic: Topic,
    fact: str,
    subject: str,
    answer: str,
    more: str,
    path: str,
    button: str,
) -> None:
    context = {"subject": subject, "answer": answer, "more": more, "url": absolute(path), "button": button}
    for person in people:
        notify(to=person, topic=topic.code, context=context, key=f"{fact}-{person.pk}")
