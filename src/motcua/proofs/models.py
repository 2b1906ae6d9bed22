"""Tables of the tree over the log: its nodes and its signed heads (append-only), and what was sent outside."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Tile(models.Model):
    """Up to 256 neighbouring nodes of the tree, at the level 8 · `level`: those of level 0 are the leaves' hashes.

    A full one (`width` 256) has the root over it, which is a node of the level above. One that is not full is kept
    where a head was signed, so that what was signed can be told leaf by leaf.
    """

    pk = models.CompositePrimaryKey("level", "index", "width")
    level = models.SmallIntegerField(_("tầng"))
    index = models.BigIntegerField(_("thứ tự"))
    width = models.SmallIntegerField(_("số nút"))
    hashes = models.BinaryField(_("mã băm"))
    root = models.BinaryField(_("mã gốc"), null=True)

    class Meta:
        verbose_name = _("mảng nút của cây")
        verbose_name_plural = _("mảng nút của cây")
        constraints = [
            models.CheckConstraint(condition=Q(width__gte=1, width__lte=256), name="tile_width"),
            models.CheckConstraint(condition=Q(root__isnull=False) | Q(width__lt=256), name="tile_full_has_root"),
        ]


class Key(models.Model):
    """A public key by which heads were signed; the private one lies outside the database."""

    key_id = models.CharField(_("mã khóa"), max_length=16, primary_key=True)
    public = models.BinaryField(_("khóa công khai"))
    first_used_at = models.DateTimeField(_("dùng từ"))

    class Meta:
        verbose_name = _("khóa công khai của nhật ký")
        verbose_name_plural = _("khóa công khai của nhật ký")


class Head(models.Model):
    """A signed head of the tree: how many positions the log had, and the root over them."""

    number = models.BigIntegerField(_("số"), primary_key=True)
    size = models.BigIntegerField(_("số vị trí"))
    root = models.BinaryField(_("mã gốc"))
    signed_at = models.DateTimeField(_("ký lúc"))
    key = models.ForeignKey(Key, models.PROTECT, related_name="+", verbose_name=_("khóa"), db_index=False)
    note = models.TextField(_("văn bản đã ký"))

    class Meta:
        verbose_name = _("đầu nhật ký đã ký")
        verbose_name_plural = _("đầu nhật ký đã ký")
        constraints = [
            models.UniqueConstraint(fields=["size", "key"], name="head_once"),
            models.CheckConstraint(condition=Q(size__gte=1), name="head_size_from_one"),
        ]
        indexes = [
            models.Index("signed_at", name="head_by_time"),
            models.Index("root", name="head_by_root"),
        ]


class Delivery(models.Model):
    """The head of a day on its way to one address outside, which is kept as a hash only."""

    recipient = models.CharField(_("nơi nhận"), max_length=32)
    day = models.DateField(_("ngày"))
    head = models.ForeignKey(Head, models.PROTECT, related_name="+", verbose_name=_("đầu nhật ký"), db_index=False)
    tries = models.IntegerField(_("số lần thử"), default=0)
    refusals = models.IntegerField(_("số lần bị từ chối"), default=0)
    next_at = models.DateTimeField(_("thử lại lúc"))
    sent_at = models.DateTimeField(_("gửi xong lúc"), null=True)
    given_up_at = models.DateTimeField(_("thôi gửi lúc"), null=True)
    error = models.CharField(_("trả lời cuối"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("thư đã gửi ra ngoài")
        verbose_name_plural = _("thư đã gửi ra ngoài")
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="delivery_once")]
