from django.apps import AppConfig


class PluginConfig(AppConfig):
    name = "plugins.actualites"
    label = "actualites"
    verbose_name = "Actualités"
