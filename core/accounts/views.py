"""Where one goes after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.kernel import state
from core.kernel.access import is_agent, signed_in


@signed_in
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """An agent to the back office, a parent to the Espace Famille, or to the town's site when there is none."""
    if is_agent(request.user):
        return redirect("wagtailadmin_home")
    return redirect("portal:home" if state.serves("families") else "/")
