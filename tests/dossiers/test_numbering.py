"""Codes under load: no duplicate, no gap."""

import itertools
import threading
from datetime import date

import psycopg

from motcua.dossiers import intake
from motcua.law.numbering import Pattern

WRITERS, EACH = 64, 1000


def test_sixty_four_writers_with_a_thousand_numbers_each_never_meet(fresh_database):
    pattern, day = Pattern(), date(2026, 11, 23)
    taken: list[list[str]] = [[] for _ in range(WRITERS)]

    def take(number: int) -> None:
        with fresh_database.connect() as plain:
            scope = pattern.scope("H99.01", day)
            for count in range(EACH):
                (serial, _) = plain.execute(intake.TAKE_SERIAL, [scope]).fetchone()
                if count % 50 == 49:  # some transactions give up: their numbers go back
                    plain.rollback()
                    continue
                plain.commit()
                taken[number].append(pattern.code("H99.01", day, serial))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = list(itertools.chain.from_iterable(taken))
    kept = WRITERS * (EACH - EACH // 50)
    assert len(codes) == kept
    assert len(set(codes)) == kept
    assert max(int(code.rsplit("-", 1)[1]) for code in codes) == kept  # no gap either
    with fresh_database.connect() as plain, psycopg.ClientCursor(plain) as cursor:
        (last,) = cursor.execute("SELECT last FROM dossiers_serial").fetchone()
    assert last == kept
