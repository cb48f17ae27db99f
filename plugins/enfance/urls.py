"""Addresses of enfance, mounted once at the root behind the plugin's gate."""

from django.urls import path

from plugins.enfance import reports
from plugins.enfance.views import agents, family

app_name = "enfance"

urlpatterns = [
    path("espace-famille/reservations/", family.booking_calendar, name="calendar"),
    path("espace-famille/reservations/confirmer/", family.confirm, name="confirm"),
    path("gestion/enfance/seances/", agents.sessions, name="sessions"),
    path("gestion/enfance/seances/<uuid:session_id>/", agents.session, name="session"),
    path(
        "gestion/enfance/seances/<uuid:session_id>/enfants/<uuid:child_id>/annuler/",
        agents.cancel,
        name="cancel_booking",
    ),
    path("gestion/enfance/enfants-attendus/", reports.ExpectedChildren.as_view(), name="expected"),
    path("gestion/enfance/remplissage/", reports.Filling.as_view(), name="filling"),
    path("gestion/enfance/inscrire/", agents.choose_family, name="choose_family"),
    path("gestion/enfance/familles/<uuid:family_id>/inscrire/", agents.enrolment, name="enrol"),
]
