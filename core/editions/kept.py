"""What editions keep for a plugin, for its retirement."""

from typing import Any

from django.db.models import QuerySet

from core.editions.models import IssuedDocument


def of_plugin(slug: str) -> list[QuerySet[Any]]:
    """The papers made of its documents: `<slug>.<name>`."""
    return [IssuedDocument.objects.filter(code__startswith=f"{slug}.")]
