"""Addresses of the site that are not pages of the tree."""

from django.urls import path

from core.pages import views, views_files, views_open, views_search

urlpatterns = [
    path("contacts/", views.contacts, name="contacts"),
    path("recherche/", views_search.search, name="search"),
    path("recherche/suggestions/", views_search.suggest, name="search_suggestions"),
    path("donnees-ouvertes/", views_open.data_sets, name="open_data"),
    path("donnees-ouvertes/vacances-et-fermetures.csv", views_open.closures_csv, name="closures_csv"),
    path("donnees-ouvertes/vacances-et-fermetures.ics", views_open.closures_ics, name="closures_ics"),
    path("sitemap.xml", views_open.sitemap_xml, name="sitemap"),
    path("robots.txt", views_open.robots, name="robots"),
    path("contacts/ecrire/", views.write, name="write"),
    path("contacts/ecrire/envoye/", views.written, name="written"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal_notice, name="legal_notice"),
    path("donnees-personnelles/", views.personal_data, name="personal_data"),
    path("plan-du-site/", views.site_map, name="site_map"),
    path("fichiers/<slug:slug>/", views_files.file, name="file"),
    path("fichiers/<int:document_id>/<path:filename>", views_files.numbered_file, name="wagtaildocs_serve"),
    path("espace-famille/fichiers/<uuid:key>/", views_files.private_file, name="private_file"),
    path("espace-famille/pages/<int:page_id>/", views_files.reserved_page, name="reserved_page"),
]
