"""The sign-in providers as the operator set them: read once at start, refused when something is missing."""

from typing import Any

from motcua.config import env, home
from motcua.config.trouble import Trouble


def providers() -> dict[str, dict[str, Any] | None]:
    """The providers for `staff` and `citizen` (None: not set); raises `Trouble` naming what a provider still lacks."""
    return {audience: _provider(audience) for audience in ("staff", "citizen")}


def _provider(audience: str) -> dict[str, Any] | None:
    prefix = f"MOTCUA_{audience.upper()}_OIDC_"
    issuer = env.read(prefix + "ISSUER")
    if issuer is None:
        return None
    client_id = env.read(prefix + "CLIENT")
    if client_id is None:
        raise Trouble(
            f"Đã đặt {prefix}ISSUER nhưng thiếu {prefix}CLIENT. Hãy đặt cả hai, hoặc bỏ cả hai.",
            f"{prefix}ISSUER is set but {prefix}CLIENT is not. Set both, or neither.",
            code=2,
        )
    return {
        "issuer": issuer,
        "client_id": client_id,
        "secret": env.read(prefix + "SECRET") or _secret(audience, prefix),
        "name": env.read(prefix + "NAME"),
        "scopes": env.read(prefix + "SCOPES"),
    }


def _secret(audience: str, prefix: str) -> str:
    path = home.key_path(f"{audience}-oidc")
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Trouble(
            f"Thiếu mật khẩu của nơi xác nhận danh tính: đặt {prefix}SECRET hoặc ghi vào {path} ({error.strerror}).",
            f"The provider's secret is missing: set {prefix}SECRET or write it into {path} ({error.strerror}).",
            code=2,
        ) from None
