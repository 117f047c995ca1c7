"""Certificates that a studio makes itself, as Ray's TLS settings want them."""

import shutil
import subprocess
from pathlib import Path

HAS_OPENSSL = shutil.which("openssl") is not None


def tls_settings(folder: Path) -> dict[str, str]:
    """Ray's environment variables with a certificate for this computer, signed by an authority of its own."""
    new = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    _openssl(folder, "req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=studio CA")
    _openssl(folder, "req", *new, "-keyout", "node.key", "-out", "node.csr", "-subj", "/CN=studio")
    sign = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"]
    _openssl(folder, "x509", "-req", "-in", "node.csr", *sign, "-out", "node.crt")
    return {
        "RAY_USE_TLS": "1",
        "RAY_TLS_SERVER_CERT": str(folder / "node.crt"),
        "RAY_TLS_SERVER_KEY": str(folder / "node.key"),
        "RAY_TLS_CA_CERT": str(folder / "ca.crt"),
    }


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
