"""How long the papers of a day take in one PDF/A: the goal is 1,000 receipts in less than 5 s on two cores.

The peer is the same program setting the same 1,000 receipts one by one, a file each, as a desk that prints after every
intake does. A new applicant each time, everything of theirs new; the same is told for slips and apologies. Wall-clock
times, best of several rounds in turn: who waits for the printer waits by the clock.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version

from rig.receipts import applicants

from motcua.papers.bases import Basis
from motcua.papers.forms import AnyForm, Apology, ControlSlip, Handover, Receipt
from motcua.papers.render import Paper, _page_count, prepare, typeset, typeset_many

GOAL = 5.0
PAPERS, ROUNDS = 1000, 3


def slip(receipt: Receipt) -> ControlSlip:
    """The control slip that goes with a receipt."""
    unit = Handover(from_unit="Bộ phận Một cửa", to_unit="Phòng Văn hóa - Xã hội", handed_at=receipt.received_at)
    return ControlSlip(
        head=receipt.head, dossier_code=receipt.dossier_code, owner_name=receipt.owner_name,
        received_at=receipt.received_at, appointed_at=receipt.appointed_at, handling_unit=receipt.head.agency,
        handovers=(unit, Handover()), register_book="01", register_serial=receipt.register_serial,
        qr_url=receipt.qr_url,
    )  # fmt: skip


def apology(receipt: Receipt) -> Apology:
    """The apology for a dossier that will be late."""
    due = receipt.appointed_at or receipt.received_at
    return Apology(
        head=receipt.head, addressee=receipt.owner_name, dossier_code=receipt.dossier_code,
        request_content=receipt.request_content, received_on=receipt.received_at.date(), appointed_at=due,
        reason="cần xác minh thêm tại nơi cư trú trước đây.", new_appointed_at=due, signer_name=None,
        qr_url=receipt.qr_url,
    )  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes by the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(name: str, make: Callable[[int], Sequence[AnyForm]], count: int, basis: Basis) -> float:
    """Prints one line of the table; gives the seconds of the single PDF."""
    together, alone, pages = [], [], 0
    for _ in range(ROUNDS):
        forms = make(count)
        begun = time.perf_counter()
        papers: list[Paper] = [prepare(form, basis=basis) for form in forms]
        pdf = typeset_many(papers, "Giấy tờ hồ sơ")
        together.append(time.perf_counter() - begun)
        pages = _page_count(pdf)
        fresh = make(count)
        alone.append(seconds(lambda forms=fresh: [typeset(prepare(form, basis=basis)) for form in forms]))  # type: ignore[misc]
    if pages < count:
        raise SystemExit(f"{name}: {pages} pages for {count} papers")
    best, peer = min(together), min(alone)
    print(f"{name:<24}{best:>10.2f}{peer:>14.2f}{peer / best:>10.1f}{len(pdf) / 2**20:>10.1f}")
    return best


def main() -> int:
    """Measures and prints; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only show that it works; the figures mean nothing")
    count = 20 if parser.parse_args().quick else PAPERS
    machine = f"{os.cpu_count()} CPUs, {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, typst {version('typst')}; load {os.getloadavg()[0]:.1f}")
    print(f"{f'{count:,} papers':<24}{'one PDF, s':>10}{'one by one, s':>14}{'ratio':>10}{'MB':>10}")
    receipts = measure("receipts, TT 01/2018", applicants, count, Basis.TT01_2018)
    measure("receipts, TT 03/2025", applicants, count, Basis.TT03_2025)
    measure("control slips", lambda n: [slip(each) for each in applicants(n)], count, Basis.TT01_2018)
    measure("apologies", lambda n: [apology(each) for each in applicants(n)], count, Basis.TT01_2018)
    print(
        f"goal: {PAPERS:,} receipts in one PDF in less than {GOAL:.0f} s: {'reached' if receipts < GOAL else 'missed'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
