"""The dossier code (mã hồ sơ): a configurable pattern with a serial of the day.

Source: Circular 01/2018, Art. 19 (`V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX`) and the later practice of unit identifiers
(`H55.242-240315-0007`). The pattern is a setting, because the annex of the current circular was not at hand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

DEFAULT_PATTERN: Final = "{unit}-{yymmdd}-{serial:4}"
_FIELD: Final = re.compile(r"\{(unit|field|yymmdd|yyyymmdd|yy|yyyy|serial(?::(\d))?)\}")
_ALLOWED: Final = re.compile(r"[0-9A-Za-z.\-_/]*")
_SERIAL: Final = re.compile(r"\{serial(?::\d)?\}")
_OF_ANY_LENGTH: Final = re.compile(r"\{(unit|field)\}")
_SEPARATORS: Final = ".-_/"


class PatternError(ValueError):
    """A pattern that cannot number dossiers; `code` says why: no_serial, no_day, bad_text or ambiguous."""

    def __init__(self, code: str, pattern: str) -> None:
        super().__init__(f"{code}: {pattern}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Pattern:
    """A checked pattern. Fields: unit, field, yymmdd, yyyymmdd, yy, yyyy, serial or serial:N (at least N digits).

    The serial stands between separators (`.`, `-`, `_`, `/`) or at an edge, and on one side of it there is neither
    unit nor field. Then the code of a serial can be read back in one way only, however many digits it has grown to and
    whatever the unit is called, so that codes of different scopes differ.
    """

    text: str = DEFAULT_PATTERN

    def __post_init__(self) -> None:
        if len(_SERIAL.findall(self.text)) != 1:
            raise PatternError("no_serial", self.text)
        if not re.search(r"\{(yymmdd|yyyymmdd)\}", self.text):
            raise PatternError("no_day", self.text)
        if not _ALLOWED.fullmatch(_FIELD.sub("", self.text)):
            raise PatternError("bad_text", self.text)
        before, after = _SERIAL.split(self.text)
        if (before and before[-1] not in _SEPARATORS) or (after and after[0] not in _SEPARATORS):
            raise PatternError("ambiguous", self.text)
        if _OF_ANY_LENGTH.search(before) and _OF_ANY_LENGTH.search(after):
            raise PatternError("ambiguous", self.text)

    def scope(self, unit: str, day: date, field: str = "") -> str:
        """What the serial counts within: everything of the code but the serial, so two codes can never be equal."""
        return self._fill(_values(unit, day, field), None)

    def code(self, unit: str, day: date, serial: int, field: str = "") -> str:
        """The code of a serial (1, 2, …); more digits than the pattern has simply make it longer."""
        return self._fill(_values(unit, day, field), serial)

    def _fill(self, values: Mapping[str, str], serial: int | None) -> str:
        def put(match: re.Match[str]) -> str:
            if match[1].startswith("serial"):
                return "#" if serial is None else str(serial).zfill(int(match[2] or 1))
            return values[match[1]]

        return _FIELD.sub(put, self.text)


def _values(unit: str, day: date, field: str) -> dict[str, str]:
    return {
        "unit": unit,
        "field": field,
        "yymmdd": f"{day:%y%m%d}",
        "yyyymmdd": f"{day:%Y%m%d}",
        "yy": f"{day:%y}",
        "yyyy": f"{day:%Y}",
    }
