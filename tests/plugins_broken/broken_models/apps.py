from django.apps import AppConfig


class PluginConfig(AppConfig):
    name = "plugins.broken_models"
    label = "broken_models"
