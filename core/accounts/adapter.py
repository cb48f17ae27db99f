"""What this house decides about allauth's doors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account is opened by the town hall: nobody is linked to a family on the strength of an e-mail."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject.strip()
