"""Tables of what was issued on paper, of the papers that dossiers have come to, and of the register book."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.persons.models import new_id


class Issue(models.Model):
    """A paper as it was issued: printed for somebody. Only appended.

    What it says lies sealed among the records about persons, and goes when they are erased. `ordinal` counts the
    issues of one kind for one dossier.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, related_name="+", verbose_name=_("hồ sơ"), db_index=False
    )
    kind = models.CharField(_("loại giấy"), max_length=12)
    ordinal = models.SmallIntegerField(_("lần"))
    template = models.CharField(_("mẫu"), max_length=60)
    engine = models.CharField(_("bộ dàn trang"), max_length=80)
    record_id = models.UUIDField(_("nội dung"))
    commitment = models.CharField(_("mã cam kết"), max_length=64)
    # Whose data stands on it: what the access log names when it is opened again.
    people = ArrayField(models.UUIDField(), verbose_name=_("dữ liệu của"))
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"))
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"))
    issued_at = models.DateTimeField(_("phát hành lúc"), db_default=Now())
    staff_id = models.BigIntegerField(_("người phát hành"), null=True)
    # The digest in the statement of its QR code, by which the public page finds it; none where nothing was signed.
    digest = models.BinaryField(_("mã băm trong mã QR"), null=True, unique=True)

    class Meta:
        verbose_name = _("giấy đã phát hành")
        verbose_name_plural = _("giấy đã phát hành")
        constraints = [models.UniqueConstraint(fields=["dossier", "kind", "ordinal"], name="issue_once")]


class Occasion(models.Model):
    """An event that asks for a paper besides receipt and slip: a follower's list, made from the log."""

    pk = models.CompositePrimaryKey("dossier_id", "seq")
    dossier_id = models.UUIDField(_("hồ sơ"))
    seq = models.IntegerField(_("sự kiện"))
    kind = models.CharField(_("loại giấy"), max_length=12)
    at = models.DateTimeField(_("lúc"))
    receiving_agency_id = models.BigIntegerField(_("nơi tiếp nhận"))
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"))

    class Meta:
        verbose_name = _("giấy cần lập")
        verbose_name_plural = _("giấy cần lập")
        indexes = [
            models.Index("receiving_agency_id", "kind", "at", name="occasion_receiving"),
            models.Index("competent_agency_id", "kind", "at", name="occasion_competent"),
        ]


class RegisterYear(models.Model):
    """A desk's register of a year: the last serial given and how many lines its books hold."""

    pk = models.CompositePrimaryKey("agency_id", "year")
    agency_id = models.BigIntegerField(_("cơ quan"))
    year = models.SmallIntegerField(_("năm"))
    last_serial = models.IntegerField(_("số thứ tự cuối"), default=0)
    book_rows = models.IntegerField(_("số dòng một quyển"))

    class Meta:
        verbose_name = _("sổ theo dõi của một năm")
        verbose_name_plural = _("sổ theo dõi của các năm")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_serial__gte=0, book_rows__gte=1), name="register_year_has_lines"
            )
        ]


class RegisterEntry(models.Model):
    """A dossier's line in the register of the desk that accepted it. Only appended: a serial is given once."""

    pk = models.CompositePrimaryKey("agency_id", "year", "serial")
    agency_id = models.BigIntegerField(_("cơ quan"))
    year = models.SmallIntegerField(_("năm"))
    serial = models.IntegerField(_("số thứ tự"))
    book = models.SmallIntegerField(_("quyển số"))
    page = models.IntegerField(_("trang"))
    dossier_id = models.UUIDField(_("hồ sơ"), unique=True)
    accepted_at = models.DateTimeField(_("tiếp nhận lúc"))
    competent_agency_id = models.BigIntegerField(_("nơi có thẩm quyền"))

    class Meta:
        verbose_name = _("dòng của sổ theo dõi")
        verbose_name_plural = _("dòng của sổ theo dõi")
        indexes = [models.Index("agency_id", "accepted_at", name="register_entry_accepted")]


class RegisterClosing(models.Model):
    """A year's register was closed (TT 01/2018, Art. 10.2a): by whom, when, and every line as it stood. Only appended.

    `lines` is compressed JSON without personal data; `digest` its SHA-256.
    """

    pk = models.CompositePrimaryKey("agency_id", "year")
    agency_id = models.BigIntegerField(_("cơ quan"))
    year = models.SmallIntegerField(_("năm"))
    closed_at = models.DateTimeField(_("khóa lúc"), db_default=Now())
    staff_id = models.BigIntegerField(_("người khóa"))
    entries = models.IntegerField(_("số hồ sơ"))
    books = models.IntegerField(_("số quyển"))
    lines = models.BinaryField(_("các dòng"))
    digest = models.BinaryField(_("mã băm"))

    class Meta:
        verbose_name = _("lần khóa sổ")
        verbose_name_plural = _("các lần khóa sổ")
