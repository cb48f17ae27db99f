"""What somebody wants to be told, topic by topic."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from core.accounts.models import User
from core.contracts.notifications import Choice, Topic
from core.kernel import state
from core.notifications import sms, topics
from core.notifications.models import TopicChoice
from core.notifications.selectors import choices_of


@dataclass(frozen=True, slots=True)
class Preference:
    """One topic as the page shows it: `may_refuse` is False when it is always sent, `may_sms` when no SMS may go."""

    topic: Topic
    may_refuse: bool
    may_sms: bool
    by_email: bool
    by_sms: bool


def shown() -> list[Topic]:
    """The topics that a family reads about: those of core and of the plugins that are on."""
    on = state.enabled_slugs()
    return [
        topic
        for topic in topics.every()
        if topic.choice is not Choice.ELSEWHERE and topic.code.partition(".")[0] in {*on, "core"}
    ]


def of(user: User) -> list[Preference]:
    """What an account may choose, and what it chose. One statement."""
    said = choices_of(user)
    found = []
    for topic in shown():
        choice = said.get(topic.code)
        optional = topic.choice is Choice.OPTIONAL
        found.append(
            Preference(
                topic=topic,
                may_refuse=optional,
                may_sms=topic.by_sms and sms.is_offered(),
                by_email=choice.by_email if choice and optional else True,
                by_sms=bool(choice and choice.by_sms),
            )
        )
    return found


@transaction.atomic
def choose(*, user: User, by_email: Collection[str], by_sms: Collection[str]) -> None:
    """Write what an account wants: codes of the topics, by each way. What is always sent by e-mail stays so."""
    for preference in of(user):
        code = preference.topic.code
        values = {
            "by_email": not preference.may_refuse or code in by_email,
            "by_sms": preference.may_sms and code in by_sms,
        }
        if preference.may_refuse or preference.may_sms:
            TopicChoice.objects.update_or_create(user=user, topic=code, defaults=values)
