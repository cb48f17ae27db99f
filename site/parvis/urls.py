"""Every address of a town, in the order in which they are tried. Plugins bring theirs behind their gate."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from core.kernel.gates import plugin_urls

urlpatterns = [
    path("", include("core.kernel.urls")),
    path("", include("core.ui.urls")),
    path("", include("core.accounts.urls")),
    path("compte/jetons/", include("core.api.token_urls")),
    path("api/v1/", include("core.api.urls")),
    path("gestion/", include("core.backoffice.urls")),
    *plugin_urls("urls"),
    path("gestion/", include(wagtailadmin_urls)),
    path("", include("core.portal.urls")),
    path("", include("core.pages.urls")),
]
if settings.PARVIS_DEMO:
    urlpatterns.append(re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}))
urlpatterns.append(path("", include(wagtail_urls)))
