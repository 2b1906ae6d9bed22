"""Django's registration of the room for uploads and their safety."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "motcua.files"
    label = "files"
    verbose_name = _("Tệp")

    def ready(self) -> None:
        """The room's own gauge."""
        from motcua.config import metrics
        from motcua.files import scanning

        metrics.register(scanning.GAUGE)
