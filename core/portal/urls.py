"""Addresses of the Espace Famille itself. Without a plugin for families they do not exist."""

from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from core.contracts.navigation import Tile
from core.kernel import state
from core.portal import (
    delegates,
    household,
    mailbox,
    tariffs,
    views,
    views_documents,
    views_editions,
    views_journal,
    views_messages,
    views_opening,
    views_reminders,
    views_requests,
)
from core.pricing.gates import TariffsResolver


class SpaceResolver(URLResolver):
    """Resolves only while some plugin speaks to families."""

    def resolve(self, path: Any) -> Any:
        if not state.serves("families"):
            raise Resolver404({"path": path, "tried": []})
        return super().resolve(path)


class TileConverter:
    regex = "|".join(tile.value for tile in Tile)

    def to_python(self, value: str) -> Tile:
        return Tile(value)

    def to_url(self, value: Tile | str) -> str:
        return Tile(value).value


register_converter(TileConverter, "tile")

_tariffs = [
    path("", tariffs.index, name="tariffs"),
    path("simulateur/", tariffs.simulator, name="simulator"),
    path("grilles/<slug:code>/", tariffs.grid_page, name="grid"),
    path("grilles/<slug:code>/tarif.pdf", tariffs.grid_sheet, name="grid_sheet"),
    path("grilles/<slug:code>/donnees.json", tariffs.grid_data, name="grid_data"),
]

space: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("sans-famille/", views.no_family, name="no_family"),
    path("changer-de-famille/", household.switch_household, name="switch_household"),
    path("ma-famille/enfants/<uuid:child_id>/", household.child, name="child"),
    path("ma-famille/enfants/<uuid:child_id>/garde/", household.custody_page, name="custody"),
    path(
        "ma-famille/enfants/<uuid:child_id>/garde/<uuid:exception_id>/",
        household.custody_answer,
        name="custody_answer",
    ),
    path("ma-famille/enfants/<uuid:child_id>/autorisations/", household.say, name="say"),
    path("ma-famille/enfants/<uuid:child_id>/identite/", household.identity, name="identity"),
    path(
        "ma-famille/enfants/<uuid:child_id>/identite/<uuid:proposal_id>/",
        household.proposal_answer,
        name="proposal_answer",
    ),
    path("delegations/", delegates.mandates, name="mandates"),
    path("delegations/accepter/<str:secret>/", delegates.accept, name="accept_mandate"),
    path("delegations/<uuid:mandate_id>/retirer/", delegates.revoke, name="revoke_mandate"),
    path("delegations/<uuid:mandate_id>/rendre/", delegates.give_up, name="give_up_mandate"),
    path("mon-espace/journal/", views_journal.journal, name="journal"),
    path("mon-espace/messages/", views_messages.choices, name="preferences"),
    path("mon-espace/messages/recus/", views_messages.sent, name="messages"),
    path("editions/", views_editions.editions, name="editions"),
    path("editions/<str:code>/", views_editions.issue, name="issue_document"),
    path("je-pense-a/", views_reminders.reminders, name="reminders"),
    path("je-pense-a/calendrier/", views_reminders.make_feed, name="make_feed"),
    path("je-pense-a/calendrier/retirer/", views_reminders.revoke_feed, name="revoke_feed"),
    path("agenda/<str:secret>.ics", views_reminders.feed, name="feed"),
    path("demandes/", views_requests.requests, name="requests"),
    path("demandes/inscription/", views_opening.registration, name="registration"),
    path("demandes/<uuid:request_id>/", views_requests.detail, name="request"),
    path("demandes/<uuid:request_id>/envoyer/", views_requests.submit, name="submit_request"),
    path("demandes/<uuid:request_id>/repondre/", views_requests.answer, name="answer_request"),
    path("demandes/<uuid:request_id>/joindre/", views_requests.attach, name="attach_document"),
    path("demandes/<uuid:request_id>/annuler/", views_requests.cancel, name="cancel_request"),
    *views_documents.routes,
    TariffsResolver(RoutePattern("tarifs/"), _tariffs),
    path("<tile:tile>/", views.tile, name="tile"),
]

opening = [
    path("activer/", views_opening.activate, name="activate"),
    path("activer/<str:token>/", views_opening.account, name="account"),
    path("demander/", views_opening.ask, name="ask"),
    path("demander/<str:token>/", views_opening.sign_up, name="sign_up"),
    path("verifier/<str:token>/", views_opening.address, name="address"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    SpaceResolver(RoutePattern("espace-famille/"), space, app_name="portal", namespace="portal"),
    SpaceResolver(RoutePattern("compte/"), opening, app_name="opening", namespace="opening"),
]
if settings.PARVIS_DEMO:
    urlpatterns += [
        path("demo/courrier/", mailbox.letters, name="demo_letters"),
        path("demo/courrier/<slug:key>/", mailbox.letter, name="demo_letter"),
        path("demo/courrier/<slug:key>/lettre.pdf", mailbox.paper, name="demo_paper"),
    ]
