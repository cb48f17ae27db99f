"""Addresses of the site that are not pages of the tree."""

from django.urls import path

from core.pages import views, views_files

urlpatterns = [
    path("contacts/", views.contacts, name="contacts"),
    path("fichiers/<slug:slug>/", views_files.file, name="file"),
    path("fichiers/<int:document_id>/<path:filename>", views_files.numbered_file, name="wagtaildocs_serve"),
    path("espace-famille/fichiers/<uuid:key>/", views_files.private_file, name="private_file"),
]
