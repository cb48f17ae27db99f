"""Tokens of the API, under `/compte/jetons/`."""

from django.urls import path

from core.api import tokens

app_name = "tokens"
urlpatterns = [
    path("", tokens.tokens, name="list"),
    path("<uuid:token_id>/revoquer/", tokens.revoke, name="revoke"),
]
