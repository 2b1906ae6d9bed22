"""A failure that has one clear line for the person at the terminal, in Vietnamese or in English."""

import os


def english() -> bool:
    """Whether the terminal's locale (LC_ALL, LC_MESSAGES, LANG) asks for English; anything else gets Vietnamese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value.lower().startswith("en")
    return False


def say(vietnamese: str, english_text: str) -> str:
    """The one of two equal texts that the terminal's language asks for; used before Django's gettext is there."""
    return english_text if english() else vietnamese


class Tellable(RuntimeError):  # noqa: N818 - a kind of error, not one
    """An error whose text is written for the operator and holds nobody's data: logs show it, unlike others."""


class Trouble(Exception):  # noqa: N818 - what the person has, not a programming error
    """What is wrong, where, and what to do, in one line; `code` is the exit status of the process."""

    def __init__(self, vietnamese: str, english_text: str, *, code: int = 1) -> None:
        super().__init__(say(vietnamese, english_text))
        self.code = code
