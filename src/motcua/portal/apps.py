"""The pages for citizens as a Django app; it has no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Makes Django find the pages' templates."""

    name = "motcua.portal"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Trang của người dân")
