"""The fixed words of the report: headings, columns, legends."""

from __future__ import annotations

from typing import Final

from qamtu.studies.session_report.words import Words

__all__ = ["LABELS", "labels"]

LABELS: Final = {
    "summary": "Summary",
    "area": "Area",
    "green": "green",
    "amber": "amber",
    "red": "red",
    "grey": "grey",
    "total": "All",
    "commitment": "Commitment",
    "light": "Light",
    "shown": "Shown or said",
    "asked": "Promised",
    "lights_caption": "Lights by area",
    "lights_legend": "Green: kept or on course. Amber: unsure. Red: late or off course. "
    "Grey: nothing shown, or no number promised.",
    "course_legend": "Filled dot: observed. Hollow dot: estimated. Cross: said only. Dashed line: "
    "planned, not achieved. Dotted line: target.",
    "differences": "What changed since the last report",
    "before": "Before",
    "now": "Now",
    "map": "Map",
    "unsupported": "What is not supported by evidence",
    "unsupported_intro": "For these commitments no accepted evidence exists. What was said about "
    "them stands in the report as said, not as shown.",
    "unsupported_none": "Accepted evidence exists for every commitment.",
    "contradictions": "What does not fit together",
    "contradictions_none": "No rule found a contradiction.",
    "overdue": "Overdue",
    "overdue_none": "Nothing is overdue.",
    "rule": "Rule",
    "severity": "Severity",
    "proof": "Proof",
    "how": "How to check a figure",
    "definitions": "Annex A. Definitions and denominators",
    "definition": "Definition",
    "numerator": "Counted",
    "denominator": "Of what",
    "note": "Note",
    "owner": "Responsible",
    "source": "Source",
    "evidence": "Annex B. Evidence behind the figures",
    "parameters": "Parameters",
    "files": "Files (SHA-256)",
    "provenance": "Comes from",
    "figure": "Figure file",
    "notes": "Notes",
    "contents": "Contents",
    "why": "Why this light",
    "marks": "Does not fit",
    "page": "Page",
    "made": "Made on",
    "back": "Back to the text",
    "skip": "To the content",
}
"""English texts by name."""


def labels(words: Words) -> dict[str, str]:
    """Translate the fixed words."""
    return {name: words.t(text) for name, text in LABELS.items()}
