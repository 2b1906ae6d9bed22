"""Starter data of the package: real units, procedures and the calendar, and a demo province with invented people."""

from collections.abc import Callable

DEMO_DOSSIERS = 300  # so that the first inbox is not empty


def load(*, demo: bool, report: Callable[[str], None] = print) -> list[str]:
    """Load what is not in yet; with `demo` the demo province too. Returns the lines that tell how to sign in."""
    from motcua.agencies.commands import publish_calendar
    from motcua.starter import procedures, province, units
    from motcua.starter.calendar import starter_calendar
    from motcua.starter.loading import facts

    for name, loader in (("units", units.load), ("procedures", procedures.load)):
        counts = loader().counts
        if counts:
            report(f"{name}: " + ", ".join(f"{key} {value}" for key, value in counts.items()))
    publish_calendar(province.CALENDAR, starter_calendar().to_data(), "Lịch ban đầu", name="Lịch làm việc chung")
    if not demo:
        return []
    if not province.exists():
        province.load(tuple(record.code for record in procedures.records(facts("procedures.json"))))
        from motcua.starter import demonstration

        report(f"demo province, {demonstration.make(DEMO_DOSSIERS)} demo dossiers")
    return [f"{sign.username:<24} {sign.password:<16} {sign.role} · {sign.agency}" for sign in province.sign_ins()]
