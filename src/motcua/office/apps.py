"""The pages for staff as a Django app; it has no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """Makes Django find the pages' templates."""

    name = "motcua.office"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Trang của cán bộ")
