"""The room of the dossiers: the log, its order, and what is read from it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    """Hồ sơ và nhật ký của chúng."""

    name = "motcua.dossiers"
    label = "dossiers"
    verbose_name = _("Hồ sơ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The room's own followers, pulse and gauges, and what the rooms above the duties want done by time."""
        from datetime import timedelta

        from django.utils import timezone

        from motcua.agencies import limits
        from motcua.config import metrics
        from motcua.dossiers import belonging, defects, duties, erasures, followers, gauges, pulse, tallies
        from motcua.files.commands import sweep

        followers.register(tallies.FOLLOWER)
        followers.register(belonging.FOLLOWER)
        metrics.register(*gauges.GAUGES)
        duties.register(pulse.DUTIES)
        duties.register(duties.Duty("defects", timedelta(hours=24), lambda: defects.search(timezone.now())))
        duties.register(duties.Duty("rate limits", timedelta(minutes=10), limits.sweep))
        duties.register(duties.Duty("files.sweep", timedelta(hours=6), sweep))
        duties.register(duties.Duty("erasures.file", timedelta(hours=1), erasures.complete_file))
