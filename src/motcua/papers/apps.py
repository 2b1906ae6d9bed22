"""The room of the papers: forms, what was issued, and the register book."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """Giấy tờ theo mẫu."""

    name = "motcua.papers"
    label = "papers"
    verbose_name = _("Giấy tờ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The followers that keep the register, list what asks for a paper, and erase what was issued."""
        from motcua.dossiers import followers as log
        from motcua.papers import followers

        for follower in followers.FOLLOWERS:
            log.register(follower)
