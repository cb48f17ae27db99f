"""Addresses of facturation, from the root; the gate answers 404 while the plugin is off."""

app_name = "facturation"
urlpatterns: list = []
