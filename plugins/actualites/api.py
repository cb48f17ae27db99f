"""What the town publishes, for whoever wants to reuse it: public, read only."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from plugins.actualites.api_documents import DocumentList
from plugins.actualites.api_events import Events
from plugins.actualites.api_menus import MenuGroups, Menus
from plugins.actualites.api_news import Article, NewsList

app_name = "actualites"


index = [
    (_("Actualités"), "news"),
    (_("Documents"), "documents"),
    (_("Menus"), "menus"),
    (_("Agenda"), "events"),
]
urlpatterns = [
    path("actualites/", NewsList.as_view(), name="news"),
    path("actualites/<int:pk>/", Article.as_view(), name="article"),
    path("documents/", DocumentList.as_view(), name="documents"),
    path("menus/", Menus.as_view(), name="menus"),
    path("menus/groupes/", MenuGroups.as_view(), name="menu_groups"),
    path("evenements/", Events.as_view(), name="events"),
]
