"""Tables of persons' data: sealed records that events point at, and the log of who opened them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A UUIDv7: ids made later sort later, so that the index grows at its end."""
    return uuid7()


class RecordKind(models.TextChoices):
    """What a record holds."""

    APPLICANT = "applicant", _("người nộp hồ sơ")
    NOTE = "note", _("ghi chú về cá nhân")


class Record(models.Model):
    """Something about a person, sealed: the record's random key and its body in one envelope, so both go together.

    Erasing empties the envelope and the indexes and leaves the row: the chain of events still has its other end.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("loại"), max_length=10, choices=RecordKind.choices)
    sealed = models.BinaryField(_("nội dung đã mã hóa"), null=True)
    key_id = models.CharField(_("khóa"), max_length=16)
    id_index = models.BinaryField(null=True)
    name_index = ArrayField(models.BigIntegerField(), default=list)
    # The agencies of the dossier that it belongs to: what row-level security asks, without a join. A record that
    # belongs to none is the system's alone.
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"), null=True)
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"), null=True)
    created_at = models.DateTimeField(_("lúc ghi"), db_default=Now())
    erased_at = models.DateTimeField(_("lúc xóa"), null=True)
    erasure_order = models.CharField(_("quyết định xóa"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("dữ liệu cá nhân")
        verbose_name_plural = _("dữ liệu cá nhân")
        indexes = [
            models.Index(fields=["id_index"], name="record_id_index", condition=models.Q(id_index__isnull=False)),
            GinIndex(fields=["name_index"], name="record_name_index"),
        ]
        constraints = [
            models.CheckConstraint(
                name="record_sealed_or_erased_by_order",
                condition=models.Q(sealed__isnull=False, erased_at__isnull=True, erasure_order="")
                | (
                    models.Q(sealed__isnull=True, id_index__isnull=True, name_index=[], erased_at__isnull=False)
                    & ~models.Q(erasure_order="")
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Access(models.Model):
    """One opening of personal data: who, which records, what for (nhật ký truy cập dữ liệu cá nhân). Only appended."""

    at = models.DateTimeField(_("lúc"), db_default=Now())
    staff = models.ForeignKey(
        "agencies.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("người truy cập")
    )
    # Where the staff worked then, and through which dossier: an inspector looks by them. Empty in rows of before.
    agency_id = models.BigIntegerField(_("cơ quan"), null=True)
    dossier = models.CharField(_("mã hồ sơ"), max_length=60, db_default="", db_collation="C")
    act = models.CharField(_("việc"), max_length=20)
    purpose = models.CharField(_("mục đích"), max_length=200)
    record_ids = ArrayField(models.UUIDField(), verbose_name=_("dữ liệu"))

    class Meta:
        verbose_name = _("lượt truy cập dữ liệu cá nhân")
        verbose_name_plural = _("nhật ký truy cập dữ liệu cá nhân")
        indexes = [
            GinIndex(fields=["record_ids"], name="access_record_ids"),
            models.Index(fields=["staff", "-at"], name="access_staff_at"),
            models.Index(fields=["agency_id", "-id"], name="access_agency"),
            models.Index(fields=["dossier"], name="access_dossier", condition=~models.Q(dossier="")),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.act}"
