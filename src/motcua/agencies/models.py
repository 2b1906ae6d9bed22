"""Tables of the agencies that take part: their divisions, staff, sign-in accounts and published work calendars."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A sign-in account (tài khoản): a name to sign in with and a staff name to show; no other personal data."""

    display_name = models.CharField(_("tên hiển thị"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self) -> str:
        return self.display_name or self.username
