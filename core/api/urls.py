"""Addresses under `/api/v1/`. Plugins bring theirs behind their gate; what is left answers a problem, not a page."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from core.api import (
    views,
    views_access,
    views_desk,
    views_documents,
    views_editions,
    views_families,
    views_imports,
    views_reminders,
    views_requests,
    views_tariffs,
    views_town,
)
from core.api.problems import not_found
from core.kernel import state
from core.kernel.access import public
from core.kernel.gates import plugin_urls
from core.pricing.gates import TariffsResolver


class FamilyResolver(URLResolver):
    """Resolves only while some plugin speaks to families, as the Espace Famille does."""

    def resolve(self, path: Any) -> Any:
        if not state.serves("families"):
            raise Resolver404({"path": path, "tried": []})
        return super().resolve(path)


_tariffs = [
    path("", views_tariffs.Tariffs.as_view(), name="tariffs"),
    path("<slug:code>/grille/", views_tariffs.TariffGrid.as_view(), name="tariff_grid"),
    path("<slug:code>/prix/", views_tariffs.TariffPrice.as_view(), name="tariff_price"),
]
_family: list[URLPattern | URLResolver] = [
    path("famille/", views.Family.as_view(), name="family"),
    path("famille/journal/", views_access.Journal.as_view(), name="family_journal"),
    path("famille/je-pense-a/", views_reminders.Reminders.as_view(), name="reminders"),
    path("famille/editions/", views_editions.Editions.as_view(), name="editions"),
    path("famille/editions/<str:code>/", views_editions.Issue.as_view(), name="issue_document"),
    path("moi/messages/", views_reminders.Preferences.as_view(), name="preferences"),
    path("familles/", views_families.Households.as_view(), name="households"),
    path("enfants/<uuid:child_id>/", views.Child.as_view(), name="child"),
    path("enfants/<uuid:child_id>/garde/", views_families.CustodyCalendar.as_view(), name="custody"),
    path(
        "enfants/<uuid:child_id>/garde/exceptions/",
        views_families.Exceptions.as_view(),
        name="custody_exceptions",
    ),
    path(
        "enfants/<uuid:child_id>/garde/exceptions/<uuid:exception_id>/reponse/",
        views_families.ExceptionAnswer.as_view(),
        name="custody_answer",
    ),
    path(
        "enfants/<uuid:child_id>/autorisations/",
        views_families.Authorisations.as_view(),
        name="authorisations",
    ),
    path("enfants/<uuid:child_id>/autorisations/reponse/", views_families.Say.as_view(), name="say"),
    path("enfants/<uuid:child_id>/propositions/", views_families.Proposals.as_view(), name="proposals"),
    path(
        "enfants/<uuid:child_id>/propositions/<uuid:proposal_id>/reponse/",
        views_families.ProposalAnswer.as_view(),
        name="proposal_answer",
    ),
    path("delegations/", views_families.Mandates.as_view(), name="mandates"),
    path(
        "delegations/<uuid:mandate_id>/retirer/", views_families.MandateEnd.as_view(), name="revoke_mandate"
    ),
    path("pieces/", views_documents.Documents.as_view(), name="supporting_documents"),
    path("pieces/natures/", views_documents.Types.as_view(), name="document_types"),
    path("pieces/<uuid:document_id>/", views_documents.Document.as_view(), name="supporting_document"),
    path("pieces/<uuid:document_id>/fichiers/", views_documents.Files.as_view(), name="document_files"),
    path(
        "pieces/<uuid:document_id>/fichiers/<uuid:file_id>/",
        views_documents.File.as_view(),
        name="document_file",
    ),
    TariffsResolver(RoutePattern("tarifs/"), _tariffs),
    path("demandes/", views_requests.Requests.as_view(), name="requests"),
    path("demandes/inscription/", views_requests.Register.as_view(), name="register"),
    path("demandes/<uuid:request_id>/", views_requests.Detail.as_view(), name="request"),
    path("demandes/<uuid:request_id>/messages/", views_requests.Messages.as_view(), name="request_messages"),
    path(
        "demandes/<uuid:request_id>/pieces/", views_requests.Attachments.as_view(), name="request_attachments"
    ),
    path("demandes/<uuid:request_id>/envoyer/", views_requests.Submit.as_view(), name="submit_request"),
    path("demandes/<uuid:request_id>/annuler/", views_requests.Cancel.as_view(), name="cancel_request"),
]
_record = "gestion/familles/<uuid:family_id>"
_imports = "gestion/imports/familles"
_office: list[URLPattern | URLResolver] = [
    path("gestion/editions/<str:reference>/", views_editions.Paper.as_view(), name="paper"),
    path("gestion/messages/retours/", views_reminders.Bounces.as_view(), name="bounces"),
    path(f"{_record}/", views_desk.Record.as_view(), name="record"),
    path(f"{_record}/responsables/", views_desk.RecordGuardians.as_view(), name="record_guardians"),
    path(
        f"{_record}/responsables/<uuid:guardian_id>/",
        views_desk.RecordGuardian.as_view(),
        name="record_guardian",
    ),
    path(f"{_record}/enfants/", views_desk.RecordChildren.as_view(), name="record_children"),
    path(f"{_record}/contacts/", views_desk.RecordContacts.as_view(), name="record_contacts"),
    path(f"{_record}/contacts/<uuid:contact_id>/", views_desk.RecordContact.as_view(), name="record_contact"),
    path(
        f"{_record}/contacts/<uuid:contact_id>/retirer/",
        views_desk.RecordContactEnd.as_view(),
        name="record_contact_end",
    ),
    path("gestion/pieces/", views_documents.ReceivedDocuments.as_view(), name="received_documents"),
    path(
        "gestion/pieces/<uuid:document_id>/verifier/", views_documents.Check.as_view(), name="check_document"
    ),
    path(
        "gestion/pieces/<uuid:document_id>/refuser/", views_documents.Refuse.as_view(), name="refuse_document"
    ),
    path(
        "gestion/pieces/<uuid:document_id>/fichiers/<uuid:file_id>/",
        views_documents.ReceivedFile.as_view(),
        name="received_file",
    ),
    path(f"{_imports}/", views_imports.Imports.as_view(), name="imports"),
    path(f"{_imports}/<uuid:import_id>/", views_imports.Import.as_view(), name="import"),
    path(
        f"{_imports}/<uuid:import_id>/confirmer/",
        views_imports.ImportConfirmation.as_view(),
        name="confirm_import",
    ),
    path(f"{_imports}/<uuid:import_id>/abandonner/", views_imports.ImportEnd.as_view(), name="end_import"),
]
_routes: list[URLPattern | URLResolver] = [
    path("", views.Root.as_view(), name="root"),
    path("moi/droits/", views_access.Rights.as_view(), name="rights"),
    path("schema/", views.OpenApi.as_view(), name="schema"),
    path("docs/", views.Docs.as_view(), name="docs"),
    path("commune/lieux/", views_town.Places.as_view(), name="places"),
    path("commune/calendrier/", views_town.Days.as_view(), name="town_days"),
    *_office,
    FamilyResolver(RoutePattern(""), _family),
    *plugin_urls("api"),
    # Only with a final slash, so that Django goes on adding the one that somebody forgot.
    re_path(r"^(?:.*/)$", public(not_found)),
]

urlpatterns = [path("", include((_routes, "api")))]
