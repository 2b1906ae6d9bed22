"""Where the keys of identities lie: a PKCS#12 file, a token behind PKCS#11, or a service that signs from afar.

None of it is in the database. A row names its source as `pkcs12:NAME`, `pkcs11:LABEL` or `remote:CREDENTIAL`; files and
secrets lie in the folder `keys/sign` of the data folder, which its owner alone may read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from asn1crypto import x509 as asn1
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyhanko.sign.signers import Signer, SimpleSigner

from motcua.config import home
from motcua.config.trouble import Tellable
from motcua.signatures.remote import RemoteSigner

SOURCES: Final = ("pkcs12", "pkcs11", "remote")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_NO_PLACE: Final = _("Nguồn khóa phải có dạng pkcs12:TÊN, pkcs11:NHÃN hoặc remote:MÃ.")


class KeyUnusable(Tellable):
    """A signing key cannot be used now; the text says which, where, and what to do. It never holds a secret."""


def folder() -> Path:
    """Where signing keys and their secrets lie."""
    return home.home() / "keys" / "sign"


@contextmanager
def opened(source: str) -> Iterator[Signer]:
    """The signer behind a source, as long as it is needed. Raises KeyUnusable."""
    kind, _colon, name = source.partition(":")
    if kind not in _OPEN or not name:
        raise KeyUnusable(_NO_PLACE)
    yield from _OPEN[kind](name)


def certificate(source: str) -> asn1.Certificate:
    """The certificate of the identity behind a source. Raises KeyUnusable."""
    with opened(source) as signer:
        found = signer.signing_cert
        if found is None:
            raise KeyUnusable(_("Nguồn khóa %(source)s không có chứng thư.") % {"source": source})
        return found


def _from_file(name: str) -> Iterator[Signer]:
    path = _file(f"{name}.p12")
    try:
        passphrase = _secret(f"{name}.pass")
        signer = SimpleSigner.load_pkcs12_data(path.read_bytes(), other_certs=[], passphrase=passphrase.encode())
    except ValueError:
        raise KeyUnusable(
            _("Không mở được %(path)s: tệp hỏng hoặc mật khẩu trong %(secret)s không đúng.")
            % {"path": path, "secret": path.with_suffix(".pass").name}
        ) from None
    # The root stands in the reader's own list of anchors; within the file it would be bytes that nothing signs.
    signer.embed_roots = False
    yield signer


def _from_token(label: str) -> Iterator[Signer]:
    module, token = settings.MOTCUA_PKCS11_MODULE, settings.MOTCUA_PKCS11_TOKEN
    if not module:
        raise KeyUnusable(_("Chưa đặt MOTCUA_PKCS11_MODULE: đường dẫn thư viện PKCS#11 của thiết bị ký."))
    import pkcs11  # only who has a token needs the library and what it loads
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    try:
        session = open_pkcs11_session(
            module, token_criteria=TokenCriteria(label=token) if token else None, user_pin=_secret("pkcs11.pin")
        )
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise KeyUnusable(
            _("Không mở được thiết bị ký %(token)s qua %(module)s (%(error)s). Hãy kiểm tra thiết bị và mã PIN.")
            % {"token": token or "", "module": module, "error": type(error).__name__}
        ) from None
    with session:
        yield PKCS11Signer(session, cert_label=label, key_label=label, embed_roots=False)


def _from_service(credential: str) -> Iterator[Signer]:
    url = settings.MOTCUA_REMOTE_SIGNER
    if not url:
        raise KeyUnusable(_("Chưa đặt MOTCUA_REMOTE_SIGNER: địa chỉ dịch vụ ký số từ xa."))
    yield RemoteSigner(url, credential, _secret("remote.token"))


_OPEN: Final[Mapping[str, Callable[[str], Iterator[Signer]]]] = {
    "pkcs12": _from_file,
    "pkcs11": _from_token,
    "remote": _from_service,
}


def _file(name: str) -> Path:
    if not _NAME.fullmatch(name.rpartition(".")[0]):
        raise KeyUnusable(_NO_PLACE)
    path = folder() / name
    try:
        mode = path.stat().st_mode
    except OSError:
        raise _trouble(_("Thiếu tệp %(path)s. Hãy đặt tệp vào đó, chỉ chủ sở hữu đọc được."), path) from None
    if mode & 0o077:
        raise _trouble(_("Tệp khóa %(path)s cho người khác đọc. Hãy chạy: chmod 600 %(path)s"), path)
    return path


def _secret(name: str) -> str:
    return _file(name).read_text(encoding="utf-8").strip()


def _trouble(text: Promise, path: Path) -> KeyUnusable:
    return KeyUnusable(str(text) % {"path": path})
