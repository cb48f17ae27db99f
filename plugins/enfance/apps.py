from django.apps import AppConfig


class PluginConfig(AppConfig):
    name = "plugins.enfance"
    label = "enfance"
    verbose_name = "Enfance"
