"""Tables of the systems that are connected: clients, their secrets and tokens, their requests, and their webhooks."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.persons.models import new_id


class Client(models.Model):
    """A connected system (hệ thống kết nối): it acts from a technical post of its agency, within its scopes."""

    id = models.UUIDField(_("mã hệ thống"), primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("tên hệ thống"), max_length=120, unique=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("cơ quan"))
    staff = models.OneToOneField("agencies.Staff", models.PROTECT, related_name="+", verbose_name=_("vị trí kỹ thuật"))
    scopes = ArrayField(models.CharField(max_length=30), verbose_name=_("phạm vi"))
    per_minute = models.PositiveIntegerField(_("số yêu cầu mỗi phút"))
    created_at = models.DateTimeField(_("lúc lập"), db_default=Now(), editable=False)
    closed_at = models.DateTimeField(_("lúc đóng"), null=True, blank=True)

    class Meta:
        verbose_name = _("hệ thống kết nối")
        verbose_name_plural = _("hệ thống kết nối")

    def __str__(self) -> str:
        return self.name


class Secret(models.Model):
    """A client's secret, as its hash only; two hold for a while when one is replaced."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="secrets", verbose_name=_("hệ thống"))
    hash = models.BinaryField(_("mã băm"), unique=True)
    created_at = models.DateTimeField(_("lúc cấp"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("hết hạn lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("khóa của hệ thống kết nối")
        verbose_name_plural = _("khóa của hệ thống kết nối")


class Token(models.Model):
    """An access token, as its hash only."""

    hash = models.BinaryField(_("mã băm"), primary_key=True)
    client = models.ForeignKey(Client, models.CASCADE, related_name="+", verbose_name=_("hệ thống"))
    scopes = ArrayField(models.CharField(max_length=30), verbose_name=_("phạm vi"))
    created_at = models.DateTimeField(_("lúc cấp"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("hết hạn lúc"), db_index=True)

    class Meta:
        verbose_name = _("mã truy cập")
        verbose_name_plural = _("mã truy cập")


class KeptAnswer(models.Model):
    """The answer to a request that a client may repeat: the same key gets it once more and nothing is done again.

    `fingerprint` is a keyed hash of the request; `sealed` the answer, under the data key named `key_id`.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="+", verbose_name=_("hệ thống"))
    key = models.UUIDField(_("khóa của yêu cầu"))
    fingerprint = models.BinaryField(_("dấu của yêu cầu"))
    status = models.SmallIntegerField(_("mã trả lời"), default=0)
    sealed = models.BinaryField(_("trả lời đã mã hóa"), default=b"")
    key_id = models.CharField(_("khóa dữ liệu"), max_length=16, default="")
    created_at = models.DateTimeField(_("lúc nhận"), db_default=Now(), editable=False, db_index=True)

    class Meta:
        verbose_name = _("trả lời đã giữ")
        verbose_name_plural = _("trả lời đã giữ")
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="kept_answer_once")]


class Filing(models.Model):
    """A dossier that a client filed for an applicant, and the client's own number for it."""

    dossier_id = models.UUIDField(_("hồ sơ"), primary_key=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("hệ thống"))
    reference = models.CharField(_("số của hệ thống nộp"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("lúc nộp"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("hồ sơ nộp thay")
        verbose_name_plural = _("hồ sơ nộp thay")
        indexes = [models.Index(fields=["client", "dossier_id"], name="filing_of_client")]


class Subscription(models.Model):
    """Where a client wants to be told what happens: one line of messages in the order of positions.

    `position` is the last event that was settled; `tries` counts those of the next one. Secrets are sealed under the
    data key named `key_id`.
    """

    id = models.UUIDField(_("mã đăng ký"), primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("hệ thống"))
    url = models.CharField(_("địa chỉ nhận"), max_length=500)
    types = ArrayField(models.CharField(max_length=40), verbose_name=_("loại sự kiện"), default=list, blank=True)
    secret_sealed = models.BinaryField(_("khóa ký đã mã hóa"))
    former_sealed = models.BinaryField(_("khóa ký trước đó đã mã hóa"), null=True)
    former_until = models.DateTimeField(_("khóa trước dùng đến"), null=True)
    key_id = models.CharField(_("khóa dữ liệu"), max_length=16)
    position = models.BigIntegerField(_("vị trí"))
    tries = models.IntegerField(_("số lần đã thử"), default=0)
    next_at = models.DateTimeField(_("lần thử sau"), db_default=Now())
    leased_until = models.DateTimeField(_("đang gửi đến"), null=True)
    last_error = models.CharField(_("lỗi gần nhất"), max_length=40, blank=True)
    refused_in_row = models.IntegerField(_("số lần bị từ chối liên tiếp"), default=0)
    stopped_at = models.DateTimeField(_("tạm dừng lúc"), null=True)
    created_at = models.DateTimeField(_("lúc đăng ký"), db_default=Now(), editable=False)
    closed_at = models.DateTimeField(_("lúc hủy"), null=True)

    class Meta:
        verbose_name = _("đăng ký nhận thông báo")
        verbose_name_plural = _("đăng ký nhận thông báo")
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(closed_at__isnull=True, stopped_at__isnull=True),
                name="subscription_due",
            )
        ]


class Undelivered(models.Model):
    """A message that its receiver refused for good: shown to a person, while later ones went on."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="+", verbose_name=_("đăng ký"))
    position = models.BigIntegerField(_("vị trí"))
    dossier_id = models.UUIDField(_("hồ sơ"))
    error = models.CharField(_("lỗi"), max_length=40)
    at = models.DateTimeField(_("lúc"), db_default=Now())

    class Meta:
        verbose_name = _("thông báo không gửi được")
        verbose_name_plural = _("thông báo không gửi được")
        constraints = [models.UniqueConstraint(fields=["subscription", "position"], name="undelivered_once")]
