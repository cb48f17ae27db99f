"""Addresses of this plugin that are not pages of the tree."""

from django.urls import path

from plugins.actualites import backoffice_library, views, views_events, views_menus

app_name = "actualites"
urlpatterns = [
    path("actualites/flux.<feed_form:kind>", views.feed, name="feed"),
    path("actualites/rubriques/<slug:category>/flux.<feed_form:kind>", views.feed, name="category_feed"),
    path("agenda/flux.ics", views_events.feed, name="events_feed"),
    path("agenda/<slug:slug>.ics", views_events.event_file, name="event_file"),
    path("menus/", views_menus.menus, name="menus"),
    path("menus/<slug:slug>/", views_menus.group, name="menus_group"),
    path("menus/<slug:slug>/<int:year>-s<int:number>/", views_menus.week, name="menus_week"),
    *(
        path(f"gestion/communication/{address}/", report.as_view(), name=report.name)
        for address, report in backoffice_library.REPORTS.items()
    ),
    path("gestion/menus/", views_menus.weeks, name="weeks"),
    path("gestion/menus/<uuid:group_id>/<int:year>/<int:number>/", views_menus.write, name="write_week"),
]
