"""The pages for staff as a Django app; it has no tables."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """Makes Django find the pages' templates."""

    name = "motcua.office"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Trang của cán bộ")

    def ready(self) -> None:
        """What rooms above the worker want done by time."""
        from motcua.agencies import sessions
        from motcua.dossiers.duties import Duty, register

        register(Duty("sessions", timedelta(hours=1), sessions.sweep))
