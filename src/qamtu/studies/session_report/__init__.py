"""The report to a session of the Government: a board enters, with a map and proofs if there are.

Every sentence with a figure is made from the board and carries a note to its evidence; what is
planned is never shown as achieved. A page, a print (PDF/UA-1), their data and figure files leave.
"""

from qamtu.studies.session_report.document import Country
from qamtu.studies.session_report.make import ReportFiles, make_report
from qamtu.studies.session_report.notes import Proofs, figure_name
from qamtu.studies.session_report.plan_map import map_of_plan
from qamtu.studies.session_report.region_map import MapData
from qamtu.studies.session_report.words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Country",
    "MapData",
    "Proofs",
    "ReportFiles",
    "figure_name",
    "make_report",
    "map_of_plan",
]
