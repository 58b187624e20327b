"""The files of a plan: GeoPackage with styles, GeoParquet, CSV and summary.json."""

from qamtu.studies.output.folder import write_plan_files

__all__ = ["write_plan_files"]
