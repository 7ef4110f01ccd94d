"""The shapes of the service's answers as JSON Schema, with an example of each."""

from __future__ import annotations

from typing import Any, Final

_NOTICE: Final = "For research and teaching. Not a medical device."
_IDENTITY: Final = "ce80e56450f032cc1767d432fe454e25c5b6bb2ddb4c005780c29fcf707e9f50"
EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "Answers": {
        "request_id": "1f8a0c2e",
        "model": {"name": "small", "identity": _IDENTITY},
        "language": "en",
        "answers": [
            {
                "file": 0,
                "path": "photo.jpg",
                "predicted": "cat",
                "probabilities": {"cat": 0.91, "dog": 0.09},
                "odd": "",
                "right_of_100": {
                    "value": 88.0,
                    "low": 81.0,
                    "high": 93.0,
                    "n": 120,
                    "n_groups": 117,
                    "confidence": 0.95,
                },
            }
        ],
        "problems": [{"file": 1, "path": "torn.png", "reason": "the file is truncated"}],
        "others": [],
        "notice": _NOTICE,
    },
    "Explanation": {
        "request_id": "1f8a0c2e",
        "model": {"name": "small", "identity": _IDENTITY},
        "language": "en",
        "path": "photo.jpg",
        "class": "cat",
        "method": "gradcam",
        "words": "Bright: what speaks for 'cat' by gradcam.",
        "size_px": [512, 384],
        "picture_png": "iVBORw0KGgo...",
        "layer_png": "iVBORw0KGgo...",
        "notice": _NOTICE,
    },
    "Model": {
        "name": "small",
        "identity": _IDENTITY,
        "classes": ["cat", "dog"],
        "has_several_labels": False,
        "input": {"size_px": 64, "channels": 3, "kind": "display"},
        "metrics": {
            "accuracy": {"value": 0.91, "low": 0.88, "high": 0.93, "n": 500, "n_groups": 500}
        },
        "decision": {},
        "thresholds": [],
        "guard": {"action": "warn", "false_alarms": {"all": {"value": 0.03, "n": 180}}},
        "licence": "",
        "intended_use": "",
        "versions": {"tamiz": "0.1.0"},
        "explains": True,
        "card": None,
        "notice": _NOTICE,
    },
    "State": {"status": "ready"},
}


def schemas() -> dict[str, Any]:
    """Return all shapes by name."""
    return {
        "Identity": _object({"name": _TEXT, "identity": _TEXT}),
        "Answer": _answer(),
        "Problem": _object({"file": _COUNT, "path": _TEXT, "reason": _TEXT}),
        "Answers": _object(
            {
                "request_id": _TEXT,
                "model": _ref("Identity"),
                "language": _TEXT,
                "answers": _list(_ref("Answer")),
                "problems": _list(_ref("Problem")),
                "others": _list(_ref("Problem")),
                "notice": _TEXT,
            }
        ),
        "Explanation": _object(
            {
                "request_id": _TEXT,
                "model": _ref("Identity"),
                "language": _TEXT,
                "path": _TEXT,
                "class": _TEXT,
                "method": _TEXT,
                "words": _TEXT,
                "size_px": {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2},
                "picture_png": {"type": "string", "contentEncoding": "base64"},
                "layer_png": {"type": "string", "contentEncoding": "base64"},
                "notice": _TEXT,
            }
        ),
        "Model": _model(),
        "State": _object({"status": {"enum": ["alive", "ready"]}}),
        "Error": _object(
            {
                "error": _object(
                    {"what": _TEXT, "where": _TEXT, "how_to_mend": _TEXT, "request_id": _TEXT}
                )
            }
        ),
    }


_TEXT: Final[dict[str, Any]] = {"type": "string"}
_COUNT: Final[dict[str, Any]] = {"type": "integer", "minimum": 0}
_SHARE: Final[dict[str, Any]] = {"type": "number", "minimum": 0, "maximum": 1}


def _answer() -> dict[str, Any]:
    best = _object({"class": _TEXT, "probability": _SHARE})
    made = _object(
        {
            "file": _COUNT,
            "path": _TEXT,
            "predicted": {"anyOf": [_TEXT, _list(_TEXT), {"type": "null"}]},
            "probabilities": {"type": "object", "additionalProperties": _SHARE},
        }
    )
    of_100 = {"type": "number", "minimum": 0, "maximum": 100}
    worth = _object(
        {
            **dict.fromkeys(("value", "low", "high"), of_100),
            **dict.fromkeys(("n", "n_groups"), _COUNT),
            "confidence": _SHARE,
        }
    )
    made["properties"] |= {"top": _list(best), "odd": _TEXT, "right_of_100": worth}
    return made


def _model() -> dict[str, Any]:
    shape = _object({"size_px": _COUNT, "channels": _COUNT, "kind": _TEXT})
    anything = {"type": "object"}
    return _object(
        {
            "name": _TEXT,
            "identity": _TEXT,
            "classes": _list(_TEXT),
            "has_several_labels": {"type": "boolean"},
            "input": shape,
            "metrics": anything,
            "decision": anything,
            "thresholds": _list(_SHARE),
            "guard": _object({"action": _TEXT, "false_alarms": anything}),
            "licence": _TEXT,
            "intended_use": _TEXT,
            "versions": anything,
            "explains": {"type": "boolean"},
            "card": {"type": ["string", "null"]},
            "notice": _TEXT,
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
