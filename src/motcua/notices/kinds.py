"""Words of the room: how a message goes out, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a message goes out."""

    MAIL = "mail", _("Thư điện tử")
    SMS = "sms", _("Tin nhắn SMS")
    CHAT = "chat", _("Mạng xã hội, ứng dụng nhắn tin")


class MessageState(models.IntegerChoices):
    """What became of a message."""

    WAITING = 0, _("Chờ gửi")
    SENT = 1, _("Đã gửi")
    REFUSED = 2, _("Bị từ chối")
    NO_ADDRESS = 3, _("Không có địa chỉ")
    DEMO = 4, _("Không gửi: dữ liệu thử")
    STALE = 5, _("Không gửi: đã quá lâu")
