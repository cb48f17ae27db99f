from django.urls import path

from core.kernel.views import health

urlpatterns = [path("sante/", health, name="health")]
