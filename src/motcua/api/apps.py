"""Django's registration of the room for programs that call."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Giao diện lập trình."""

    name = "motcua.api"
    label = "api"
    verbose_name = _("Giao diện lập trình")
