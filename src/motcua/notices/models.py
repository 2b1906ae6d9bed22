"""Tables of the notices: words, messages on their way to applicants, and what staff are reminded of."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.notices.kinds import Channel, MessageState


class Template(models.Model):
    """The words of an occasion as an administrator wrote them, and where they go; the latest of an occasion counts.

    Only appended: which words stood on a message of last year can still be read.
    """

    occasion = models.CharField(_("dịp"), max_length=20)
    texts = models.JSONField(_("lời"))
    channels = ArrayField(models.CharField(max_length=4, choices=Channel.choices), verbose_name=_("kênh gửi"))
    saved_at = models.DateTimeField(_("lưu lúc"), db_default=Now())
    staff_id = models.BigIntegerField(_("người lưu"), null=True)

    class Meta:
        verbose_name = _("mẫu tin")
        verbose_name_plural = _("mẫu tin")
        indexes = [models.Index(fields=["occasion", "-id"], name="template_occasion")]


class Message(models.Model):
    """One message to an applicant by one channel, from the event that it tells of.

    It holds no address and no name: whom it goes to and what it says are looked up when it is sent, so erasing reaches
    it and a copy of the database tells nothing. Position and channel are its stable key.
    """

    pk = models.CompositePrimaryKey("position", "channel")
    position = models.BigIntegerField(_("vị trí"))
    channel = models.CharField(_("kênh"), max_length=4, choices=Channel.choices)
    occasion = models.CharField(_("dịp"), max_length=20)
    dossier_id = models.UUIDField(_("hồ sơ"))
    seq = models.IntegerField(_("sự kiện"))
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"))
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"))
    state = models.SmallIntegerField(_("tình trạng"), choices=MessageState.choices, default=MessageState.WAITING)
    created_at = models.DateTimeField(_("lập lúc"), db_default=Now())
    next_at = models.DateTimeField(_("gửi không sớm hơn"), db_default=Now())
    settled_at = models.DateTimeField(_("xong lúc"), null=True)
    tries = models.IntegerField(_("số lần thử"), default=0)
    refusals = models.SmallIntegerField(_("số lần bị từ chối"), default=0)
    error = models.CharField(_("lỗi"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("tin gửi người nộp")
        verbose_name_plural = _("tin gửi người nộp")
        indexes = [
            models.Index("channel", "position", condition=models.Q(state=0), name="message_waiting"),
            models.Index("dossier_id", "channel", "position", name="message_dossier"),
            models.Index(fields=["state", "-settled_at"], condition=models.Q(state=2), name="message_refused"),
        ]


class Lane(models.Model):
    """How a channel fares: when nobody answers there, all its messages wait in their order."""

    channel = models.CharField(_("kênh"), primary_key=True, max_length=4, choices=Channel.choices)
    next_at = models.DateTimeField(_("thử lại lúc"), db_default=Now())
    tries = models.IntegerField(_("số lần hỏng liên tiếp"), default=0)
    error = models.CharField(_("lỗi"), max_length=40, blank=True)
    sent_at = models.DateTimeField(_("gửi được lần cuối"), null=True)

    class Meta:
        verbose_name = _("kênh gửi tin")
        verbose_name_plural = _("kênh gửi tin")


class Reminder(models.Model):
    """Something that one member of staff is reminded of, once: of a step, of a dossier, or of the agency's work."""

    kind = models.CharField(_("loại"), max_length=20)
    staff_id = models.BigIntegerField(_("người được nhắc"))
    agency_id = models.BigIntegerField(_("cơ quan"))
    dossier_id = models.UUIDField(_("hồ sơ"), null=True)
    due_at = models.DateTimeField(_("hạn"), null=True)
    hours = models.SmallIntegerField(_("trước hạn (giờ làm việc)"), default=0)
    number = models.IntegerField(_("số lượng"), default=1)
    made_at = models.DateTimeField(_("nhắc lúc"), db_default=Now())
    seen_at = models.DateTimeField(_("xem lúc"), null=True)

    class Meta:
        verbose_name = _("lời nhắc")
        verbose_name_plural = _("lời nhắc")
        constraints = [
            models.UniqueConstraint(
                fields=["staff_id", "kind", "dossier_id", "due_at", "hours"], name="reminder_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["staff_id", "-id"], name="reminder_staff")]


class ApologyDraft(models.Model):
    """An apology that somebody should sign before `limit_at`, with a new time proposed; goes when it is not needed."""

    dossier_id = models.UUIDField(_("hồ sơ"), primary_key=True)
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"))
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"))
    due_at = models.DateTimeField(_("hẹn trả"))
    limit_at = models.DateTimeField(_("xin lỗi chậm nhất lúc"))
    new_due_at = models.DateTimeField(_("đề xuất hẹn lại"))
    made_at = models.DateTimeField(_("soạn lúc"), db_default=Now())

    class Meta:
        verbose_name = _("dự thảo phiếu xin lỗi")
        verbose_name_plural = _("dự thảo phiếu xin lỗi")
        indexes = [models.Index("competent_agency_id", "limit_at", "dossier_id", name="draft_competent")]
