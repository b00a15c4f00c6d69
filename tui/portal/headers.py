"""What every answer of the portal carries, whatever it answers."""

from __future__ import annotations

from tui.portal.origins import Origins

YEAR = 31_536_000
"""Seconds."""


def security_headers(origins: Origins) -> dict[str, str]:
    """The headers of every answer, for those who reach the portal at these addresses."""
    headers = {
        "Content-Security-Policy": _policy(origins),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": (
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
            "microphone=(), payment=(), usb=(), clipboard-read=(self), clipboard-write=(self)"
        ),
        "X-Robots-Tag": "noindex, nofollow",
    }
    if origins.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return headers


def _policy(origins: Origins) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            # xterm.js writes style elements; page/terminal.js makes sheets of them, which need no permission.
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self'",
            # Not all browsers count the web socket of the page's own origin as 'self'.
            " ".join(("connect-src 'self'", *origins.sockets)),
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )
