"""Tables of the agencies that take part: their divisions, staff, sign-in accounts and published work calendars."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.agencies.roles import Role


class User(AbstractUser):
    """A sign-in account (tài khoản): a name to sign in with and a staff name to show; no other personal data."""

    first_name = None  # type: ignore[assignment]  # Vietnamese names are kept whole, in display_name
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("tên hiển thị"), max_length=120, blank=True)
    # Set by somebody else, so that the holder has to choose another before anything else.
    password_is_given = models.BooleanField(_("mật khẩu do người khác đặt"), default=False)

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The staff name, whole."""
        return str(self)

    def get_short_name(self) -> str:
        """The staff name as well: a given name alone is not polite."""
        return str(self)


class Calendar(models.Model):
    """A series of work calendar versions (lịch làm việc) under one code, shared by the agencies that name it."""

    code = models.CharField(_("mã lịch"), max_length=40, unique=True)
    name = models.CharField(_("tên lịch"), max_length=200)

    class Meta:
        verbose_name = _("lịch làm việc")
        verbose_name_plural = _("lịch làm việc")

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """One published state of a work calendar; a change is a new version, so that due times stay explicable."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions", verbose_name=_("lịch làm việc"))
    version = models.PositiveIntegerField(_("phiên bản"))
    data = models.JSONField(_("nội dung"))
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến ngày"))
    provisional_years = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("năm tạm tính"), default=list)
    reason = models.CharField(_("lý do công bố"), max_length=400)
    published_by = models.ForeignKey(
        "agencies.Staff", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người công bố")
    )
    created_at = models.DateTimeField(_("lúc công bố"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("phiên bản lịch làm việc")
        verbose_name_plural = _("phiên bản lịch làm việc")
        constraints = [models.UniqueConstraint(fields=["calendar", "version"], name="calendar_version_once")]

    def __str__(self) -> str:
        return f"{self.calendar_id} v{self.version}"


class AgencyKind(models.TextChoices):
    """What sort of body an agency is (loại cơ quan)."""

    PROVINCE_COMMITTEE = "province_committee", _("Ủy ban nhân dân cấp tỉnh")
    COMMUNE_COMMITTEE = "commune_committee", _("Ủy ban nhân dân cấp xã")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    POLICE = "police", _("Công an")
    SOCIAL_INSURANCE = "social_insurance", _("Bảo hiểm xã hội")
    TAX = "tax", _("Thuế")
    LAND_OFFICE = "land_office", _("Văn phòng đăng ký đất đai")
    PUBLIC_SERVICE_CENTRE = "public_service_centre", _("Trung tâm Phục vụ hành chính công")
    OTHER = "other", _("Cơ quan khác")


class Agency(models.Model):
    """A body that receives or settles dossiers (cơ quan), with its own one-stop desk, calendar and dossier codes."""

    code = models.CharField(_("mã cơ quan"), max_length=40, unique=True)
    name = models.CharField(_("tên cơ quan"), max_length=200)
    name_sort = models.CharField(max_length=500, db_collation="C", editable=False)
    short_name = models.CharField(_("tên ngắn"), max_length=80)
    kind = models.CharField(_("loại cơ quan"), max_length=30, choices=AgencyKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("cơ quan cấp trên")
    )
    unit = models.ForeignKey(
        "places.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị hành chính")
    )
    identifier = models.CharField(_("mã định danh"), max_length=40, help_text=_("Dùng trong mã hồ sơ, ví dụ H55.24"))
    code_pattern = models.CharField(
        _("mẫu mã hồ sơ"), max_length=120, blank=True, help_text=_("Để trống thì dùng mẫu chung")
    )
    desk_name = models.CharField(_("tên bộ phận một cửa"), max_length=200)
    parent_name = models.CharField(_("cơ quan chủ quản ghi trên biểu mẫu"), max_length=200, blank=True)
    place_name = models.CharField(_("địa danh ghi trên biểu mẫu"), max_length=120, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=40, blank=True)
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, blank=True, related_name="agencies", verbose_name=_("lịch làm việc")
    )
    # Merged, split or renamed: from this day on another agency stands in its place. Codes and history stay as they are.
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("cơ quan kế tục")
    )
    succeeded_on = models.DateField(_("kế tục từ ngày"), null=True, blank=True)
    active = models.BooleanField(_("đang hoạt động"), default=True)
    demo = models.BooleanField(_("dữ liệu mẫu"), default=False, help_text=_("Mọi trang và giấy tờ đều ghi là mẫu"))

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        indexes = [models.Index(fields=["name_sort"], name="agency_name_sort")]
        constraints = [
            models.CheckConstraint(
                name="agency_succeeded_on_a_day",
                condition=models.Q(successor__isnull=True, succeeded_on__isnull=True)
                | models.Q(successor__isnull=False, succeeded_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Division(models.Model):
    """A division of an agency (phòng, ban, bộ phận) that dossiers are handed to."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="divisions", verbose_name=_("cơ quan"))
    code = models.CharField(_("mã phòng"), max_length=40)
    name = models.CharField(_("tên phòng"), max_length=200)
    name_sort = models.CharField(max_length=500, db_collation="C", editable=False)
    active = models.BooleanField(_("đang hoạt động"), default=True)

    class Meta:
        verbose_name = _("phòng, ban")
        verbose_name_plural = _("phòng, ban")
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="division_code_once_an_agency")]

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """A post held by an account at an agency (cán bộ, công chức), with the roles that permission follows.

    Who moves leaves one post and takes another; an account has one post on any day (see `commands.move_staff`).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="staff", verbose_name=_("tài khoản"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="staff", verbose_name=_("cơ quan"))
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("phòng, ban")
    )
    roles = ArrayField(
        models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role]),
        verbose_name=_("vai trò"),
        default=list,
        blank=True,
    )
    functions = ArrayField(models.CharField(max_length=40), verbose_name=_("chức năng thêm"), default=list, blank=True)
    title = models.CharField(_("chức danh"), max_length=120, blank=True)
    signature_name = models.CharField(_("tên ký"), max_length=120, blank=True)
    name_sort = models.CharField(max_length=500, db_collation="C", editable=False)
    active = models.BooleanField(_("đang công tác"), default=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("cán bộ")
        verbose_name_plural = _("cán bộ")
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.signature_name or str(self.pk)


class Allowance(models.Model):
    """How much of a rate limit is spent (hạn mức): under a keyed hash, the moment from which it is full again."""

    key = models.BinaryField(_("khóa"), primary_key=True)
    full_at = models.DateTimeField(_("đầy lại lúc"))

    class Meta:
        verbose_name = _("hạn mức")
        verbose_name_plural = _("hạn mức")


class StandIn(models.Model):
    """Functions taken over for some days (giao đảm nhiệm thay) at the post's own agency; both days are included."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="stand_ins", verbose_name=_("cán bộ"))
    roles = ArrayField(models.CharField(max_length=30), verbose_name=_("vai trò"), default=list, blank=True)
    functions = ArrayField(models.CharField(max_length=40), verbose_name=_("chức năng thêm"), default=list, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"))
    reason = models.CharField(_("lý do"), max_length=200)

    class Meta:
        verbose_name = _("đảm nhiệm thay")
        verbose_name_plural = _("đảm nhiệm thay")
        constraints = [
            models.CheckConstraint(
                name="stand_in_ends_after_it_begins", condition=models.Q(valid_to__gte=models.F("valid_from"))
            )
        ]


class Elevation(models.Model):
    """Roles given for some hours, for a reason (nâng quyền tạm thời). Only appended; it ends by itself."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="elevations", verbose_name=_("cán bộ"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("cơ quan"))
    roles = ArrayField(models.CharField(max_length=30), verbose_name=_("vai trò"))
    reason = models.CharField(_("lý do"), max_length=200)
    granted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("người cho"))
    granted_at = models.DateTimeField(_("lúc cho"), db_default=Now(), editable=False)
    starts_at = models.DateTimeField(_("từ lúc"))
    ends_at = models.DateTimeField(_("đến lúc"))

    class Meta:
        verbose_name = _("lần nâng quyền")
        verbose_name_plural = _("các lần nâng quyền")
        indexes = [models.Index(fields=["staff", "ends_at"], name="elevation_of_staff")]
        constraints = [
            models.CheckConstraint(
                name="elevation_ends_after_it_begins", condition=models.Q(ends_at__gt=models.F("starts_at"))
            )
        ]


class ElevationEnd(models.Model):
    """An elevation that was ended before its time. Only appended."""

    elevation = models.OneToOneField(
        Elevation, models.PROTECT, primary_key=True, related_name="end", verbose_name=_("lần nâng quyền")
    )
    ended_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("người kết thúc"))
    ended_at = models.DateTimeField(_("kết thúc lúc"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("lần kết thúc nâng quyền")
        verbose_name_plural = _("các lần kết thúc nâng quyền")


class PermittedProcedure(models.Model):
    """One procedure (by national code) that a post may work on; a post without any row may work on all."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="permitted", verbose_name=_("cán bộ"))
    procedure_code = models.CharField(_("mã thủ tục"), max_length=40)

    class Meta:
        verbose_name = _("thủ tục được giao")
        verbose_name_plural = _("thủ tục được giao")
        constraints = [models.UniqueConstraint(fields=["staff", "procedure_code"], name="permitted_procedure_once")]

    def __str__(self) -> str:
        return self.procedure_code


class Session(AbstractBaseSession):
    """One browser that is signed in or on its way there (phiên làm việc): sealed, and found by a hash of its cookie.

    It names no address of the network; the browser and system stand in two words inside the sealed content.
    """

    session_key = models.CharField(_("mã băm"), max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", verbose_name=_("tài khoản"))
    last_seen_at = models.DateTimeField(_("dùng lần cuối"))

    class Meta:
        verbose_name = _("phiên làm việc")
        verbose_name_plural = _("phiên làm việc")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """What Django asks of a table of sessions."""
        from motcua.agencies.session_store import SessionStore

        return SessionStore


class StaffIdentity(models.Model):
    """An identity at the sign-in provider of the authorities (OpenID Connect) that an administrator gave an account."""

    user = models.OneToOneField(User, models.CASCADE, related_name="identity", verbose_name=_("tài khoản"))
    issuer = models.CharField(_("nơi xác nhận"), max_length=300)
    subject = models.CharField(_("định danh tại đó"), max_length=255)
    created_at = models.DateTimeField(_("lúc ghi"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("định danh đăng nhập")
        verbose_name_plural = _("định danh đăng nhập")
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="staff_identity_once")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class AccountActKind(models.TextChoices):
    """What is done to somebody else's way in."""

    PASSWORD = "password", _("đặt lại mật khẩu")
    SECOND_FACTOR = "second_factor", _("gỡ lớp xác thực thứ hai")
    SESSIONS = "sessions", _("kết thúc các phiên")
    IDENTITY = "identity", _("ghi định danh đăng nhập")
    IDENTITY_REMOVED = "identity_removed", _("gỡ định danh đăng nhập")


class AccountAct(models.Model):
    """One act on somebody's way in, by whom and why (nhật ký tài khoản). Only appended."""

    at = models.DateTimeField(_("lúc"), db_default=Now())
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("tài khoản"))
    by_staff = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("người làm")
    )  # none: the operator, on the command line
    kind = models.CharField(_("việc"), max_length=20, choices=AccountActKind.choices)
    reason = models.CharField(_("lý do"), max_length=200)

    class Meta:
        verbose_name = _("việc với tài khoản")
        verbose_name_plural = _("nhật ký tài khoản")
        indexes = [models.Index(fields=["user", "-at"], name="account_act_user")]

    def __str__(self) -> str:
        return f"{self.at} {self.kind}"
