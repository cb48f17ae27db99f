from django.apps import AppConfig


class PluginConfig(AppConfig):
    name = "plugins.facturation"
    label = "facturation"
    verbose_name = "Facturation"
