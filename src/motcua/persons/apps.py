"""Django's registration of the room for applicants' data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "motcua.persons"
    label = "persons"
    verbose_name = _("Người nộp hồ sơ")
