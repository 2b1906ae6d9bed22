"""How a check says no: an exception inside the law that becomes a Refusal at its door."""

from motcua.law.dossier.vocabulary import Refusal


class RefusedError(Exception):
    """Carries a refusal out of the checks; `recorded`: the attempt itself goes into the log."""

    def __init__(self, code: str, article: str = "", *, recorded: bool = False, **params: object) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, article, tuple((key, str(value)) for key, value in params.items()), recorded)
