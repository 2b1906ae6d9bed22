"""The room of the dossiers: the log, its order, and what is read from it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    """Hồ sơ và nhật ký của chúng."""

    name = "motcua.dossiers"
    label = "dossiers"
    verbose_name = _("Hồ sơ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The room's own follower."""
        from motcua.dossiers import followers, tallies

        followers.register(tallies.FOLLOWER)
