"""The table of uploaded files: what the sealed bytes on disk are, and the wrapped key that alone opens them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OwnAgency(models.Func):
    """The agency of whoever acts on this connection; NULL for the system."""

    function = "agencies_own"
    output_field = models.BigIntegerField()


class FileKind(models.TextChoices):
    """Kinds of file that a desk can work with, known by their content."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    DOCX = "docx", "Word (docx)"
    XLSX = "xlsx", "Excel (xlsx)"


class File(models.Model):
    """An upload (tệp): sealed on disk under its own key, which is kept here wrapped by the data key.

    Erasing empties key and name, which makes every copy of the bytes unreadable; the row stays with the order.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(_("loại"), max_length=8, choices=FileKind.choices)
    size = models.PositiveBigIntegerField(_("kích thước (byte)"))
    commitment = models.CharField(_("cam kết"), max_length=64)
    name_sealed = models.BinaryField(_("tên đã mã hóa"), null=True)
    key_sealed = models.BinaryField(_("khóa đã bọc"), null=True)
    key_id = models.CharField(_("khóa dữ liệu"), max_length=16)
    # What row-level security asks: the agencies of the dossier that the file hangs on, and until it hangs on one the
    # agency whose staff uploaded it.
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"), null=True)
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"), null=True)
    keeper_agency_id = models.BigIntegerField(_("nơi tải lên"), null=True, db_default=OwnAgency())
    created_at = models.DateTimeField(_("lúc tải lên"), db_default=Now())
    erased_at = models.DateTimeField(_("lúc xóa"), null=True)
    erasure_order = models.CharField(_("quyết định xóa"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("tệp")
        verbose_name_plural = _("tệp")
        constraints = [
            models.CheckConstraint(
                name="file_sealed_or_erased_by_order",
                condition=models.Q(
                    key_sealed__isnull=False, name_sealed__isnull=False, erased_at__isnull=True, erasure_order=""
                )
                | (
                    models.Q(key_sealed__isnull=True, name_sealed__isnull=True, erased_at__isnull=False)
                    & ~models.Q(erasure_order="")
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
