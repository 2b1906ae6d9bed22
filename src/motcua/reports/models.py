"""Tables of what the reports count: how a dossier stood from when to when, and who took part in settling it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Span(models.Model):
    """How a dossier stood from one moment to the next that changed it; a follower's list, made from the log.

    `ends_at` is far ahead for the last one. A dossier that has left the agency's work has a last span with `ended_at`.
    """

    dossier_id = models.UUIDField(_("hồ sơ"))
    begins_at = models.DateTimeField(_("từ lúc"))
    ends_at = models.DateTimeField(_("đến trước lúc"))
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"))
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"))
    procedure_version_id = models.BigIntegerField(_("thủ tục"))
    online = models.BooleanField(_("trực tuyến"))
    received_at = models.DateTimeField(_("tiếp nhận lúc"))
    due_original = models.DateTimeField(_("hẹn trả ban đầu"), null=True)
    due_current = models.DateTimeField(_("hẹn trả hiện tại"), null=True)
    in_hours = models.BooleanField(_("thời hạn tính theo giờ"))
    paused_at = models.DateTimeField(_("tạm dừng từ lúc"), null=True)
    requests = models.SmallIntegerField(_("số lần yêu cầu bổ sung"))
    ended_at = models.DateTimeField(_("xong lúc"), null=True)
    ending = models.CharField(_("kết thúc"), max_length=10, null=True)
    timeliness = models.CharField(_("đúng hạn"), max_length=10, null=True)
    timeliness_current = models.CharField(_("đúng hẹn lại"), max_length=10, null=True)

    class Meta:
        verbose_name = _("khoảng của hồ sơ")
        verbose_name_plural = _("các khoảng của hồ sơ")
        constraints = [
            models.UniqueConstraint(fields=["dossier_id", "begins_at"], name="span_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="span_runs_forward"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending__isnull=True)
                | Q(ended_at=F("begins_at"), ending__isnull=False),
                name="span_ends_as_something",
            ),
        ]
        indexes = [
            # What was in process at a moment, and what ended in a period.
            models.Index("competent_agency_id", "ends_at", name="span_in_process", condition=Q(ended_at__isnull=True)),
            models.Index("competent_agency_id", "ended_at", name="span_ended", condition=Q(ended_at__isnull=False)),
        ]


class Part(models.Model):
    """An agency's, or an officer's, part in settling a dossier. `staff_id` 0 is the agency as a whole.

    `points` are the fewest that any of its timed steps gave (indicator 2), None while there was none. What is said of
    the dossier is filled in when its result is ready.
    """

    dossier_id = models.UUIDField(_("hồ sơ"))
    agency_id = models.BigIntegerField(_("cơ quan"))
    staff_id = models.BigIntegerField(_("cán bộ"), default=0)
    points = models.SmallIntegerField(_("điểm thời gian"), null=True)
    finished_at = models.DateTimeField(_("có kết quả lúc"), null=True)
    timeliness = models.CharField(_("đúng hạn"), max_length=10, null=True)
    requests = models.SmallIntegerField(_("số lần yêu cầu bổ sung"), default=0)

    class Meta:
        verbose_name = _("phần việc trong hồ sơ")
        verbose_name_plural = _("các phần việc trong hồ sơ")
        constraints = [models.UniqueConstraint(fields=["dossier_id", "agency_id", "staff_id"], name="part_once")]
        indexes = [
            models.Index("agency_id", "finished_at", name="part_finished", condition=Q(finished_at__isnull=False))
        ]
