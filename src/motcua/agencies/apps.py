"""Django's registration of the room for agencies, staff, sign-in and permissions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "motcua.agencies"
    label = "agencies"
    verbose_name = _("Cơ quan")

    def ready(self) -> None:
        """Sessions end with what opened them."""
        from motcua.agencies import endings

        endings.connect()
