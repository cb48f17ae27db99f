"""How an account is found from what was typed."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username


class Backend(AuthenticationBackend):
    """By identifier, else by electronic address; one password check whether the account exists or not.

    allauth tries an address twice, so that an account that exists takes twice as long to be refused. An address that
    several accounts share signs in the one that verified it, or nobody: each of them has an identifier.
    """

    def _authenticate(self, request: Any, **credentials: Any) -> Any:
        login = credentials.get("email") or credentials.get("username") or ""
        user = get_user_by_username(login)
        if user is None:
            sharing = filter_users_by_email(login, prefer_verified=True, for_login=True)
            user = sharing[0] if len(sharing) == 1 else None
        return self._check_password(user, credentials.get("password", ""))
