"""What editors write."""

from plugins.actualites.models.documents import DocumentEntry, DocumentsPage
from plugins.actualites.models.news import NewsDocument, NewsIndexPage, NewsPage

__all__ = ["DocumentEntry", "DocumentsPage", "NewsDocument", "NewsIndexPage", "NewsPage"]
