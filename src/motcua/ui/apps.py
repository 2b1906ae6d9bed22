"""The design system as a Django app: templates, tags and static files, no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Makes Django find this room's templates, tags and static files."""

    name = "motcua.ui"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Giao diện"
