"""The room of the notices: messages to applicants, reminders, and apologies that wait for a signature."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Tin báo và lời nhắc."""

    name = "motcua.notices"
    label = "notices"
    verbose_name = _("Tin báo và lời nhắc")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The follower that notes whom to tell, sending, reminding, drafting, and what the metrics say of it."""
        from datetime import timedelta

        from motcua.config import metrics
        from motcua.dossiers import duties, followers
        from motcua.notices import delivery, drafting, gauges, outbox, reminding

        followers.register(outbox.FOLLOWER)
        duties.register(duties.Duty("messages", timedelta(seconds=2), delivery.deliver_due))
        duties.register(duties.Duty("reminders", timedelta(minutes=10), reminding.remind))
        duties.register(duties.Duty("apology-drafts", timedelta(minutes=10), drafting.draft))
        metrics.register(*gauges.GAUGES)
