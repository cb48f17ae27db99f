"""Links that editors put in a text."""

from django.utils.html import escape
from wagtail.rich_text.pages import PageLinkHandler

from core.pages.selectors import href


class PageLinks(PageLinkHandler):
    """To pages: no address while nobody may read there, and one that tells nothing of what is reserved."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        addresses = (href(page) if page else "" for page in cls.get_many(attrs_list))
        return [f'<a href="{escape(found)}">' if found else "<a>" for found in addresses]
