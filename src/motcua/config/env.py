"""Every setting that an operator can give by environment: declared once with its reader, default and explanation."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from motcua.config.trouble import Trouble
from motcua.law.bases import SHIPPED

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class BadSetting(Trouble):
    """A setting whose value cannot be understood: refused at start, never guessed."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(
            f"Biến môi trường {name}={value!r} không hợp lệ: cần {wanted}.",
            f"Environment variable {name}={value!r} is not valid: expected {wanted}.",
            code=2,
        )


def boolean(name: str, value: str) -> bool:
    """`1/0`, `true/false`, `yes/no`, `on/off` in any case; anything else raises `BadSetting`."""
    lowered = value.strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise BadSetting(name, value, "1/0, true/false, yes/no, on/off")


def text(name: str, value: str) -> str:
    """The value without surrounding white space; an empty one raises `BadSetting` (unset it instead)."""
    stripped = value.strip()
    if not stripped:
        raise BadSetting(name, value, "a text that is not empty; unset it for the default")
    return stripped


def words(name: str, value: str) -> tuple[str, ...]:
    """A comma-separated list; blanks around the commas are dropped, an empty item raises `BadSetting`."""
    items = tuple(item.strip() for item in value.split(","))
    if not all(items):
        raise BadSetting(name, value, "a list like a,b,c without empty items")
    return items


def networks(name: str, value: str) -> tuple[str, ...]:
    """A comma-separated list of networks in CIDR form; anything else raises `BadSetting`."""
    try:
        return tuple(str(ip_network(word)) for word in words(name, value))
    except ValueError:
        raise BadSetting(name, value, "networks such as 10.20.0.0/16,fd00::/8") from None


def natural(name: str, value: str) -> int:
    """A whole number ≥ 1; anything else raises `BadSetting`."""
    stripped = value.strip()
    if not (stripped.isascii() and stripped.isdigit() and int(stripped) >= 1):
        raise BadSetting(name, value, "a whole number of at least 1")
    return int(stripped)


def count(name: str, value: str) -> int:
    """A whole number ≥ 0; anything else raises `BadSetting`."""
    stripped = value.strip()
    if not (stripped.isascii() and stripped.isdigit()):
        raise BadSetting(name, value, "a whole number of at least 0")
    return int(stripped)


def hours(name: str, value: str) -> tuple[int, ...]:
    """Whole hours such as 8,2, the longest first; anything else raises `BadSetting`."""
    found = words(name, value)
    if not found or not all(word.isdecimal() and int(word) <= 1000 for word in found):
        raise BadSetting(name, value, "hours such as 8,2")
    return tuple(sorted({int(word) for word in found}, reverse=True))


def scanner(name: str, value: str) -> str:
    """`unix:/absolute/path` or `tcp:host:port`; anything else raises `BadSetting`."""
    stripped = value.strip()
    if not re.fullmatch(r"unix:/\S+|tcp:(\[[0-9a-fA-F:]+\]|[\w.-]+):[0-9]{1,5}", stripped):
        raise BadSetting(name, value, "unix:/path/of/clamd.ctl or tcp:host:port")
    return stripped


def one_of(*choices: str) -> Callable[[str, str], str]:
    """A reader that accepts exactly the given words."""

    def read_choice(name: str, value: str) -> str:
        if value.strip() not in choices:
            raise BadSetting(name, value, " / ".join(choices))
        return value.strip()

    return read_choice


def name(name: str, value: str) -> str:
    """A name such as motcua.example.gov.vn/nhat-ky; one with blanks or plus signs raises `BadSetting`."""
    stripped = text(name, value)
    if any(letter.isspace() or letter == "+" for letter in stripped):
        raise BadSetting(name, value, "a name without blanks and plus signs")
    return stripped


def some_of(*choices: str) -> Callable[[str, str], tuple[str, ...]]:
    """A reader that accepts a comma-separated choice of the given words, or `none`."""

    def read_choices(name: str, value: str) -> tuple[str, ...]:
        if value.strip() == "none":
            return ()
        items = words(name, value)
        if set(items) - set(choices):
            raise BadSetting(name, value, f"some of {', '.join(choices)}; or none")
        return items

    return read_choices


def issuer(name: str, value: str) -> str:
    """An address https://…, or http://… on this machine, as an OpenID Connect provider or a gateway is named."""
    stripped = value.strip()
    parts = urlsplit(stripped)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})
    if not (safe and parts.hostname) or parts.query or parts.fragment or stripped.endswith("/"):
        raise BadSetting(name, value, "https://host/… without a slash at its end")
    return stripped


def address(name: str, value: str) -> str:
    """An address http://… or https://…: what comes from there is signed and proves itself."""
    stripped = value.strip()
    parts = urlsplit(stripped)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment:
        raise BadSetting(name, value, "http://host/… or https://host/…")
    return stripped


