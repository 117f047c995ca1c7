"""The software bill of materials: what the bundle is made of, in CycloneDX 1.5 JSON."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from project import NAME, TITLE


def write(components: list[dict[str, Any]], version: str, date: int, file: Path) -> None:
    """``components`` are the rows of licences.py's list; ``date`` is in seconds since 1970."""
    purls = "".join(sorted(component["purl"] for component in components))
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{NAME} {version} {purls}')}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(date, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": TITLE,
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [_entry(component) for component in components],
    }
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _entry(component: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": component["purl"],
        "name": component["name"],
        "version": component["version"],
        "purl": component["purl"],
        "licenses": [{"license": {"name": component["licence"]}}],
    }
