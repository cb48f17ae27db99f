from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as DRFSession


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return None


class SessionAuthentication(DRFSession):
    pass
