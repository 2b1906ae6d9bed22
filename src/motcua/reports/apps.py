"""The room of the reports: the settlement report II.06a and the nine indicators of settlement."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Báo cáo và đánh giá việc giải quyết thủ tục hành chính."""

    name = "motcua.reports"
    label = "reports"
    verbose_name = _("Báo cáo")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The followers that keep what the reports count."""
        from motcua.dossiers import followers as log
        from motcua.reports import followers

        for follower in followers.FOLLOWERS:
            log.register(follower)
