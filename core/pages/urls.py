"""Addresses of the site that are not pages of the tree."""

from django.urls import path

from core.pages import views

urlpatterns = [path("contacts/", views.contacts, name="contacts")]
