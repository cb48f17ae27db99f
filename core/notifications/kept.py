"""What the messages keep for a plugin, for its retirement."""

from typing import Any

from django.db.models import QuerySet

from core.kernel.models import ConfigurationVersion
from core.notifications.models import Message, TopicChoice
from core.notifications.wording import PREFIX


def of_plugin(slug: str) -> list[QuerySet[Any]]:
    """The messages about its topics, `<slug>.<name>`, what people said of them, and the words that agents gave them."""
    return [
        Message.objects.filter(topic__startswith=f"{slug}."),
        TopicChoice.objects.filter(topic__startswith=f"{slug}."),
        ConfigurationVersion.objects.filter(key__startswith=f"{PREFIX}{slug}."),
    ]
