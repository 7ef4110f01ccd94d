"""The OpenAPI document says what is so: every call, every refusal, in both languages."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.faces.service_parts import asked, files_of

from tamiz.service.application import application
from tamiz.service.document import document
from tamiz.service.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
    negative_data_rejection,
]
CALLS = [
    ("POST", "/v1/predict"),
    ("POST", "/v1/explain"),
    ("GET", "/v1/model"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
]


@pytest.fixture(scope="module")
def served(answerer):
    with asked(answerer, allow_hosts=("testserver",), max_upload_mib=1) as (client, calls):
        schema = schemathesis.openapi.from_asgi("/openapi.json", application(calls))
        yield client, calls, schema


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_whatever_is_sent_the_answer_is_one_that_the_document_names(served, mode, method, path):
    _, _, schema = served
    operation = schema[path][method]
    n = 20 if method == "POST" else 3

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=n, phases=[Phase.generate], database=None)
    def check(case) -> None:
        case.call_and_validate(checks=CHECKS)

    if mode is GenerationMode.NEGATIVE and path in {"/healthz", "/readyz", "/metrics"}:
        return  # these take nothing that could be wrong
    check()


def test_real_answers_have_the_shape_that_the_document_gives_them(served, photos):
    client, _, schema = served
    files = files_of(*sorted(photos.iterdir())[:2])
    for path, sent in (("/v1/predict?top=2", files), ("/v1/explain", files[:1])):
        answer = client.post(path, files=sent)
        assert answer.status_code == 200
        schema[path.partition("?")[0]]["POST"].validate_response(answer)
    schema["/v1/model"]["GET"].validate_response(client.get("/v1/model"))


def test_every_call_is_in_the_document_and_every_entry_of_it_is_a_call(served):
    _, calls, _ = served
    named = {
        (method.upper(), path)
        for path, entry in document(calls.settings)["paths"].items()
        for method in entry
    }
    assert named == set(CALLS) == set(calls.handlers) - {("GET", "/")}


def test_the_document_is_told_in_the_language_of_its_reader(served):
    client, _, _ = served
    spanish = client.get("/openapi.json", headers={"Accept-Language": "es"}).json()
    english = client.get("/openapi.json").json()
    assert spanish["paths"]["/v1/predict"]["post"]["summary"] == "Clasificar imágenes"
    assert english["paths"]["/v1/predict"]["post"]["summary"] == "Classify images"
    for entry in english["paths"].values():
        for call in entry.values():
            assert call["responses"]["200"]["content"]


def test_the_token_is_in_the_document_where_one_is_needed():
    plain = document(Settings("model"))
    guarded = document(Settings("model", token="0123456789abcdef"))  # noqa: S106
    assert "security" not in plain["paths"]["/v1/predict"]["post"]
    assert guarded["paths"]["/v1/predict"]["post"]["security"] == [{"token": []}]
    assert "security" not in guarded["paths"]["/healthz"]["get"]
