"""What editors write."""

from plugins.actualites.models.documents import DocumentsPage
from plugins.actualites.models.events import EventPage, EventsPage
from plugins.actualites.models.labels import Category, Keyword, Quarter
from plugins.actualites.models.menus import Dish, Meal, MenuGroup, MenuWeek
from plugins.actualites.models.news import NewsDocument, NewsIndexPage, NewsPage

__all__ = [
    "Category",
    "Dish",
    "DocumentsPage",
    "EventPage",
    "EventsPage",
    "Keyword",
    "Meal",
    "MenuGroup",
    "MenuWeek",
    "NewsDocument",
    "NewsIndexPage",
    "NewsPage",
    "Quarter",
]
