"""Plain views of core under `/gestion/`, tried before Wagtail's own addresses."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from core.backoffice import (
    views,
    views_appearance,
    views_components,
    views_desk,
    views_documents,
    views_editions,
    views_factors,
    views_families,
    views_imports,
    views_jobs,
    views_journal,
    views_messages,
    views_modules,
    views_opening,
    views_requests,
    views_roles,
    views_settings,
    views_tariffs,
    views_tariffs_compose,
)
from core.backoffice.choosers import family_chooser
from core.backoffice.views_town import TownChanges, town_change
from core.kernel.access import signed_in

_reset = RedirectView.as_view(pattern_name="account_reset_password", query_string=True)

screens: list[URLPattern | URLResolver] = [
    path("familles/", views.families, name="families"),
    path("familles/choix/", include((family_chooser.get_urlpatterns(), "family_chooser"))),
    path("familles/<uuid:family_id>/", views.family, name="family"),
    *views_families.routes,
    *views_imports.routes,
    *views_desk.routes,
    *views_opening.routes,
    *views_editions.routes,
    *views_messages.routes,
    *views_requests.routes,
    *views_documents.routes,
    *views_tariffs.routes,
    *views_tariffs_compose.routes,
    path("modules/", views_modules.modules, name="modules"),
    path("modules/<slug:slug>/activer/", views_modules.switch, {"enabled": True}, name="switch_on"),
    path("modules/<slug:slug>/desactiver/", views_modules.switch, {"enabled": False}, name="switch_off"),
    path("modules/<slug:slug>/reglages/", views_settings.module_settings, name="settings"),
    path("configuration/", views_settings.index, name="configuration"),
    path("configuration/exporter/", views_settings.export, name="export_settings"),
    path("configuration/importer/", views_settings.import_settings, name="import_settings"),
    path("configuration/<str:key>/<int:number>/", views_settings.version, name="version"),
    path("configuration/<str:key>/<int:number>/retablir/", views_settings.restore, name="restore"),
    path("apparence/", views_appearance.edit, name="appearance"),
    path("apparence/apercu/", views_appearance.preview, name="appearance_preview"),
    path("apparence/apercu.css", views_appearance.style_sheet, name="appearance_css"),
    path("composants/", views_components.index, name="components"),
    path("composants/apercu/", views_components.showcase_page, name="showcase"),
    path("agents/", views_roles.Agents.as_view(), name="agents"),
    path("agents/nouveau/", views_roles.new_agent, name="new_agent"),
    path("agents/<uuid:user_id>/", views_roles.one_agent, name="agent"),
    path("agents/<uuid:user_id>/modifier/", views_roles.change_agent, name="change_agent"),
    path("agents/<uuid:user_id>/second-facteur/", views_factors.reset, name="reset_factor"),
    path("agents/<uuid:user_id>/mot-de-passe/", views_roles.send_password_link, name="send_password_link"),
    path(
        "agents/<uuid:user_id>/desactiver/",
        views_roles.set_active,
        {"active": False},
        name="deactivate_agent",
    ),
    path("agents/<uuid:user_id>/rouvrir/", views_roles.set_active, {"active": True}, name="reactivate_agent"),
    path(
        "agents/<uuid:user_id>/metiers/<uuid:role_id>/retirer/",
        views_roles.withdraw_role,
        name="withdraw_role",
    ),
    path("metiers/", views_roles.trades, name="trades"),
    path("journal/", views_journal.Journal.as_view(), name="journal"),
    path("commune/changements/", TownChanges.as_view(), name="town_changes"),
    path("commune/changements/<uuid:row_id>/", town_change, name="town_change"),
    path("travaux/", views_jobs.jobs, name="jobs"),
    path("travaux/relancer/", views_jobs.retry, name="retry_deliveries"),
]


@signed_in
def _closed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Wagtail's own screens of accounts and groups: they would give rights past the journal (`views_roles`)."""
    raise Http404


urlpatterns = [
    path("", include((screens, "backoffice"))),
    re_path(r"^(?:users|groups)/(?:.*)$", _closed),
    re_path(r"^password_reset/(?:.*)$", _reset),
]
