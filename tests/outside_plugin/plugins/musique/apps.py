from django.apps import AppConfig


class MusiqueConfig(AppConfig):
    name = "plugins.musique"
    label = "musique"
    verbose_name = "École de musique"
    default_auto_field = "django.db.models.BigAutoField"
