"""Every error under `/api/v1/` is a problem in French (RFC 9457)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from rest_framework import exceptions, serializers

from core.api.problems import Problem, field_errors, handler
from core.testing.factories import GuardianFactory


def problem(error):
    return handler(error, {})


def test_nested_fields_become_paths():
    detail = {
        "jours": [{}, {"date": ["Trop tard."]}],
        "non_field_errors": ["Rien à faire."],
        "nom": "Manque.",
    }
    assert list(field_errors(detail)) == [
        {"champ": "jours.1.date", "message": "Trop tard."},
        {"champ": "", "message": "Rien à faire."},
        {"champ": "nom", "message": "Manque."},
    ]


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (serializers.ValidationError({"date": ["Ce jour est passé."]}), 400, "La demande n’est pas valable"),
        (ValidationError({"date": "Ce jour est passé."}), 400, "La demande n’est pas valable"),
        (exceptions.ParseError(), 400, "La demande n’est pas valable"),
        (exceptions.NotAuthenticated(), 401, "Identification nécessaire"),
        (PermissionDenied(), 403, "Action refusée"),
        (Http404(), 404, "Introuvable"),
        (exceptions.MethodNotAllowed("PUT"), 405, "Méthode non acceptée ici"),
        (Problem(status=409, code="complet", title="Il n’y a plus de place"), 409, "Il n’y a plus de place"),
    ],
)
def test_each_error_has_its_problem(error, status, title):
    answer = problem(error)
    assert (answer.status_code, answer.data["status"], answer.data["title"]) == (status, status, title)
    assert answer.content_type == "application/problem+json"


def test_a_field_at_fault_is_named():
    for error in (serializers.ValidationError({"date": ["Passé."]}), ValidationError({"date": "Passé."})):
        assert problem(error).data["errors"] == [{"champ": "date", "message": "Passé."}]


def test_a_code_makes_the_type():
    answer = problem(Problem(status=409, code="complet", title="Complet", errors={"jours": ["Le 3."]}))
    assert answer.data["type"] == "/api/v1/problemes/complet"
    assert answer.data["errors"] == [{"champ": "jours", "message": "Le 3."}]


@pytest.mark.django_db
class TestServed:
    @pytest.fixture
    def parent(self):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(GuardianFactory().person.user)
        return client

    def check(self, answer, status):
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        return answer.json()

    def test_an_address_that_does_not_exist(self, client):
        self.check(client.get("/api/v1/rien/"), 404)
        self.check(client.get("/api/v1/rien", follow=True), 404)

    def test_a_method_that_is_not_there(self, parent):
        parent.handler.enforce_csrf_checks = False
        self.check(parent.put("/api/v1/famille/", {}, content_type="application/json"), 405)

    def test_a_session_writes_only_with_its_csrf_proof(self, parent):
        assert "X-CSRFToken" in self.check(parent.post("/api/v1/famille/"), 403)["detail"]

    def test_a_breakdown(self, parent, monkeypatch):
        def broken(*args):
            raise RuntimeError("secret of the database")

        monkeypatch.setattr("core.api.views.contacts_of", broken)
        body = self.check(parent.get("/api/v1/famille/"), 500)
        assert "secret" not in str(body)
        assert "Rien n’a été enregistré" in body["detail"]
