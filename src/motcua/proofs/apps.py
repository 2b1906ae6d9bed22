"""The room of the proofs: the tree over the log, its signed heads, and their way to the world outside."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProofsConfig(AppConfig):
    """Bằng chứng của nhật ký."""

    name = "motcua.proofs"
    label = "proofs"
    verbose_name = _("Bằng chứng của nhật ký")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The follower that lets the tree grow, and what is done by time."""
        from motcua.config import metrics
        from motcua.dossiers import duties, followers
        from motcua.proofs import commands, gauges, sending

        followers.register(commands.FOLLOWER)
        duties.register(commands.signing())
        duties.register(sending.sending())
        metrics.register(*gauges.GAUGES)
