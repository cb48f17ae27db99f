"""Tokens: made by their owner, shown once, kept as a digest, bounded by scope, time and revocation."""

import re
from datetime import timedelta

import pytest

from core.api.models import ApiToken, Scope
from core.api.services import create_token, note_use
from core.kernel import clock
from core.testing.factories import ChildFactory, GuardianFactory, UserFactory

pytestmark = pytest.mark.django_db

BOTH = [Scope.READ, Scope.WRITE]


def make(user, scopes=BOTH, days=90):
    return create_token(
        user=user, name="agenda", scopes=scopes, now=clock.now(), lifetime=timedelta(days=days)
    )


def call(client, secret, path="/api/v1/famille/", method="get", **kwargs):
    return getattr(client, method)(path, headers={"Authorization": f"Bearer {secret}"}, **kwargs)


def test_only_the_digest_is_kept():
    token, secret = make(UserFactory())
    row = " ".join(str(value) for value in ApiToken.objects.filter(pk=token.pk).values_list()[0])
    assert secret not in row
    assert secret[12:] not in row
    assert ApiToken.digest_of(secret) in row


def test_a_token_acts_as_its_owner_and_reaches_no_other_family(client):
    guardian, stranger = GuardianFactory(), GuardianFactory()
    theirs = ChildFactory(families=[stranger.family])
    _token, secret = make(guardian.person.user)
    assert call(client, secret).json()["id"] == str(guardian.family.pk)
    assert call(client, secret, f"/api/v1/enfants/{theirs.pk}/").status_code == 404


@pytest.mark.parametrize("change", ["revoked", "expired", "inactive", "unknown"])
def test_a_token_that_does_not_work_any_more(client, change):
    user = GuardianFactory().person.user
    token, secret = make(user, days=-1 if change == "expired" else 90)
    if change == "revoked":
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=clock.now())
    if change == "inactive":
        user.is_active = False
        user.save()
    refused = call(client, "parvis_nothing" if change == "unknown" else secret)
    assert refused.status_code == 401
    assert "jeton" in refused.json()["detail"]


def test_a_token_that_only_reads_writes_nothing(client):
    _token, secret = make(GuardianFactory().person.user, [Scope.READ])
    refused = call(client, secret, method="post")
    assert refused.status_code == 403
    assert "ecriture" in refused.json()["detail"]
    assert call(client, secret).status_code == 200


def test_a_token_that_only_writes_reads_nothing(client):
    _token, secret = make(GuardianFactory().person.user, [Scope.WRITE])
    assert call(client, secret).status_code == 403
    assert call(client, secret, method="post").status_code == 405


def test_use_is_written_once_an_hour(django_assert_num_queries):
    token, _secret = make(UserFactory())
    now = clock.now()
    note_use(token=token, now=now)
    token.refresh_from_db()
    assert token.last_used_at == now
    with django_assert_num_queries(0):
        note_use(token=token, now=now + timedelta(minutes=59))
    note_use(token=token, now=now + timedelta(minutes=61))
    token.refresh_from_db()
    assert token.last_used_at == now + timedelta(minutes=61)


def test_a_token_opens_no_page(client):
    _token, secret = make(GuardianFactory().person.user)
    assert call(client, secret, "/compte/jetons/").status_code == 302


def test_the_page_shows_the_secret_once(client):
    guardian = GuardianFactory()
    client.force_login(guardian.person.user)
    answer = client.post("/compte/jetons/", {"name": "Mon agenda", "scopes": ["lecture"], "days": "30"})
    secret = re.search(r"parvis_[\w-]{40,}", answer.content.decode()).group()
    assert call(client, secret).status_code == 200
    page = client.get("/compte/jetons/").content.decode()
    assert "Mon agenda" in page
    assert secret not in page
    assert answer["Cache-Control"].find("no-store") >= 0


def test_the_page_says_what_is_missing(client):
    client.force_login(UserFactory())
    answer = client.post("/compte/jetons/", {"name": "", "days": "30"})
    assert answer.context["form"].errors.keys() == {"name", "scopes"}
    assert not ApiToken.objects.exists()


def test_an_owner_revokes_and_nobody_else_does(client):
    token, _secret = make(UserFactory())
    address = f"/compte/jetons/{token.pk}/revoquer/"
    client.force_login(UserFactory())
    assert client.post(address).status_code == 404
    client.force_login(token.user)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert client.post(address).status_code == 404


def test_a_visitor_signs_in_first(client):
    assert client.get("/compte/jetons/").status_code == 302
