"""A real mail server on this machine that takes, refuses or is away, as each test tells it."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from motcua.config import mail


class Postbox:
    """What the server got by address, and what it answers instead of taking a message."""

    def __init__(self):
        self.got = []
        self.answers = {}
        self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if "data" in self.answers:
            return self.answers["data"]
        read = message_from_bytes(envelope.content, policy=policy.default)
        self.got += [(address, read) for address in envelope.rcpt_tos]
        return "250 taken"

    def days(self, address):
        """The days of the log that were sent to an address."""
        return [read["Subject"].split("ngày ")[1][:10] for to, read in self.got if to == address]

    def open(self, port):
        """Listen."""
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.controller.start()

    def close(self):
        """Be away."""
        self.controller.stop()


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def opened(settings):
    """A mail server, named in the settings as an operator names it."""
    box, port = Postbox(), free_port()
    box.open(port)
    for name, value in mail.server("MOTCUA_SMTP", f"smtp://127.0.0.1:{port}").items():
        setattr(settings, name, value)
    try:
        yield box
    finally:
        box.close()
