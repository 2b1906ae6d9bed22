"""Tables of the procedure catalogue: procedures, their versions, internal processes, what each desk receives."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Procedure(models.Model):
    """A procedure (thủ tục hành chính) under its national code; columns repeat the current version for searching."""

    code = models.CharField(_("mã số"), max_length=20, unique=True, db_collation="C")
    everyday = models.BooleanField(_("thường gặp"), default=False)
    current = models.ForeignKey(
        "ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("phiên bản hiện hành")
    )
    name = models.TextField(_("tên"))
    field = models.TextField(_("lĩnh vực"), blank=True)
    field_key = models.CharField(max_length=200, blank=True, db_collation="C")
    levels = ArrayField(models.TextField(), verbose_name=_("cấp thực hiện"), default=list)
    name_lower = models.TextField()
    search_name = models.TextField()
    search_more = models.TextField()
    sort_key = models.TextField(db_collation="C")

    class Meta:
        verbose_name = _("thủ tục hành chính")
        verbose_name_plural = _("thủ tục hành chính")
        indexes = [models.Index(fields=["field_key", "code"], name="procedure_field")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProcedureVersion(models.Model):
    """What a procedure said between two days, in all parts of Decree 63/2010, Article 8.

    Never altered: a change makes a new version.
    """

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="versions", verbose_name=_("thủ tục hành chính")
    )
    number = models.PositiveIntegerField(_("phiên bản"))
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True)
    content = models.JSONField(_("nội dung"))
    content_hash = models.CharField(max_length=64)
    source = models.CharField(_("nguồn"), max_length=20)
    rank = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField(_("thời điểm ghi"), auto_now_add=True)

    class Meta:
        verbose_name = _("phiên bản thủ tục")
        verbose_name_plural = _("phiên bản thủ tục")
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_number"),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(valid_to__isnull=True), name="procedure_one_open_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} v{self.number}"


class InternalProcess(models.Model):
    """An internal process (quy trình nội bộ): for a procedure or for all, of an agency or of all."""

    code = models.CharField(_("mã"), max_length=60)
    procedure = models.ForeignKey(
        Procedure, null=True, on_delete=models.PROTECT, related_name="processes", verbose_name=_("thủ tục hành chính")
    )
    agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("cơ quan")
    )
    current = models.ForeignKey(
        "ProcessVersion", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("phiên bản hiện hành")
    )

    class Meta:
        verbose_name = _("quy trình nội bộ")
        verbose_name_plural = _("quy trình nội bộ")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "agency"], nulls_distinct=False, name="process_one_per_procedure_and_agency"
            )
        ]

    def __str__(self) -> str:
        return self.code


class ProcessVersion(models.Model):
    """A published definition of a process; never altered, so that a dossier goes on by the version it began with."""

    process = models.ForeignKey(
        InternalProcess, on_delete=models.PROTECT, related_name="versions", verbose_name=_("quy trình nội bộ")
    )
    number = models.PositiveIntegerField(_("phiên bản"))
    name = models.CharField(_("tên"), max_length=200)
    definition = models.JSONField(_("định nghĩa"))
    definition_hash = models.CharField(max_length=64)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True)
    recorded_at = models.DateTimeField(_("thời điểm ghi"), auto_now_add=True)
    decision = models.CharField(_("quyết định phê duyệt"), max_length=200, blank=True, db_default="")
    published_by_id = models.BigIntegerField(_("người công bố"), null=True)

    class Meta:
        verbose_name = _("phiên bản quy trình")
        verbose_name_plural = _("phiên bản quy trình")
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="process_version_number"),
            models.UniqueConstraint(
                fields=["process"], condition=models.Q(valid_to__isnull=True), name="process_one_open_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class ProcessDraft(models.Model):
    """A process being edited, one for a procedure (or all) of an agency (or all); it may have defects.

    `revision` grows with each saving: who saves names the one that they began from.
    """

    procedure = models.ForeignKey(
        Procedure, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("thủ tục hành chính")
    )
    agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("cơ quan")
    )
    based_on = models.ForeignKey(
        ProcessVersion, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("soạn từ phiên bản")
    )
    revision = models.PositiveIntegerField(_("lần lưu"), default=1)
    definition = models.JSONField(_("định nghĩa"))
    saved_by_id = models.BigIntegerField(_("người lưu"), null=True)
    saved_at = models.DateTimeField(_("lúc lưu"))

    class Meta:
        verbose_name = _("bản thảo quy trình")
        verbose_name_plural = _("bản thảo quy trình")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "agency"], nulls_distinct=False, name="draft_one_per_procedure_and_agency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} r{self.revision}"


class ProcessDraftTurn(models.Model):
    """A draft as somebody left it before somebody else saved over it; it goes with the draft."""

    draft = models.ForeignKey(
        ProcessDraft, on_delete=models.CASCADE, related_name="turns", verbose_name=_("bản thảo quy trình")
    )
    revision = models.PositiveIntegerField(_("lần lưu"))
    definition = models.JSONField(_("định nghĩa"))
    saved_by_id = models.BigIntegerField(_("người lưu"), null=True)
    saved_at = models.DateTimeField(_("lúc lưu"))

    class Meta:
        verbose_name = _("bản thảo của người trước")
        verbose_name_plural = _("bản thảo của người trước")
        constraints = [models.UniqueConstraint(fields=["draft", "revision"], name="draft_turn_once_a_revision")]

    def __str__(self) -> str:
        return f"{self.draft_id} r{self.revision}"


class Offering(models.Model):
    """A desk receives a procedure, and this agency settles it: often not the same one (Decree 118/2025)."""

    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("nơi tiếp nhận")
    )
    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="offerings", verbose_name=_("thủ tục hành chính")
    )
    competent = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("cơ quan giải quyết")
    )

    class Meta:
        verbose_name = _("thủ tục tiếp nhận")
        verbose_name_plural = _("thủ tục tiếp nhận")
        constraints = [models.UniqueConstraint(fields=["agency", "procedure"], name="offering_once")]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.procedure_id}"


class Retention(models.Model):
    """A schedule of retention (thời hạn lưu giữ) in force from a day on. Only appended: a change is a new one."""

    number = models.PositiveIntegerField(_("phiên bản"), unique=True)
    valid_from = models.DateField(_("từ ngày"))
    data = models.JSONField(_("nội dung"))
    reason = models.CharField(_("lý do công bố"), max_length=400)
    published_by_id = models.BigIntegerField(_("người công bố"), null=True)
    created_at = models.DateTimeField(_("lúc công bố"), auto_now_add=True)

    class Meta:
        verbose_name = _("thời hạn lưu giữ")
        verbose_name_plural = _("thời hạn lưu giữ")
        indexes = [models.Index("valid_from", "number", name="retention_in_force")]
