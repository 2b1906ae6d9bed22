"""Each test has a database of its own, in which ids begin anew: what the process remembers by id is forgotten first."""

import pytest


@pytest.fixture(autouse=True)
def forgetful(request: pytest.FixtureRequest) -> None:
    """Empty the caches of things that never change in one database."""
    if not {"db", "fresh_database"} & set(request.fixturenames):
        return
    from motcua.agencies import queries as agencies
    from motcua.dossiers import circumstances, intake
    from motcua.notices import queries as notices
    from motcua.proofs import queries as proofs
    from motcua.signatures import queries as signatures

    notices.forget()
    proofs.forget()
    signatures.forget()
    for module in (agencies, circumstances, intake):
        for cached in vars(module).values():
            if hasattr(cached, "cache_clear"):
                cached.cache_clear()
