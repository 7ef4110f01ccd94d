"""One answer in words and bars, as HTML; no Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tamiz.core.language import say
from tamiz.web.frame import escaped, notice_html

_BARS: Final = 8  # classes that are shown at once; the others fold away
_ALMOST: Final = 0.9995  # shown as '> 99.9 %': no model is certain


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of one image's answer.

    Attributes:
        name: of the image, as its sender has it.
        predicted: the class, or all labels; empty: none is given.
        shares: probability of each class.
        is_answered: False: the model keeps silent.
        is_multilabel: whether each class stands on its own.
        odd: why the image is unlike the training images; '': it is not, or nobody looked.
        withholds_odd: whether that is why there is no answer.
        limit: an answer needs this confidence; 0: none.
        thresholds: of classes that are answered from a probability on, by name.
    """

    name: str
    predicted: tuple[str, ...]
    shares: Mapping[str, float]
    is_answered: bool
    is_multilabel: bool = False
    odd: str = ""
    withholds_odd: bool = False
    limit: float = 0.0
    thresholds: Mapping[str, float] | None = None


def shown_of(told: Mapping[str, Any], **facts: Any) -> Shown:
    """Return what is shown of one of `Answers.told`'s answers.

    Args:
        told: path, predicted, probabilities, perhaps odd.
        facts: what the answer does not say itself (see `Shown`).
    """
    found = told["predicted"]
    labels = (found,) if isinstance(found, str) else tuple(found or ())
    return Shown(
        name=told["path"],
        predicted=labels,
        shares=told["probabilities"],
        is_answered=found is not None,
        odd=str(told.get("odd") or ""),
        **facts,
    )


def answer_html(one: Shown, meaning: str = "") -> str:
    """Return the answer: warnings first, the class, what it means, the bars.

    Args:
        one: the answer.
        meaning: what such an answer was worth in the test; '': nobody knows.
    """
    parts = [_warnings(one), _headline(one)]
    if meaning and one.is_answered:
        parts.append(f'<p class="tz-meaning">{escaped(meaning)}</p>')
    parts.append(_bars(one))
    label = escaped(say("web.answer_about", name=one.name))
    return f'<section class="tz-card tz-answer" aria-label="{label}">{"".join(parts)}</section>'


def percent(share: float) -> str:
    """Return a probability in percent; never a certainty."""
    if share >= _ALMOST:
        return "> 99.9 %"
    if 0 < share <= 1 - _ALMOST:
        return "< 0.1 %"
    return f"{100 * share:.1f} %"


def _warnings(one: Shown) -> str:
    made = ""
    if one.odd:
        key = "web.odd_withheld" if one.withholds_odd else "web.odd_warned"
        made += notice_html("warning", say("web.odd", reason=one.odd), say(key))
    if not one.is_answered and not (one.odd and one.withholds_odd):
        what = say("web.withheld", limit=percent(one.limit))
        made += notice_html("warning", what, say("web.withheld_advice"))
    return made


def _headline(one: Shown) -> str:
    name = f'<p class="tz-file">{escaped(one.name)}</p>'
    if not one.is_answered:
        return f'{name}<p class="tz-class tz-none">{escaped(say("web.no_answer"))}</p>'
    words = " + ".join(one.predicted) or say("multilabel.no_label")
    beside = ""
    if len(one.predicted) == 1:
        beside = f'<span class="tz-share">{escaped(percent(one.shares[one.predicted[0]]))}</span>'
    return f'{name}<p class="tz-class">{escaped(words)}{beside}</p>'


def _bars(one: Shown) -> str:
    ranked = sorted(one.shares.items(), key=lambda pair: -pair[1])
    first, rest = ranked[:_BARS], ranked[_BARS:]
    made = f'<div class="tz-bars">{_rows(one, first)}</div>'
    if rest:
        words = escaped(say("web.more_classes", n=len(rest)))
        made += f'<details class="tz-more"><summary>{words}</summary>'
        made += f'<div class="tz-bars">{_rows(one, rest)}</div></details>'
    return made


def _rows(one: Shown, pairs: Sequence[tuple[str, float]]) -> str:
    return "".join(_row(one, name, share) for name, share in pairs)


def _row(one: Shown, name: str, share: float) -> str:
    is_answer = one.is_answered and name in one.predicted
    threshold = (one.thresholds or {}).get(name)
    mark = ""
    if threshold is not None:
        words = escaped(say("web.threshold", value=percent(threshold)))
        mark = f'<i class="tz-limit" style="left:{100 * threshold:.2f}%" title="{words}"></i>'
    return (
        f'<div class="tz-row{" tz-on" if is_answer else ""}">'
        f'<span class="tz-name">{escaped(name)}</span>'
        f'<span class="tz-rail" aria-hidden="true"><b style="width:{100 * share:.2f}%"></b>{mark}'
        f'</span><span class="tz-value">{escaped(percent(share))}</span></div>'
    )
