"""What the town writes about: topics of core, registered by its rooms, and those of the plugins."""

from collections import Counter

from core.contracts.notifications import Topic, notification_topics
from core.kernel import calls

_core: dict[str, Topic] = {}


def register(*topics: Topic) -> None:
    """Add topics of core; called by a room when the process starts."""
    _core.update({topic.code: topic for topic in topics})


def every() -> list[Topic]:
    """Topics of core, then those of the plugins that are installed, on or off."""
    return [*_core.values(), *(topic for _slug, topic in calls.boot(notification_topics))]


def find(code: str) -> Topic:
    """Raises LookupError for a code that nobody declares."""
    for topic in every():
        if topic.code == code:
            return topic
    raise LookupError(code)


def shared_codes() -> list[str]:
    """Codes that two topics share."""
    return [code for code, count in Counter(topic.code for topic in every()).items() if count > 1]
