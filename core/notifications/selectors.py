"""Reads about messages."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from core.accounts.models import User
from core.families.models import Person
from core.notifications.models import FailingAddress, Message, TopicChoice


def address_of(who: Person | User) -> str:
    """Where to write: to a person, the address that he or she gave, else that of the account; to an account, the other
    way round; "" when there is none."""
    if isinstance(who, User):
        return who.email or getattr(getattr(who, "person", None), "email", "")
    return who.email or (who.user.email if who.user else "")


def about(keys: Iterable[str]) -> QuerySet[Message]:
    """The messages that tell these facts."""
    return Message.objects.filter(key__in=list(keys))


def of_people(person_ids: Iterable[UUID]) -> QuerySet[Message]:
    """What was written to some people, latest first."""
    return Message.objects.filter(person__in=list(person_ids))


def fails(address: str) -> bool:
    """Whether an address gives messages back."""
    return FailingAddress.objects.filter(address=address.lower()).exists()


def addresses_of(user: User) -> list[str]:
    """Where an account is written to: its own address, and that of its person when it is another one."""
    person = getattr(user, "person", None)
    return list(dict.fromkeys(filter(None, [address_of(user), person.email if person else ""])))


def failing(addresses: Iterable[str]) -> list[str]:
    """Those that give messages back. One statement."""
    lowered = {address.lower(): address for address in addresses}
    found = FailingAddress.objects.filter(address__in=lowered).values_list("address", flat=True)
    return [lowered[address] for address in found]


def failing_of(user_id: UUID) -> QuerySet[FailingAddress]:
    """The addresses of an account and of its person that give messages back."""
    own = User.objects.filter(pk=user_id).values(lower=Lower("email"))
    person = Person.objects.filter(user=user_id).values(lower=Lower("email"))
    return FailingAddress.objects.filter(Q(address__in=own) | Q(address__in=person))


def choices_of(user: User) -> dict[str, TopicChoice]:
    """What an account said, by topic. One statement."""
    return {choice.topic: choice for choice in TopicChoice.objects.filter(user=user)}


def written_to(user: User) -> QuerySet[Message]:
    """What was written to an account or to its person, latest first."""
    return Message.objects.filter(Q(user=user) | Q(person__user=user))
