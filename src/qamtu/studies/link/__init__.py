"""One radio link between two points: profile, clearance, losses, microwave budget, picture.

What enters are two ends, antenna heights and a frequency; the terrain comes from a country pack
and the user's rasters. What leaves is a folder that an engineer can read and hand on.
"""

from qamtu.studies.link.request import LANGUAGES, MODELS, LinkRequest, check_request
from qamtu.studies.link.study import LinkResult, make_link

__all__ = ["LANGUAGES", "MODELS", "LinkRequest", "LinkResult", "check_request", "make_link"]
