"""Certificates for a mail server of the tests, good and bad ones, made anew for each run."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAYS = {"lasting": 90, "expired": -1}


class Certificate(NamedTuple):
    """The files of a server's certificate, and of the authority that stands behind it."""

    chain: Path
    key: Path
    authority: Path


def make_certificates(folder: Path) -> dict[str, Certificate]:
    """Certificates for a server on this machine: "good" for a day, "lasting" for three months, "expired" yesterday.

    "self-signed" has no authority behind it, and "elsewhere" another machine's name.
    """
    ca_key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
    authority = folder / "authority.pem"
    ca = _certificate(ca_name, ca_name, ca_key, ca_key, now, None)
    authority.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    made = {}
    names = dict.fromkeys(("good", "lasting", "expired", "self-signed"), "localhost")
    for kind, name in (names | {"elsewhere": "mail.elsewhere.example"}).items():
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        alone = kind == "self-signed"
        signed = _certificate(
            subject, subject if alone else ca_name, key, key if alone else ca_key, now, name, _DAYS.get(kind, 1)
        )
        chain, key_file = folder / f"{kind}.pem", folder / f"{kind}.key"
        chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        made[kind] = Certificate(chain, key_file, authority)
    return made


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
    host: str | None,
    days: int = 1,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    )
    if host is not None:
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())
