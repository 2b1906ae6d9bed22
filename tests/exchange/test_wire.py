"""Messages leave for public addresses only: a name is judged when it is resolved, and the judged address is called."""

import datetime
import ipaddress
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from motcua.exchange import wire
from motcua.exchange.wire import AddressRefused, Line, NoAnswer, is_outside, resolved, target


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.vn/hook", "not_https"),
        ("ftp://example.vn/", "not_https"),
        ("example.vn/hook", "not_https"),
        ("https://", "not_an_address"),
        ("https:///hook", "not_an_address"),
        ("https://user:password@example.vn/", "not_an_address"),
        ("https://example.vn/#part", "not_an_address"),
        ("https://example.vn:99999/", "not_an_address"),
        ("https://example.vn:0/", "not_an_address"),
        ("https://exa mple.vn/", "not_an_address"),
        ("https://example.vn/\r\nHost: inside", "not_an_address"),
        ("https://ví-dụ.vn/", "not_an_address"),
        ("https://[::1/", "not_an_address"),
        ("https://example.vn/" + "a" * 500, "not_an_address"),
    ],
)
def test_an_address_that_is_no_plain_https_is_refused(url, code):
    with pytest.raises(AddressRefused) as refused:
        target(url)
    assert refused.value.code == code


def test_a_plain_address_is_taken_apart():
    found = target("https://example.vn:8443/a/b?c=d")
    assert (found.host, found.port, found.path, found.secure) == ("example.vn", 8443, "/a/b?c=d", True)
    assert target("https://example.vn").port == 443


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
        "2001::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_inside_is_never_sent_to(address):
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["203.162.4.191", "8.8.8.8", "2405:4800::1", "::ffff:8.8.8.8"])
def test_a_public_address_may_be_sent_to(address):
    assert is_outside(address)


def test_an_inner_network_is_open_when_the_operator_names_it(settings):
    settings.MOTCUA_WEBHOOK_NETWORKS = ("10.20.0.0/16", "fd12::/16")
    assert [is_outside(each) for each in ("10.20.1.1", "10.21.1.1", "fd12::1", "::ffff:10.20.1.1")] == [
        True, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("addresses", "code"), [(["8.8.8.8", "10.0.0.1"], "inside"), (["127.0.0.1"], "inside"), ([], "name_unknown")]
)
def test_a_name_with_one_address_inside_is_refused(monkeypatch, addresses, code):
    def answer(*_args: object, **_kwargs: object) -> list:
        if not addresses:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises((AddressRefused, NoAnswer)) as refused:
        resolved(target("https://example.vn/"))
    assert refused.value.code == code


def test_a_name_is_asked_once_and_the_judged_address_is_called(monkeypatch, receiver, lenient):
    asked, real = [], socket.getaddrinfo

    def answer(host: str, port: int, *args: object, **values: object) -> list:
        if host != "rebinding.example":
            return real(host, port, *args, **values)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(wire.socket, "getaddrinfo", answer)
    called = []
    connect = socket.create_connection
    monkeypatch.setattr(
        wire.socket, "create_connection", lambda where, **kw: called.append(where) or connect(where, **kw)
    )
    with Line(target(f"http://rebinding.example:{receiver.port}/hook")) as line:
        assert [line.post(b"{}", {}), line.post(b"{}", {})] == [204, 204]
    assert len(asked) == 1
    assert called == [("127.0.0.1", receiver.port)]
    assert receiver.received[0][0]["host"] == f"rebinding.example:{receiver.port}"


def test_a_line_that_the_receiver_closed_is_opened_again_at_once(receiver, lenient):
    with Line(target(receiver.url)) as line:
        assert line.post(b"{}", {}) == 204
        receiver.answers = ["hang up"]
        assert line.post(b"{}", {}) == 204
    assert len(receiver.received) == 3


@pytest.fixture
def https(tmp_path, monkeypatch):
    """A TLS server whose certificate names `receiver.example` only, trusted by this process; gives its port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver.example")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("receiver.example")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "server.pem").write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _peer = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as secured:
                    got = b""
                    while not got.endswith(b"{}"):
                        got += secured.recv(65536)
                    secured.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            except OSError:
                plain.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    trusting = ssl.create_default_context(cadata=pem.decode())
    monkeypatch.setattr(wire, "_tls", lambda: trusting)
    loopback = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", listening.getsockname()[1]))]
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_args, **_kwargs: loopback)
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


@pytest.mark.parametrize(("host", "answer"), [("receiver.example", 204), ("other.example", "tls")])
def test_the_certificate_must_name_the_host_though_the_address_was_pinned(https, settings, host, answer):
    settings.MOTCUA_WEBHOOK_NETWORKS = (str(ipaddress.ip_network("127.0.0.0/8")),)
    with Line(target(f"https://{host}:{https}/")) as line:
        try:
            met = line.post(b"{}", {})
        except NoAnswer as failed:
            met = failed.code
    assert met == answer
