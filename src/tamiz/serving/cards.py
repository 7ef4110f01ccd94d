"""A model's card in the reader's language, where the run that made it is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tamiz.core.errors import TamizError
from tamiz.data.run_folder import Run
from tamiz.rendering.markdown import render_markdown
from tamiz.serving.telling import card_words
from tamiz.stages.card import model_card
from tamiz.stages.run_facts import gather_facts

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


def card_text(model: str, bundle: Bundle, identity: str) -> str:
    """Return the model's card as Markdown.

    A model that still lies in the run that made it has its card written anew, in the language in
    use; any other brings the one that was written then (see `telling.card_words`).

    Args:
        model: folder that it was loaded from, of the model or of its run; or a network's name.
        bundle: the model.
        identity: of its weights.
    """
    folder = Path(model)
    for place in (folder, folder.absolute().parent):
        if (place / "run.json").is_file():
            try:
                run = Run(place)
                return render_markdown(model_card(gather_facts(run.recipe(), run)))
            except TamizError:
                break
    return card_words(model, bundle, identity)
