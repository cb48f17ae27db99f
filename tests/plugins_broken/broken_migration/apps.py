from django.apps import AppConfig


class PluginConfig(AppConfig):
    name = "plugins.broken_migration"
    label = "broken_migration"
