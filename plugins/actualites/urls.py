"""Addresses of this plugin that are not pages of the tree."""

from django.urls import path

from plugins.actualites import views

app_name = "actualites"
urlpatterns = [path("actualites/flux.rss", views.feed, name="feed")]
