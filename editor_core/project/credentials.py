"""Content credentials: a signed C2PA manifest in a picture that says which edits it is made of (C2PA 2.2, section 18).

The certificate is one that this program makes for itself, once, in the settings' folder: it proves that nothing was
changed since, not who did it, and it is named so. c2pa-python and cryptography are needed, which are not always there.
"""

import importlib.util
import io
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from editor_core import __version__
from editor_core.base import paths
from editor_core.base.errors import ImageFileError
from editor_core.document.turns import Turn

NAME = "Palimpsest (self-made certificate)"
FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WebP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
"""Pictures that can carry a manifest, by our names."""

_YEARS = 10
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_AGENT = {"name": "Palimpsest", "version": __version__}


def can_sign() -> bool:
    """Whether the libraries are there."""
    return all(importlib.util.find_spec(name) is not None for name in ("c2pa", "cryptography"))


def actions_of(chain: Sequence[Turn], source_type: str, *, words: bool = True) -> list[dict[str, Any]]:
    """The turns that led to a picture as C2PA's actions; the first creates it, the others edit it."""
    actions: list[dict[str, Any]] = []
    for number, turn in enumerate(chain):
        action: dict[str, Any] = {
            "action": "c2pa.edited" if number else "c2pa.created",
            "when": turn.created,
            "softwareAgent": _AGENT,
            "parameters": {"org.palimpsest.method": turn.method, "org.palimpsest.model": turn.model},
        }
        if not number:
            action["digitalSourceType"] = _SOURCE_TYPES + (source_type or "digitalCreation")
        if words and turn.prompt:
            action["description"] = turn.prompt
        actions.append(action)
    return actions or [{"action": "c2pa.created", "digitalSourceType": f"{_SOURCE_TYPES}digitalCreation"}]


def signed(data: bytes, kind: str, title: str, actions: list[dict[str, Any]]) -> bytes:
    """A picture file with a manifest; ``kind`` is one of `FORMATS`. Raises ImageFileError."""
    if not can_sign():
        raise ImageFileError("Signing needs c2pa-python. Install it, or export without a signature.")
    if kind not in FORMATS:
        raise ImageFileError(
            "{kind} pictures cannot be signed. Choose {kinds}.", kind=kind, kinds=tuple(FORMATS)
        )
    import c2pa

    key, chain = _certificate()
    manifest = {
        "claim_generator_info": [_AGENT],
        "title": title,
        "format": FORMATS[kind],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=chain, private_key=key, ta_url=None)
    result = io.BytesIO()
    try:
        with c2pa.Signer.from_info(info) as signer, c2pa.Builder(json.dumps(manifest)) as builder:
            builder.sign(signer, FORMATS[kind], io.BytesIO(data), result)
    except c2pa.C2paError as problem:
        raise ImageFileError("The picture could not be signed: {reason}.", reason=str(problem)) from problem
    return result.getvalue()


def _certificate() -> tuple[bytes, bytes]:
    """The key and the chain of certificates, PEM; made where there are none yet. Raises ImageFileError."""
    folder = paths.settings_file().parent / "credentials"
    key, chain = folder / "key.pem", folder / "chain.pem"
    try:
        if not (key.exists() and chain.exists()):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            made_key, made_chain = _made()
            _write_private(chain, made_chain)
            _write_private(key, made_key)
        return key.read_bytes(), chain.read_bytes()
    except OSError as problem:
        raise ImageFileError("The certificate in {folder} cannot be used.", folder=str(folder)) from problem


def _write_private(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def _made() -> tuple[bytes, bytes]:
    """A key, and a certificate for it by an authority of its own (C2PA 2.2, section 14.5: no self-signed leaf)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def named(name: str) -> x509.Name:
        attributes = ((NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, NAME))
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, begin = named("Palimpsest root"), datetime.now(UTC) - timedelta(days=1)

    def certificate(
        subject: x509.Name, public: ec.EllipticCurvePublicKey, authority: bool
    ) -> x509.Certificate:
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only")
            + ("decipher_only", "digital_signature", "key_cert_sign", "crl_sign"),
            False,
        )
        usage |= {"key_cert_sign": authority, "crl_sign": authority, "digital_signature": not authority}
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=365 * _YEARS))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
            )
        )
        if not authority:
            purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(purposes, critical=False)
        return builder.sign(root_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    leaf = certificate(named("Palimpsest"), key.public_key(), False)
    root = certificate(root_name, root_key.public_key(), True)
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private, leaf.public_bytes(pem) + root.public_bytes(pem)
