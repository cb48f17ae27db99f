"""Addresses, mounted once at the root behind the plugin's gate."""

from django.urls import path

from plugins.musique import views

app_name = "musique"

SPACE = "espace-famille/musique"
AGENTS = "gestion/musique"

urlpatterns = [
    path(f"{SPACE}/", views.courses, name="family"),
    path(f"{SPACE}/<uuid:course_id>/<uuid:child_id>/", views.enrol, name="enrol"),
    path(f"{SPACE}/inscriptions/<uuid:enrolment_id>/annuler/", views.withdraw, name="withdraw"),
    path(f"{AGENTS}/eleves/", views.rosters, name="rosters"),
    path(f"{AGENTS}/inscriptions/<uuid:enrolment_id>/annuler/", views.agent_withdraw, name="agent_withdraw"),
]
