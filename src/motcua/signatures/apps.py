"""The room of digital signatures: identities, signed papers, and what tells whether a signature holds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    """Chữ ký số."""

    name = "motcua.signatures"
    label = "signatures"
    verbose_name = _("Chữ ký số")
    default_auto_field = "django.db.models.BigAutoField"
