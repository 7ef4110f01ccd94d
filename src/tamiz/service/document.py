"""The OpenAPI document, in the reader's language: every call with examples and all its refusals."""

from __future__ import annotations

from typing import Any, Final

from tamiz import __version__
from tamiz.core.language import LANGUAGES, say
from tamiz.service.asking import MOST_TOP, PICTURE_PX
from tamiz.service.document_schemas import EXAMPLES, schemas
from tamiz.service.settings import Settings

_JSON: Final = "application/json"
# What the border may answer to every call, and what to each call besides.
_ALWAYS: Final = (405, 421, 500)
_GUARDED: Final = (401,)
_QUERY: Final = (422,)
_UPLOAD: Final = (400, 401, 403, 408, 413, 415, 422, 503, 504, 507)
_TAGS: Final = {"/v1/predict": "model", "/v1/explain": "model", "/v1/model": "model"}


def document(settings: Settings) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a service so started."""
    has_token = bool(settings.token)
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "tamiz",
            "version": __version__,
            "description": f"{say('service.about')} {say('service.notice')}",
        },
        "paths": {
            "/v1/predict": {"post": _predict(settings)},
            "/v1/explain": {"post": _explain(settings)},
            "/v1/model": {"get": _model()},
            "/healthz": {"get": _state("alive", ())},
            "/readyz": {"get": _state("ready", (503,))},
            "/metrics": {"get": _metrics()},
        },
        "components": {"schemas": schemas()},
    }
    if has_token:
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path in ("/v1/predict", "/v1/explain", "/v1/model", "/metrics"):
            for call in made["paths"][path].values():
                call["security"] = [{"token": []}]
    return made


def _predict(settings: Settings) -> dict[str, Any]:
    top = {"type": "integer", "minimum": 1, "maximum": MOST_TOP, "default": 1}
    return {
        "operationId": "predict",
        "summary": say("service.call_predict"),
        "description": say("service.about_predict", limit_mib=settings.max_upload_mib),
        "parameters": [_parameter("top", top, "service.query_top"), _language()],
        "requestBody": _form(most_files=100),
        "responses": _responses("Answers", _UPLOAD),
    }


def _explain(settings: Settings) -> dict[str, Any]:
    size = {"type": "integer", "minimum": PICTURE_PX[0], "maximum": PICTURE_PX[1], "default": 512}
    answers = _responses("Explanation", _UPLOAD)
    answers["200"]["content"]["image/png"] = {"schema": {"type": "string", "format": "binary"}}
    return {
        "operationId": "explain",
        "summary": say("service.call_explain"),
        "description": say("service.about_explain", limit_mib=settings.max_upload_mib),
        "parameters": [
            _parameter("as", {"enum": ["json", "png"], "default": "json"}, "service.query_as"),
            _parameter("image", {"type": "string"}, "service.query_image"),
            _parameter("method", {"type": "string"}, "service.query_method"),
            _parameter("class", {"type": "string"}, "service.query_class"),
            _parameter("size", size, "service.query_size"),
            _language(),
        ],
        "requestBody": _form(most_files=1),
        "responses": answers,
    }


def _model() -> dict[str, Any]:
    return {
        "operationId": "model",
        "summary": say("service.call_model"),
        "parameters": [_language()],
        "responses": _responses("Model", _GUARDED + _QUERY),
    }


def _state(word: str, refusals: tuple[int, ...]) -> dict[str, Any]:
    return {
        "operationId": word,
        "summary": say(f"service.call_{word}"),
        "responses": _responses("State", refusals),
    }


def _metrics() -> dict[str, Any]:
    answers = _responses("State", _GUARDED)
    answers["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
    summary = say("service.call_metrics")
    return {"operationId": "metrics", "summary": summary, "responses": answers}


def _responses(schema: str, refusals: tuple[int, ...]) -> dict[str, Any]:
    """Return the answer that holds `schema`, and the refusals."""
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    if schema in EXAMPLES:
        content["example"] = EXAMPLES[schema]
    made: dict[str, Any] = {
        "200": {"description": say("service.status_200"), "content": {_JSON: content}}
    }
    for status in sorted({*refusals, *_ALWAYS}):
        schema_of_error = {"$ref": "#/components/schemas/Error"}
        words = say(f"service.status_{status}")
        made[str(status)] = {
            "description": words,
            "content": {_JSON: {"schema": schema_of_error, "example": _refusal(words)}},
        }
        header = {401: "WWW-Authenticate", 405: "Allow"}.get(status)
        if header:
            made[str(status)]["headers"] = {header: {"schema": {"type": "string"}}}
    if 503 in refusals and schema != "State":
        seconds = {"type": "integer", "minimum": 1}
        made["503"]["headers"] = {
            "Retry-After": {"schema": seconds, "description": say("service.retry_after")}
        }
    return made


def _refusal(words: str) -> dict[str, Any]:
    facts = {"what": words, "where": "", "how_to_mend": "...", "request_id": "1f8a0c2e"}
    return {"error": facts}


def _form(most_files: int) -> dict[str, Any]:
    one = {"type": "string", "format": "binary"}
    files: dict[str, Any] = {"type": "array", "items": one, "minItems": 1, "maxItems": most_files}
    if most_files == 1:
        files = one
    schema = {
        "type": "object",
        "properties": {"file": files},
        "required": ["file"],
        "additionalProperties": False,
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _parameter(name: str, schema: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": say(key),
    }


def _language() -> dict[str, Any]:
    return _parameter("language", {"enum": list(LANGUAGES)}, "service.query_language")
