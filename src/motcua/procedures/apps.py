"""Django's registration of the room for the catalogue of administrative procedures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "motcua.procedures"
    label = "procedures"
    verbose_name = _("Thủ tục hành chính")
