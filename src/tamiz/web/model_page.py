"""The pages of a served model: the one that answers, and its card."""

from __future__ import annotations

from tamiz.serving.cards import card_text
from tamiz.web.card_view import card_html
from tamiz.web.frame import html
from tamiz.web.opened import Page
from tamiz.web.recognise import show_recognise
from tamiz.web.served import served


def pages_of_model() -> tuple[Page, ...]:
    """Return the pages, the one that opens first."""
    return (
        Page("recognise", "web.page_recognise", ":material/search:", show_recognise),
        Page("model", "web.page_model", ":material/description:", show_model),
    )


def show_model() -> None:
    """Draw the model's card: what it is, its data, its test figures with intervals, its limits."""
    one = served()
    html(card_html(card_text(one.model, one.answerer.bundle, one.answerer.identity)))
