"""Downloads of what is published: one address a format."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Response

from qamtu.programme.exchange import MEDIA, Format, Heading, join_files, write_files
from qamtu.service.database.engine import reading
from qamtu.service.exchange.gather import published
from qamtu.service.log import repository as log
from qamtu.service.pages.country import country
from qamtu.service.state import State, state_of

__all__ = ["router"]

router = APIRouter(tags=["exchange"])

Running = Annotated[State, Depends(state_of)]
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "One file, or a ZIP archive of several",
        "content": {media.partition(";")[0]: {} for media in MEDIA.values()},
    },
    304: {"description": "The reader has it already"},
}
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@router.get("/api/v1/exchange/{form}", response_class=Response, responses=_ANSWERS)
def download(
    form: Format, state: Running, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """Give what is published: commitments, claims and accepted evidence.

    CSV, Parquet and SDMX are ZIP archives of several files, IATI is one XML document. The moment
    in the headers is that of the newest record, so that the same records give the same bytes.
    """
    with reading(state.sessions) as session:
        tag = f'"{log.size(session)}-{form}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache"}
    if tag in {one.strip().removeprefix("W/") for one in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    bundle = published(state)
    place = country(state.settings.pack)
    heading = Heading(place.code.upper(), f"{place.code.upper()}-GOV", dict(place.name))
    learned = [one.learned_at for one in (*bundle.claims, *bundle.evidence)]
    learned += [one.learned_at for one in bundle.commitments]
    written = write_files(bundle, form, heading, max(learned, default=_EPOCH))
    if len(written.files) == 1:
        ((name, content),) = written.files.items()
    else:
        name, content = f"programme-{form}.zip", join_files(written.files)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(content, headers=headers, media_type=MEDIA[PurePosixPath(name).suffix])
