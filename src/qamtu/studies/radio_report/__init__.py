"""The pages of the radio studies: corridors, mobile and coverage, each one self-contained file.

What enters is a study's tables, its summary, its rasters where it has some, and the tables of
the country's pack. What leaves is one HTML file with map, figures, tables and proof in English,
Russian and Kazakh that asks nothing of a network.
"""

from qamtu.studies.radio_report.corridors import write_corridors_report
from qamtu.studies.radio_report.coverage import write_coverage_report
from qamtu.studies.radio_report.mobile import write_mobile_report

__all__ = ["write_corridors_report", "write_coverage_report", "write_mobile_report"]
