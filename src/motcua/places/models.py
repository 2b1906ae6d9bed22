"""Tables of administrative units with their days of validity, and of what became of each when units were merged."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Level of a unit; the district level (cấp huyện) ends on 30/06/2025."""

    PROVINCE = "province", _("cấp tỉnh")
    DISTRICT = "district", _("cấp huyện")
    COMMUNE = "commune", _("cấp xã")


class Unit(models.Model):
    """An administrative unit (đơn vị hành chính) as it stood between two days.

    A unit keeps its code when only its name or kind changes, so a code alone does not name a row: a code and a day do.
    """

    code = models.CharField(_("mã"), max_length=5)
    level = models.CharField(_("cấp"), max_length=8, choices=Level.choices)
    kind = models.CharField(_("loại"), max_length=12)
    name = models.CharField(_("tên"), max_length=100)
    short_name = models.CharField(_("tên riêng"), max_length=100)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("trực thuộc")
    )
    valid_from = models.DateField(_("từ ngày"), null=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True)
    resolution = models.CharField(_("nghị quyết"), max_length=40, blank=True)
    sort_key = models.CharField(max_length=220, db_collation="C")
    search = models.TextField()
    former = models.TextField(blank=True)

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], nulls_distinct=False, name="unit_code_from"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True), name="unit_one_in_force_per_code"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class UnitChange(models.Model):
    """One way in which an old unit went into a new one; a split unit has several, one of them the default."""

    old = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="became", verbose_name=_("đơn vị cũ"))
    new = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="came_from", verbose_name=_("đơn vị mới"))
    effective = models.DateField(_("ngày hiệu lực"))
    date_assumed = models.BooleanField(_("ngày lấy theo nghị quyết"), default=False)
    is_default = models.BooleanField(_("mặc định"))
    approximate = models.BooleanField(_("gần đúng"))
    share = models.DecimalField(_("tỷ lệ"), max_digits=5, decimal_places=4, null=True)
    resolution = models.CharField(_("nghị quyết"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("sắp xếp đơn vị hành chính")
        verbose_name_plural = _("sắp xếp đơn vị hành chính")
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="unit_change_once"),
            models.UniqueConstraint(
                fields=["old"], condition=models.Q(is_default=True), name="unit_one_default_successor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class LoadedFile(models.Model):
    """Fingerprint of a file of facts that was loaded, so that loading it again costs one question."""

    name = models.CharField(max_length=60, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("tệp dữ kiện đã nạp")
        verbose_name_plural = _("tệp dữ kiện đã nạp")

    def __str__(self) -> str:
        return self.name
