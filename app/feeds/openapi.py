"""What /api/v1/openapi.json says. The schema of the feed stands in one file, the handbook's own; here it is only put in place."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "schema"
_RECORD = "#/components/schemas/FeedRecord"


def feed_schema() -> dict[str, Any]:
    """Return the JSON Schema of a feed message (measures 5.2)."""
    schema: dict[str, Any] = json.loads((_FOLDER / "record.json").read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 description, with the feed's schema as two of its components."""
    described: dict[str, Any] = yaml.safe_load((_FOLDER / "openapi.yaml").read_text(encoding="utf-8"))
    message = feed_schema()
    del message["$schema"]
    record = message.pop("$defs")["record"]
    # Inside an OpenAPI document '#' is the document, not the schema.
    message["properties"]["records"]["items"] = {"$ref": _RECORD}
    described["components"]["schemas"] |= {"FeedMessage": message, "FeedRecord": {"title": "One record", **record}}
    return described
