"""Where next in words: whom the best choice reaches, and what its conditions cost."""

from __future__ import annotations

from answers import format as fmt
from answers.pilots.sites import Answer, Ask
from answers.words import t, tn


def sentence(found: Answer, ask: Ask) -> str:
    """Say whom the best choice reaches."""
    said = {
        "k": fmt.number(ask.k),
        "within": fmt.number(ask.within),
        "added": fmt.number(found.now - found.before),
        "before": fmt.percent(100 * found.before / found.total if found.total else None),
        "now": fmt.percent(100 * found.now / found.total if found.total else None),
    }
    text = tn("pilots.next.sentence", ask.k, **said)
    if ask.goal == "near":
        text += " " + t("pilots.next.mean", km=fmt.number(found.siting.mean_distance, 1))
    if found.siting.gap > 1e-4:
        text += " " + t("pilots.next.not_proven")
    return text


def condition_cost(found: Answer, ask: Ask) -> str:
    """Say what choosing among ready stations only costs, or what the chosen ones still lack."""
    lost = found.unrestricted - found.now
    if ask.ready_only:
        return t("pilots.next.price", lost=fmt.number(max(lost, 0.0)))
    lacking = int((found.chosen["state"] != "ready").fillna(True).sum())
    return tn("pilots.next.lacking", lacking, n=fmt.number(lacking), k=fmt.number(ask.k))
