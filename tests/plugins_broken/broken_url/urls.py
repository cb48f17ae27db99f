from django.urls import path

from plugins.broken_url import views

app_name = "broken_url"
urlpatterns = [path("adresse-cassee/", views.nothing, name="nothing")]
