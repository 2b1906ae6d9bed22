"""Set up a real desk from one file: calendars, agencies, staff, processes, and what each desk receives.

Declarative and repeatable: everything is created or brought to the file's values, all of it or nothing.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from motcua.agencies import changes, queries
from motcua.agencies import commands as agencies
from motcua.agencies.access import for_system
from motcua.law.process import ProcessError
from motcua.law.worktime import CalendarError
from motcua.procedures import commands as procedures
from motcua.starter import procedures as starter
from motcua.starter.loading import facts

_READER = for_system("configuration")
EVERYDAY = "everyday"  # instead of a list of codes: all procedures of the starter data


class BadConfiguration(ValueError):  # noqa: N818 - names the place in the file, for the person who wrote it
    """A place in the file and what is wrong with it."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place


@dataclass(slots=True)
class Configured:
    """What was applied: how many of each section, and the first passwords of accounts that are new."""

    counts: dict[str, int] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)


def configure(data: Mapping[str, Any]) -> Configured:
    """Apply a whole file in one transaction; raises BadConfiguration naming the first wrong place."""
    if not isinstance(data, Mapping):
        raise BadConfiguration("$", "expected an object with the sections " + ", ".join(_SECTIONS))
    unknown = sorted(set(data) - set(_SECTIONS))
    if unknown:
        raise BadConfiguration(unknown[0], "unknown section; known are " + ", ".join(_SECTIONS))
    done = Configured()
    with transaction.atomic():
        for section, apply in _SECTIONS.items():
            entries = data.get(section, [])
            if not isinstance(entries, list):
                raise BadConfiguration(section, "expected a list")
            for number, entry in enumerate(entries):
                _apply(f"{section}[{number}]", entry, apply, done)
            done.counts[section] = len(entries)
    return done


def _apply(place: str, entry: Any, apply: Callable[[dict[str, Any], Configured], None], done: Configured) -> None:
    if not isinstance(entry, dict):
        raise BadConfiguration(place, "expected an object")
    try:
        apply(dict(entry), done)
    except agencies.AgencyError as error:
        raise BadConfiguration(f"{place}.{error.field}", str(error)) from error
    except KeyError as error:
        raise BadConfiguration(f"{place}.{error.args[0]}", "is missing") from error
    except (ProcessError, CalendarError, ValueError, LookupError) as error:
        raise BadConfiguration(place, str(error)) from error
    except TypeError as error:  # an argument that the command does not have, or lacks
        raise BadConfiguration(place, str(error).partition(") ")[2] or str(error)) from error


def _calendar(entry: dict[str, Any], _: Configured) -> None:
    agencies.publish_calendar(entry["code"], entry["data"], entry["reason"], name=entry.get("name", ""))


def _agency(entry: dict[str, Any], _: Configured) -> None:
    agencies.keep_agency(**entry)


def _succession(entry: dict[str, Any], _: Configured) -> None:
    changes.succeed(**entry | {"on": date.fromisoformat(entry["on"])})


def _move(entry: dict[str, Any], _: Configured) -> None:
    changes.move_staff(**entry | {"on": date.fromisoformat(entry["on"])})


def _stand_in(entry: dict[str, Any], _: Configured) -> None:
    days = {name: date.fromisoformat(entry[name]) for name in ("valid_from", "valid_to")}
    changes.stand_in(**entry | days)


def _staff(entry: dict[str, Any], done: Configured) -> None:
    username = entry["username"]
    if not get_user_model().objects.filter(username=username).exists():
        done.passwords[username] = entry["password"] = entry.get("password") or secrets.token_urlsafe(9)
        entry["password_is_given"] = True
    agencies.keep_staff(**entry)


def _process(entry: dict[str, Any], _: Configured) -> None:
    agency = queries.agency_by_code(_READER, entry["agency"]).id if entry.get("agency") else None
    procedures.publish_process(entry["definition"], procedure_code=entry.get("procedure"), agency_id=agency)


def _offer(entry: dict[str, Any], _: Configured) -> None:
    desk = queries.agency_by_code(_READER, entry["desk"]).id
    competent = queries.agency_by_code(_READER, entry["competent"]).id if entry.get("competent") else None
    codes = entry["procedures"]
    if codes == EVERYDAY:
        codes = [record.code for record in starter.records(facts("procedures.json"))]
    procedures.offer_procedures(desk, codes, competent_agency_id=competent)


def _retention(entry: dict[str, Any], _: Configured) -> None:
    reason = entry.pop("reason")
    procedures.publish_retention(entry, reason)


_SECTIONS: Mapping[str, Callable[[dict[str, Any], Configured], None]] = {
    "calendars": _calendar,
    "agencies": _agency,
    "staff": _staff,
    "successions": _succession,
    "moves": _move,
    "stand_ins": _stand_in,
    "processes": _process,
    "offers": _offer,
    "retention": _retention,
}
