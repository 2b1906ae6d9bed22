"""Django's registration of the room for agencies, staff, sign-in and permissions."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "motcua.agencies"
    label = "agencies"
    verbose_name = _("Cơ quan")

    def ready(self) -> None:
        """Sessions end with what opened them, and a request leaves nothing of its reader on its connection."""
        from motcua.agencies import endings
        from motcua.agencies.walls import lower

        endings.connect()
        request_started.connect(lower, dispatch_uid="motcua.walls")
        request_finished.connect(lower, dispatch_uid="motcua.walls")
