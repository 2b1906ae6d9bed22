"""Template tags of the pages for staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm

from motcua.ui.templatetags.motcua_ui import error_summary

register = template.Library()


@register.inclusion_tag("ui/components/error_summary.html")
def mistakes(forms: Iterable[BaseForm]) -> dict[str, Any]:
    """The error summary over any number of forms."""
    return error_summary(*forms)
