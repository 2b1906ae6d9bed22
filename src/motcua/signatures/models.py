"""Tables of who may sign with which certificate, and of the papers that were signed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.persons.models import new_id


class Identity(models.Model):
    """A certificate by which an agency (its seal) or a member of staff signs.

    The key is elsewhere: `source` says where (`pkcs12:…`, `pkcs11:…`, `remote:…`), never what it is.
    """

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("cơ quan"))
    # The person's account, whatever post it has; none for the agency's seal.
    user = models.ForeignKey("agencies.User", models.PROTECT, related_name="+", null=True, verbose_name=_("tài khoản"))
    name = models.CharField(_("tên trên chứng thư"), max_length=200)
    issuer = models.CharField(_("nơi cấp"), max_length=200)
    fingerprint = models.CharField(_("dấu vân chứng thư (SHA-256)"), max_length=64)
    source = models.CharField(_("nguồn khóa"), max_length=80)
    valid_from = models.DateTimeField(_("hiệu lực từ"))
    valid_to = models.DateTimeField(_("hiệu lực đến"))
    test = models.BooleanField(_("chỉ để thử"), default=False)
    added_at = models.DateTimeField(_("thêm lúc"), db_default=Now())
    ended_at = models.DateTimeField(_("thôi dùng lúc"), null=True)

    class Meta:
        verbose_name = _("danh tính ký số")
        verbose_name_plural = _("danh tính ký số")
        constraints = [
            models.UniqueConstraint("fingerprint", condition=Q(ended_at__isnull=True), name="identity_in_use_once"),
            models.CheckConstraint(condition=Q(valid_from__lt=models.F("valid_to")), name="identity_has_span"),
        ]


class SignedPaper(models.Model):
    """A paper of a dossier that was signed, or came signed from elsewhere. Only appended.

    The file itself is among the uploads; `digest` is its SHA-256, which nobody can guess, since a signature stands in
    it. `kind` and `ordinal` name the issue that was signed; empty for a document that came from elsewhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, related_name="+", verbose_name=_("hồ sơ"), db_index=False
    )
    file_id = models.UUIDField(_("tệp"))
    kind = models.CharField(_("loại giấy"), max_length=12, blank=True)
    ordinal = models.SmallIntegerField(_("lần phát hành"), null=True)
    by = models.CharField(_("ký bởi"), max_length=8)
    signer = models.CharField(_("người ký"), max_length=200)
    fingerprint = models.CharField(_("dấu vân chứng thư (SHA-256)"), max_length=64)
    level = models.CharField(_("mức"), max_length=8)
    signed_at = models.DateTimeField(_("ký lúc"), null=True)
    digest = models.BinaryField(_("mã băm"))
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"))
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"))
    recorded_at = models.DateTimeField(_("ghi lúc"), db_default=Now())
    staff_id = models.BigIntegerField(_("người ghi"), null=True)

    class Meta:
        verbose_name = _("giấy đã ký số")
        verbose_name_plural = _("giấy đã ký số")
        constraints = [models.UniqueConstraint(fields=["dossier", "digest"], name="signed_paper_once")]
        indexes = [
            models.Index("digest", name="signed_paper_by_digest"),
            models.Index("dossier", "kind", "ordinal", name="signed_paper_of_issue"),
        ]
