"""The room of what is exchanged with other systems: clients and tokens, repeated requests, filings, webhooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Trao đổi với hệ thống khác."""

    name = "motcua.exchange"
    label = "exchange"
    verbose_name = _("Trao đổi với hệ thống khác")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Sending webhooks, what the metrics tell of it, and sweeping what has had its time."""
        from datetime import timedelta

        from motcua.config import metrics
        from motcua.dossiers import duties
        from motcua.exchange import delivery, gauges, sweeping

        duties.register(duties.Duty("webhooks", timedelta(seconds=1), delivery.deliver_due))
        duties.register(duties.Duty("exchange-sweep", timedelta(hours=1), sweeping.sweep))
        metrics.register(*gauges.GAUGES)