def clock(name: str, value: str) -> time:
    """A time of day such as 15:00; anything else raises `BadSetting`."""
    try:
        return time.fromisoformat(value.strip())
    except ValueError:
        raise BadSetting(name, value, "a time of day such as 15:00") from None


def dates(name: str, value: str) -> dict[str, date | None]:
    """Instruments and the days from which they hold, or `never`; an unknown one or no day raises `BadSetting`."""
    known = {layer.code for layer in SHIPPED}
    wanted = f"a list like tt03-2025=2025-10-01,nd367-2025=never with {', '.join(sorted(known))}"
    found: dict[str, date | None] = {}
    for word in words(name, value):
        code, _equals, day = (part.strip() for part in word.partition("="))
        try:
            found[code] = None if day == "never" else date.fromisoformat(day)
        except ValueError:
            raise BadSetting(name, value, wanted) from None
        if code not in known:
            raise BadSetting(name, value, wanted)
    return found


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: how it is read, what holds without it, and what it means to an operator."""

    reader: Callable[[str, str], Any]
    default: Any
    meaning: str


DECLARED: Mapping[str, Setting] = {
    "MOTCUA_HOME": Setting(text, "./var", "folder with everything that changes: database, keys, files, logs"),
    "DATABASE_URL": Setting(
        text, None, "postgresql://user:password@host/name of a PostgreSQL ≥ 15; unset: the embedded one"
    ),
    "DATABASE_OWNER_URL": Setting(
        text, None, "the same database by the login that owns it, so that pages and worker have one that does not"
    ),
    "MOTCUA_DB_ROLE": Setting(one_of("app", "owner"), "app", "role of the connection; `owner` only for migrations"),
    "MOTCUA_SECRET_KEY": Setting(text, None, "Django's signing key; unset: made once in keys/django.key"),
    "MOTCUA_DATA_KEY": Setting(text, None, "base64 of the 32-byte key of personal data; unset: keys/data.key"),
    "MOTCUA_DEBUG": Setting(boolean, False, "error pages with details, for developers only"),
    "MOTCUA_HOSTS": Setting(words, ("localhost", "127.0.0.1", "[::1]"), "host names that the pages are served under"),
    "MOTCUA_HTTPS": Setting(boolean, False, "behind a TLS proxy: secure cookies, HSTS, https origins"),
    "MOTCUA_HSTS_SUBDOMAINS": Setting(boolean, False, "with MOTCUA_HTTPS: browsers must encrypt for sub-domains too"),
    "MOTCUA_PROXIES": Setting(
        count, None, "proxies in front whose X-Forwarded-For is believed; unset: 1 with MOTCUA_HTTPS, else 0"
    ),
    "MOTCUA_LOG_LEVEL": Setting(one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "how much is logged"),
    "MOTCUA_LOG_FORM": Setting(one_of("json", "plain"), "json", "log lines for programs, or for a person's eyes"),
    "MOTCUA_MONITOR_TOKEN": Setting(text, None, "bearer token for /metrics from elsewhere; unset: this machine only"),
    "MOTCUA_DISK_LEAST_BYTES": Setting(natural, 2**30, "less free disk than this and /health/ready says no"),
    "MOTCUA_BACKUP": Setting(text, None, "folder for backups, on another disk or machine; unset: none are taken"),
    "MOTCUA_BACKUP_HOURS": Setting(natural, 24, "hours between two copies of the database"),
    "MOTCUA_BACKUP_KEEP": Setting(natural, 7, "how many copies are kept"),
    "MOTCUA_DRILL_DAYS": Setting(natural, 7, "days between two drills, in which the newest backup is read back"),
    # Where law and practice leave a choice; unset: as the decrees and circulars in force say (motcua rules).
    "MOTCUA_LEGAL_DATES": Setting(
        dates, None, "days from which instruments hold here: tt03-2025=2025-10-01,nd367-2025=never"
    ),
    "MOTCUA_FORMS": Setting(one_of("tt01-2018", "tt03-2025"), None, "circular whose forms new dossiers follow"),
    "MOTCUA_CUTOFF": Setting(clock, None, "received later than this (15:00) counts from the next working day"),
    "MOTCUA_WORKING_DAY_CONVENTION": Setting(
        one_of("day_exclusive", "day_exclusive_after15", "hour_carry", "hour_carry_sat_am"),
        None,
        "how limits in working days are counted (day_exclusive)",
    ),
    "MOTCUA_SATURDAY_HOURS": Setting(boolean, None, "limits in hours are counted on Saturday mornings too (0)"),
    "MOTCUA_SUPPLEMENT_CLOCK": Setting(
        one_of("restart", "shift"),
        None,
        "after a supplement the limit is counted anew (restart), or moved on",
    ),
    "MOTCUA_MAX_SUPPLEMENTS": Setting(
        natural, None, "requests for missing papers at the desk, and again while processed (1)"
    ),
    "MOTCUA_APPRAISAL_DAYS": Setting(
        natural, None, "working days from receipt in which papers are asked for after appraisal (3)"
    ),
    "MOTCUA_APOLOGY_DAYS": Setting(
        natural, None, "calendar days before the due date by which an apology is in time (1)"
    ),
    "MOTCUA_ANSWER_HOURS": Setting(natural, None, "working hours in which an online filing is answered (8)"),
    "MOTCUA_DIGITISE": Setting(boolean, None, "the desk must scan what it takes in (1 since Decree 107/2021)"),
    "MOTCUA_CODE_PATTERN": Setting(text, None, "pattern of codes of new dossiers ({unit}-{yymmdd}-{serial:4})"),
    "MOTCUA_UNTAKEN_HOURS": Setting(natural, 24, "a step that nobody took after so many hours is a gap in the slip"),
    "MOTCUA_SILENT_DAYS": Setting(natural, 7, "a desk that entered nothing for so many days is named"),
    "MOTCUA_REGISTER_BOOK_ROWS": Setting(
        natural, 2000, "dossiers in one book of the register; counts for years begun later"
    ),
    "MOTCUA_REPORT_LATE_BY": Setting(
        one_of("original", "current"),
        "original",
        "the promise that report II.06a judges by: before or after an apology",
    ),
    "MOTCUA_REPORT_LEAVES_OUT": Setting(
        some_of("withdrawn", "stopped"),
        None,
        "endings that report II.06a leaves out: withdrawn,stopped; none: it counts both",
    ),
    "MOTCUA_INDICATOR_CLASS": Setting(
        one_of("sum", "scaled", "complete"),
        "sum",
        "class of an agency while indicators have no data: by their sum, scaled up, or none until all have",
    ),
    "MOTCUA_UPLOAD_MAX_BYTES": Setting(natural, 20 * 2**20, "largest file that can be uploaded"),
    "MOTCUA_UPLOAD_MAX_PAGES": Setting(natural, 500, "most pages of a PDF that can be uploaded"),
    "MOTCUA_UPLOAD_MAX_PIXELS": Setting(natural, 100_000_000, "most pixels of a picture, also within a PDF"),
    "MOTCUA_CLAMAV": Setting(
        scanner, None, "clamd that looks at uploads: unix:/path or tcp:host:port; unset: none is asked"
    ),
    "MOTCUA_RATE_PERCENT": Setting(
        natural, 100, "rates of look-ups, searches and downloads, in percent of those in watch.md"
    ),
    # How the log is published.
    "MOTCUA_LOG_ORIGIN": Setting(
        name, None, "name of the log in its signed heads; unset: the first host's name and /nhat-ky"
    ),
    "MOTCUA_LOG_RECIPIENTS": Setting(
        words, None, "addresses outside that get the last head of each day: a@b.vn,c@d.vn"
    ),
    "MOTCUA_SMTP": Setting(
        text, None, "mail server: smtps://user:password@host, smtp+tls://… or smtp://…; unset: nothing is sent"
    ),
    "MOTCUA_MAIL_FROM": Setting(text, None, "sender of mails; unset: motcua@ and the first part of MOTCUA_LOG_ORIGIN"),
    # How applicants are told, and staff reminded (messages.md).
    "MOTCUA_SITE": Setting(
        issuer, None, "the pages as applicants reach them: https://motcua.tinh.vn; unset: messages carry no link"
    ),
    "MOTCUA_SMS_GATEWAY": Setting(issuer, None, "address that takes text messages, see messages.md; unset: none"),
    "MOTCUA_CHAT_GATEWAY": Setting(issuer, None, "the same for a chat application; unset: none"),
    "MOTCUA_SMS_PLAIN": Setting(boolean, True, "text messages without the marks of Vietnamese: half the price"),
    "MOTCUA_NOTICE_DAYS": Setting(natural, 7, "what happened longer ago than this is not told any more, but shown"),
    "MOTCUA_REMIND_HOURS": Setting(
        hours, (8, 2), "working hours before a dossier falls due at which who holds it is reminded"
    ),
    "MOTCUA_REMIND_STEP_HOURS": Setting(hours, (2,), "the same before a step falls due"),
    "MOTCUA_ESCALATE_HOURS": Setting(
        hours, (4, 0), "the same at which the leaders of the competent agency are told; 0: when it is overdue"
    ),
    "MOTCUA_DRAFT_DAYS": Setting(
        natural, 1, "days before the last day for an apology at which its draft is laid before the leader"
    ),
    "MOTCUA_EXTENSION_DAYS": Setting(natural, 2, "working days by which such a draft proposes to move the promise"),
    "MOTCUA_HEAD_MINUTES": Setting(natural, 60, "minutes between two signed heads of a log that grows"),
    # Digital signatures.
    "MOTCUA_TRUST": Setting(text, None, "folder of certificates (PEM, DER) whose signatures are believed; unset: none"),
    "MOTCUA_TSA": Setting(address, None, "timestamping service (RFC 3161), http://… or https://…; unset: none"),
    "MOTCUA_SIGN_LEVEL": Setting(
        one_of("B-B", "B-T", "B-LTA"), None, "PAdES level to sign at; unset: B-T with MOTCUA_TSA, else B-B"
    ),
    "MOTCUA_SEAL_ROLES": Setting(
        some_of("desk_officer", "case_officer", "leader", "reform_officer", "administrator", "inspector"),
        ("leader", "desk_officer"),
        "roles that sign with their agency's seal; none: nobody",
    ),
    "MOTCUA_PKCS11_MODULE": Setting(text, None, "library (.so) of a signing device; unset: none is used"),
    "MOTCUA_PKCS11_TOKEN": Setting(text, None, "label of the token in it; unset: the only one there is"),
    "MOTCUA_REMOTE_SIGNER": Setting(issuer, None, "service that signs from afar (CSC API), https://…; unset: none"),
    # Sign-in.
    "MOTCUA_SECOND_FACTOR_ROLES": Setting(
        some_of("desk_officer", "case_officer", "leader", "reform_officer", "administrator", "inspector"),
        ("administrator", "leader"),
        "roles that must set up a second factor (not in demo agencies); none: nobody",
    ),
    "MOTCUA_SESSION_IDLE_MINUTES": Setting(natural, 60, "an officer's session ends after this long without use"),
    "MOTCUA_SESSION_HOURS": Setting(natural, 12, "any session ends this long after sign-in"),
    "MOTCUA_CITIZEN_IDLE_MINUTES": Setting(natural, 15, "a citizen's session ends after this long without use"),
    "MOTCUA_STAFF_OIDC_ISSUER": Setting(issuer, None, "sign-in provider of the authorities (OpenID Connect) for staff"),
    "MOTCUA_STAFF_OIDC_CLIENT": Setting(text, None, "client id that this provider gave the installation"),
    "MOTCUA_STAFF_OIDC_SECRET": Setting(text, None, "its secret; unset: the file keys/staff-oidc.key"),
    "MOTCUA_STAFF_OIDC_NAME": Setting(text, "SSO", "what the button on the sign-in page calls it"),
    "MOTCUA_STAFF_OIDC_SCOPES": Setting(words, ("openid",), "what is asked of it"),
    "MOTCUA_STAFF_OIDC_USERNAME_CLAIM": Setting(
        text, None, "claim that vouches for the sign-in name here; unset: only identities entered by an administrator"
    ),
    "MOTCUA_CITIZEN_OIDC_ISSUER": Setting(issuer, None, "national identity (OpenID Connect) for citizens"),
    "MOTCUA_CITIZEN_OIDC_CLIENT": Setting(text, None, "client id that it gave the installation"),
    "MOTCUA_CITIZEN_OIDC_SECRET": Setting(text, None, "its secret; unset: the file keys/citizen-oidc.key"),
    "MOTCUA_CITIZEN_OIDC_NAME": Setting(text, "VNeID", "what the button for citizens calls it"),
    "MOTCUA_CITIZEN_OIDC_SCOPES": Setting(words, ("openid",), "what is asked of it"),
    "MOTCUA_CITIZEN_OIDC_ID_CLAIM": Setting(text, "sub", "claim that holds the 12-digit id number"),
    "MOTCUA_WEBHOOK_NETWORKS": Setting(
        networks, None, "private networks, such as 10.20.0.0/16, in which receivers of webhooks may stand"
    ),
    "MOTCUA_WEBHOOK_HTTP": Setting(boolean, False, "webhooks to addresses without TLS; for trying things out only"),
    "MOTCUA_ELEVATION_HOURS": Setting(natural, 4, "the longest that rights are given for beside a post, in hours"),
    "MOTCUA_WEB_WORKERS": Setting(natural, None, "web processes; unset: one for each CPU, four at most"),
    "MOTCUA_WEB_THREADS": Setting(natural, 4, "threads in each web process"),
}


def read(name: str) -> Any:
    """The value of a declared setting, or its default; raises `BadSetting` when it cannot be understood."""
    setting = DECLARED[name]
    raw = os.environ.get(name)
    return setting.default if raw is None else setting.reader(name, raw)
