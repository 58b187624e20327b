"""Where tasks run: in this process, in others beside it, or on a Dask cluster.

The answer is the same wherever they run: tasks are pure and come back in their order.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import resource_tracker
from typing import Any

from qamtu.connectivity.villages.divide import Mapper
from qamtu.core.errors import InputError, QamtuError
from qamtu.core.findings import Finding, Severity
from qamtu.optimise.steiner import warm

__all__ = ["mapping"]


@contextmanager
def mapping(
    scheduler: str = "processes",
    workers: int | None = None,
    wake: Callable[[], None] | None = None,
) -> Iterator[Mapper]:
    """Give a mapper for as long as the block lasts.

    Parameters
    ----------
    scheduler
        ``serial``, ``processes`` or the address of a Dask scheduler (``tcp://host:port``).
    workers
        Processes to start; as many as there are processors where None.
    wake
        Loads and compiles what the tasks need, so that it is not taken from their time limits;
        a function of a module. What the plan needs where None.

    Raises
    ------
    InputError
        If the scheduler or the number of workers makes no sense, the ``cluster`` extra is not
        installed, no cluster answers at the address, or its workers lack qamtu.
    QamtuError
        If a process dies, for want of memory most often.
    """
    if workers is not None and workers < 1:
        mend = "give 1 or more, or leave it out for all processors"
        raise _unusable("workers", f"{workers} processes cannot work", mend)
    wake = _wake if wake is None else wake
    if scheduler == "serial":
        wake()
        yield map
    elif scheduler == "processes":
        count = workers or _processors()
        if count == 1:
            wake()
            yield map
            return
        with _processes(count, wake) as pool:
            yield lambda function, tasks: _in_processes(pool, function, tasks)
    elif "://" in scheduler:
        client = _connect(scheduler)
        try:
            _wake_cluster(client, wake)
            yield lambda function, tasks: _on_cluster(client, function, tasks)
        finally:
            client.close()
    else:
        mend = "give serial, processes or an address such as tcp://host:8786"
        raise _unusable("scheduler", f"{scheduler}: this scheduler is not known", mend)


def _processors() -> int:
    """Count the processors that this process may use, where the system tells."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


@contextmanager
def _processes(count: int, wake: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
    """Give a pool whose processes are killed, whatever they do, if the block raises.

    Ctrl-C is a matter of this process alone: the others are started with it blocked.
    """
    resource_tracker.ensure_running()  # it would lift the block
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_stay_with_parent) as pool:
        try:
            blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                for _ in range(count):  # start them now, while the caller still reads its data
                    pool.submit(wake)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            yield pool
        except BaseException:
            for process in set(multiprocessing.active_children()) - before:
                process.kill()
            raise


def _stay_with_parent() -> None:
    """Leave when the process that started this one is gone, even if it was killed."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _wake() -> None:
    """Load and compile what the tasks of a plan need."""
    import_module("qamtu.connectivity.villages")
    warm()


def _in_processes(
    pool: ProcessPoolExecutor, function: Callable[[Any], Any], tasks: Iterable[Any]
) -> Iterator[Any]:
    try:
        for future in [pool.submit(function, task) for task in tasks]:
            yield future.result()
    except BrokenProcessPool as error:
        msg = (
            "a process that solved a part of the plan died, for want of memory most often; "
            "try fewer (--workers 1) or a machine with more memory"
        )
        raise QamtuError(msg) from error


def _connect(address: str) -> Any:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        mend = "install it with: pip install 'qamtu[cluster]'"
        what = f"{address}: dask.distributed is not installed"
        raise _unusable("scheduler", what, mend) from error
    try:
        return distributed.Client(address, timeout="10s")
    except (OSError, TimeoutError, ValueError) as error:
        mend = "start one (dask scheduler, dask worker) or check the address"
        what = f"{address}: no Dask scheduler answers"
        raise _unusable("scheduler", what, mend) from error


def _wake_cluster(client: Any, wake: Callable[[], None]) -> None:
    try:
        client.run(wake)
    except ModuleNotFoundError as error:
        mend = "install the same version of qamtu on every worker"
        raise _unusable("scheduler", f"a worker of the cluster says: {error}", mend) from error


def _on_cluster(client: Any, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
    futures = client.map(function, list(tasks), pure=False)
    try:
        for future in futures:
            yield future.result()
    except import_module("distributed").KilledWorker as error:
        msg = f"a worker of the cluster died, for want of memory most often: {error}"
        raise QamtuError(msg) from error
    except BaseException:
        client.cancel(futures)
        raise


def _unusable(field: str, what: str, mend: str) -> InputError:
    finding = Finding(field, Severity.ERROR, what, mend, "settings", None, field)
    return InputError("the tasks cannot be mapped", [finding])
