"""What an article says of itself to search engines, and to whoever shares its address."""

import json
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import make_aware

from core.kernel import clock
from core.pages.selectors import address
from core.ui import appearance
from plugins.actualites.models import NewsPage

SHARED_PICTURE = "fill-1200x630|format-jpeg"
"""The size that every reader of shared links knows."""

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Sharing:
    """Open Graph, and a block of schema.org: data, which no browser runs, so that the policy on scripts holds."""

    url: str
    picture: Any
    picture_url: str
    published: datetime
    changed: datetime
    structured: SafeString


def sharing(page: NewsPage, service: str, request: HttpRequest) -> Sharing:
    """A picture that was never shared is drawn once; then one statement at most."""
    town = appearance.commune().name
    url = request.build_absolute_uri(address(page) if page.pk else "/")
    picture = page.picture.get_rendition(SHARED_PICTURE) if page.picture else None
    picture_url = request.build_absolute_uri(picture.url) if picture else ""
    published = make_aware(datetime.combine(page.date or clock.today(), time(9)))
    changed = max(published, page.last_published_at or published)
    publisher = {"@type": "GovernmentOrganization", "name": town, "url": request.build_absolute_uri("/")}
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.lead,
        "inLanguage": "fr",
        "url": url,
        "datePublished": published.isoformat(),
        "dateModified": changed.isoformat(),
        "author": {"@type": "GovernmentOrganization", "name": service} if service else publisher,
        "publisher": publisher,
        **({"image": [picture_url]} if picture else {}),
        **({"articleSection": page.category.name} if page.category else {}),
    }
    structured = mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPED))  # noqa: S308 - escaped just here
    return Sharing(url, picture, picture_url, published, changed, structured)
