"""Plain views of core under `/gestion/`, tried before Wagtail's own addresses."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from core.backoffice import views, views_jobs

_reset = RedirectView.as_view(pattern_name="account_reset_password", query_string=True)

screens = [
    path("familles/", views.families, name="families"),
    path("familles/<uuid:family_id>/", views.family, name="family"),
    path("modules/", views.modules, name="modules"),
    path("modules/<slug:slug>/activer/", views.switch, {"enabled": True}, name="switch_on"),
    path("modules/<slug:slug>/desactiver/", views.switch, {"enabled": False}, name="switch_off"),
    path("travaux/", views_jobs.jobs, name="jobs"),
    path("travaux/relancer/", views_jobs.retry, name="retry_deliveries"),
]

urlpatterns = [
    path("", include((screens, "backoffice"))),
    re_path(r"^password_reset/(?:.*)$", _reset),
]
