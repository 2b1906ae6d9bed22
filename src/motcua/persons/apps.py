"""Django's registration of the room for applicants' data, and the making of its key with the tables."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PersonsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "motcua.persons"
    label = "persons"
    verbose_name = _("Người nộp hồ sơ")

    def ready(self) -> None:
        """The key is made, or found missing, when the tables are brought up to date: not in the first request."""
        post_migrate.connect(_read_keys, sender=self, dispatch_uid="persons.keys")


def _read_keys(**signal: Any) -> None:
    from motcua.persons.keys import ring

    ring()
