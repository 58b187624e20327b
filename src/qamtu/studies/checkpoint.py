"""What a run has solved is kept beside its results, so that a stopped run goes on from there.

Every finished task is one JSON file, named by the digest of what it was asked. The same
question finds its answer; any other question, also after a change of data or code version,
does not. Files are written whole or not at all; the folder goes when the run ends well.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from qamtu import __version__
from qamtu.connectivity.villages.divide import Mapper
from qamtu.connectivity.villages.formulation import Choice
from qamtu.core.errors import InputError, StorageFailure
from qamtu.core.files import write_text
from qamtu.core.progress import Report, Stage

__all__ = ["remembering"]


@contextmanager
def remembering(mapper: Mapper, target: Path, report: Report) -> Iterator[Mapper]:
    """Give a mapper that keeps every answer until the block ends well.

    Parameters
    ----------
    mapper
        Where tasks run; answers are kept as they come.
    target
        The results' folder; the store stands beside it as ``.NAME.resume``.
    report
        Is told when answers of an earlier run are taken up.
    """
    folder = target.with_name(f".{target.name}.resume")

    def kept(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterable[Any]:
        listed = list(tasks)
        paths = [folder / f"{_digest(function, task)}.json" for task in listed]
        known = {i: _read(path) for i, path in enumerate(paths) if path.is_file()}
        known = {i: answer for i, answer in known.items() if answer is not None}
        if known:
            report(Stage("taking up a stopped run", 1.0, f"{len(known)} answers of {len(listed)}"))
        missing = [i for i in range(len(listed)) if i not in known]
        for i, answer in zip(missing, mapper(function, [listed[i] for i in missing]), strict=True):
            known[i] = answer
            with suppress(StorageFailure):  # a full disk is said when the results are written
                write_text(paths[i], json.dumps(_plain(answer)))
        return [known[i] for i in range(len(listed))]

    try:
        yield kept
    except InputError:  # asked again, it would end the same way
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _digest(function: Callable[[Any], Any], task: Any) -> str:
    return hashlib.sha256(
        __version__.encode() + pickle.dumps((function, task), protocol=5)
    ).hexdigest()[:40]


def _read(path: Path) -> Any:
    """Read an answer; one that cannot be read is solved again."""
    try:
        return _rich(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _plain(value: Any) -> Any:
    """Write an answer in what JSON knows: arrays, tuples and choices are tagged."""
    if isinstance(value, Choice):
        return {"choice": _plain(asdict(value))}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": value.dtype.str}
    if isinstance(value, tuple):
        return {"tuple": [_plain(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": {key: _plain(item) for key, item in value.items()}}
    return value.item() if isinstance(value, np.generic) else value


def _rich(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "choice" in value:
        return Choice(**_rich(value["choice"]))
    if "array" in value:
        return np.array(value["array"], dtype=np.dtype(value["dtype"]))
    if "tuple" in value:
        return tuple(_rich(item) for item in value["tuple"])
    return {key: _rich(item) for key, item in value["dict"].items()}
