"""Tables of the log (append-only), of its order, and of the dossiers' rows that are read from it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened to a dossier. Nobody may change or remove it."""

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier_id = models.UUIDField(_("hồ sơ"))
    seq = models.IntegerField(_("số thứ tự"))
    type = models.CharField(_("loại"), max_length=40)
    version = models.SmallIntegerField(_("phiên bản"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"))
    happened_at = models.DateTimeField(_("xảy ra lúc"), null=True)
    ground = models.CharField(_("căn cứ của thời điểm"), max_length=30, null=True)
    actor_staff = models.BigIntegerField(_("cán bộ"), null=True)
    actor_agency = models.BigIntegerField(_("cơ quan"), null=True)
    command_id = models.UUIDField(_("lệnh"))
    data = models.JSONField(_("nội dung"))
    prev_hash = models.BinaryField(_("mã băm trước"))
    hash = models.BinaryField(_("mã băm"))

    class Meta:
        verbose_name = _("sự kiện")
        verbose_name_plural = _("sự kiện")
        # Few events; they lead to what was recorded of somebody by mistake.
        # The same for those that say whose the dossier was before it moved.
        indexes = [
            models.Index("dossier_id", name="event_corrected", condition=Q(type="corrected")),
            models.Index("dossier_id", "seq", name="event_relocated", condition=Q(type="relocated")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_seq_from_one"),
            models.CheckConstraint(
                condition=Q(happened_at__isnull=True, ground__isnull=True)
                | Q(happened_at__isnull=False, ground__isnull=False, happened_at__lte=models.F("recorded_at")),
                name="event_claim_has_ground",
            ),
        ]


class Command(models.Model):
    """A command that was carried out: the same id again is answered from here and records nothing."""

    command_id = models.UUIDField(_("lệnh"), primary_key=True)
    kind = models.CharField(_("loại"), max_length=40)
    dossier_id = models.UUIDField(_("hồ sơ"))
    last_seq = models.IntegerField(_("số thứ tự cuối"))

    class Meta:
        verbose_name = _("lệnh đã thực hiện")
        verbose_name_plural = _("lệnh đã thực hiện")


class Position(models.Model):
    """The one order of all events: gap-free, given by the sequencer after commit."""

    position = models.BigIntegerField(_("vị trí"), primary_key=True)
    dossier_id = models.UUIDField(_("hồ sơ"))
    seq = models.IntegerField(_("số thứ tự"))
    hash = models.BinaryField(_("mã băm"))

    class Meta:
        verbose_name = _("vị trí trong nhật ký")
        verbose_name_plural = _("vị trí trong nhật ký")
        constraints = [models.UniqueConstraint(fields=["dossier_id", "seq"], name="position_once")]


class Unplaced(models.Model):
    """Committed events that have no position yet; filled by a trigger, emptied by the sequencer."""

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier_id = models.UUIDField(_("hồ sơ"))
    seq = models.IntegerField(_("số thứ tự"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"))

    class Meta:
        verbose_name = _("sự kiện chờ xếp vị trí")
        verbose_name_plural = _("sự kiện chờ xếp vị trí")
        indexes = [models.Index("recorded_at", "dossier_id", "seq", name="unplaced_order")]


class Bookmark(models.Model):
    """How far a follower has read; it commits together with the follower's work."""

    follower = models.CharField(_("bộ theo dõi"), max_length=60, primary_key=True)
    position = models.BigIntegerField(_("vị trí"), default=0)

    class Meta:
        verbose_name = _("dấu trang")
        verbose_name_plural = _("dấu trang")


class FollowerFault(models.Model):
    """An event that a follower could not take in: set aside, shown, and passed over."""

    follower = models.CharField(_("bộ theo dõi"), max_length=60)
    position = models.BigIntegerField(_("vị trí"))
    error = models.CharField(_("loại lỗi"), max_length=200)
    at = models.DateTimeField(_("lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("sự kiện bị gác lại")
        verbose_name_plural = _("sự kiện bị gác lại")
        constraints = [models.UniqueConstraint(fields=["follower", "position"], name="fault_once")]


class Duty(models.Model):
    """When the worker last did something that is done by time, and how it went."""

    name = models.CharField(_("việc định kỳ"), max_length=60, primary_key=True)
    started_at = models.DateTimeField(_("bắt đầu lúc"))
    finished_at = models.DateTimeField(_("xong lúc"), null=True)
    succeeded_at = models.DateTimeField(_("xong tốt lúc"), null=True)
    error = models.CharField(_("loại lỗi"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("việc định kỳ")
        verbose_name_plural = _("việc định kỳ")


class Serial(models.Model):
    """The last number given in a scope: one row, one lock, no gap and no duplicate."""

    scope = models.CharField(_("phạm vi"), max_length=80, primary_key=True)
    last = models.BigIntegerField(_("số cuối"))

    class Meta:
        verbose_name = _("bộ đếm")
        verbose_name_plural = _("bộ đếm")


class SubmitterId(models.Func):
    """The record of who handed a dossier in for its owner, as its state names it."""

    template = "(%(expressions)s #>> '{intake,submitter,id}')"
    output_field = models.TextField()


class Dossier(models.Model):
    """What a dossier is now: a projection that can be rebuilt from the events and must come out equal."""

    id = models.UUIDField(_("mã nội bộ"), primary_key=True)
    code = models.CharField(_("mã hồ sơ"), max_length=60, unique=True, db_collation="C")
    seq = models.IntegerField(_("số sự kiện"))
    head_hash = models.BinaryField(_("mã băm cuối"))
    last_recorded_at = models.DateTimeField(_("ghi nhận cuối"))
    state = models.JSONField(_("trạng thái đầy đủ"))
    status = models.SmallIntegerField(_("trạng thái"))
    bucket = models.SmallIntegerField(_("nhóm"))
    channel = models.CharField(_("kênh"), max_length=10)
    receiving_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("nơi tiếp nhận"), db_index=False
    )
    competent_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("nơi có thẩm quyền"), db_index=False
    )
    procedure_code = models.CharField(_("mã thủ tục"), max_length=40, db_collation="C")
    procedure_version = models.ForeignKey(
        "procedures.ProcedureVersion", models.PROTECT, related_name="+", verbose_name=_("thủ tục"), db_index=False
    )
    owner = models.ForeignKey("persons.Record", models.PROTECT, related_name="+", verbose_name=_("chủ hồ sơ"))
    opened_at = models.DateTimeField(_("nộp lúc"))
    received_at = models.DateTimeField(_("tiếp nhận lúc"), null=True)
    due_at_original = models.DateTimeField(_("hẹn trả ban đầu"), null=True)
    due_at_current = models.DateTimeField(_("hẹn trả hiện tại"), null=True)
    due_sort = models.DateTimeField(_("thứ tự hạn"))
    step = models.CharField(_("bước"), max_length=60, null=True)
    holder_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, related_name="+", verbose_name=_("nơi giữ"), db_index=False
    )
    holder_function = models.CharField(_("chức năng giữ"), max_length=20, null=True)
    holder_staff = models.BigIntegerField(_("người giữ"), null=True)
    ready_at = models.DateTimeField(_("có kết quả lúc"), null=True)
    closed_at = models.DateTimeField(_("kết thúc lúc"), null=True)
    erased_at = models.DateTimeField(_("xóa dữ liệu lúc"), null=True)
    timeliness = models.CharField(_("đúng hạn"), max_length=10, null=True)
    timeliness_current = models.CharField(_("đúng hẹn lại"), max_length=10, null=True)

    class Meta:
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        indexes = [
            # The inbox: what an agency holds, due next first.
            models.Index("holder_agency", "bucket", "due_sort", "id", condition=Q(bucket__lt=3), name="dossier_inbox"),
            # The register of a desk and the dossiers of a competent agency, newest first.
            models.Index("receiving_agency", "opened_at", "id", name="dossier_register"),
            models.Index("competent_agency", "opened_at", "id", name="dossier_competent"),
            # What has ended and still holds somebody's data, the longest kept first.
            models.Index(
                "competent_agency",
                "closed_at",
                "id",
                name="dossier_kept",
                condition=Q(closed_at__isnull=False, erased_at__isnull=True),
            ),
            # Whose dossiers somebody else handed in.
            models.Index(
                SubmitterId("state"), name="dossier_submitter", condition=Q(state__intake__has_key="submitter")
            ),
        ]


class Erasure(models.Model):
    """What one order erased: the records and files that went, of one dossier or of none. Only appended.

    It holds ids and an order's number, nothing about anybody; a restored older backup is erased again by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.CharField(_("quyết định"), max_length=100)
    at = models.DateTimeField(_("lúc"), db_default=Now())
    staff_id = models.BigIntegerField(_("cán bộ"), null=True)
    agency_id = models.BigIntegerField(_("cơ quan"), null=True)
    dossier_id = models.UUIDField(_("hồ sơ"), null=True)
    parts = models.JSONField(_("phần"), default=list)
    records = ArrayField(models.UUIDField(), verbose_name=_("dữ liệu"), default=list)
    files = ArrayField(models.UUIDField(), verbose_name=_("tệp"), default=list)
    early = models.BooleanField(_("trước thời hạn lưu giữ"), default=False)

    class Meta:
        verbose_name = _("lần xóa dữ liệu")
        verbose_name_plural = _("các lần xóa dữ liệu")
        indexes = [models.Index("agency_id", "at", name="erasure_agency"), models.Index("at", name="erasure_at")]


class Hold(models.Model):
    """A hold by law (lệnh giữ) on a dossier or a person's data was placed, or lifted: nothing held is erased.

    Only appended: lifting is a row of its own that names the placing. The reason is a sealed record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placing = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="lifted", verbose_name=_("lệnh được bỏ")
    )
    order = models.CharField(_("văn bản"), max_length=100)
    reason_id = models.UUIDField(_("lý do"))
    at = models.DateTimeField(_("lúc"), db_default=Now())
    staff_id = models.BigIntegerField(_("cán bộ"), null=True)
    agency_id = models.BigIntegerField(_("cơ quan"), null=True)
    dossier_id = models.UUIDField(_("hồ sơ"), null=True)
    record_id = models.UUIDField(_("dữ liệu của người"), null=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True)

    class Meta:
        verbose_name = _("lệnh giữ dữ liệu")
        verbose_name_plural = _("các lệnh giữ dữ liệu")
        indexes = [models.Index("dossier_id", name="hold_dossier", condition=Q(dossier_id__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["placing"], name="hold_lifted_once"),
            models.CheckConstraint(
                name="hold_of_a_dossier_or_a_person",
                condition=Q(dossier_id__isnull=True, record_id__isnull=False)
                | Q(dossier_id__isnull=False, record_id__isnull=True),
            ),
        ]


class HeldNumber(models.Model):
    """What the id number of a held person is under a data key: enough to know it again, and to learn nothing by.

    So a hold is kept by agencies that may not read the record that it names. A new data key adds a row. Only appended.
    """

    hold = models.ForeignKey(Hold, models.PROTECT, related_name="numbers", verbose_name=_("lệnh giữ dữ liệu"))
    token = models.BinaryField(_("dấu của số giấy tờ"))

    class Meta:
        verbose_name = _("số giấy tờ được giữ")
        verbose_name_plural = _("số giấy tờ được giữ")
        constraints = [models.UniqueConstraint(fields=["hold", "token"], name="held_number_once")]


class Ticket(models.Model):
    """The random token behind a receipt's QR; it tells nothing by itself."""

    token = models.BinaryField(_("mã tra cứu"), primary_key=True)
    dossier_id = models.UUIDField(_("hồ sơ"), unique=True)

    class Meta:
        verbose_name = _("mã tra cứu")
        verbose_name_plural = _("mã tra cứu")


class LegalRules(models.Model):
    """What a composition of legal layers said when the first dossier was received under it; append-only.

    The id is not unique: two desks that begin the day at once must not wait for each other, and an equal id says the
    same.
    """

    rules_id = models.CharField(_("mã căn cứ"), max_length=300, db_index=True)
    data = models.JSONField(_("nội dung"))
    first_used_at = models.DateTimeField(_("dùng lần đầu"), db_default=Now())

    class Meta:
        verbose_name = _("căn cứ pháp lý")
        verbose_name_plural = _("căn cứ pháp lý")

    def __str__(self) -> str:
        return self.rules_id


class Defect(models.Model):
    """Something that went wrong and is not put right yet, as last night's search found it."""

    id = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    kind = models.CharField(_("loại"), max_length=30)
    dossier_id = models.UUIDField(_("hồ sơ"), null=True)
    agency_id = models.BigIntegerField(_("cơ quan phải sửa"))
    since = models.DateTimeField(_("từ lúc"))
    found_at = models.DateTimeField(_("phát hiện lúc"), db_default=Now())

    class Meta:
        verbose_name = _("sai sót")
        verbose_name_plural = _("sai sót")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "dossier_id", "agency_id"], nulls_distinct=False, name="defect_once"
            )
        ]
        indexes = [models.Index("agency_id", "kind", "since", "id", name="defect_of_agency")]


class DailyTally(models.Model):
    """What an agency received and finished in a day, counted by a follower of the log."""

    agency_id = models.BigIntegerField(_("cơ quan"))
    procedure_code = models.CharField(_("mã thủ tục"), max_length=40, db_collation="C")
    day = models.DateField(_("ngày"))
    received = models.IntegerField(_("tiếp nhận"), default=0)
    early = models.IntegerField(_("trước hạn"), default=0)
    on_time = models.IntegerField(_("đúng hạn"), default=0)
    overdue = models.IntegerField(_("quá hạn"), default=0)
    unlimited = models.IntegerField(_("không có thời hạn"), default=0)
    withdrawn = models.IntegerField(_("rút"), default=0)
    stopped = models.IntegerField(_("dừng"), default=0)
    refused = models.IntegerField(_("không tiếp nhận"), default=0)

    class Meta:
        verbose_name = _("số liệu ngày")
        verbose_name_plural = _("số liệu ngày")
        constraints = [models.UniqueConstraint(fields=["agency_id", "day", "procedure_code"], name="tally_once")]
