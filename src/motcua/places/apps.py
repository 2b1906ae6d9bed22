"""Django's registration of the room for administrative units."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "motcua.places"
    label = "places"
    verbose_name = _("Đơn vị hành chính")
