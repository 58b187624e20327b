"""The page of a plan: one self-contained HTML file with a map, in English, Russian and Kazakh."""

from qamtu.studies.report.page import write_report

__all__ = ["write_report"]
