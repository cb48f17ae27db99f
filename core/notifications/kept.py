"""What the messages keep for a plugin, for its retirement."""

from typing import Any

from django.db.models import QuerySet

from core.notifications.models import Message


def of_plugin(slug: str) -> list[QuerySet[Any]]:
    """The messages about its topics: `<slug>.<name>`."""
    return [Message.objects.filter(topic__startswith=f"{slug}.")]
