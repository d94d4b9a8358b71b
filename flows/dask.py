"""Dask for `process`: where page tasks run when a cluster is named. Only importer of prefect_dask and distributed.

A file's bytes are a value of the cluster: the scheduler has them, each machine fetches them once, and they are made
again when the machine that had them dies. So is a page under way: Dask runs it again elsewhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ocr.errors import ClusterBroken

_CONNECT_SECONDS = 30
_MISSING = "pip install 'scanledger[dask]', here and on all machines of the cluster."


def task_runner(address: str) -> Any:
    """Prefect's runner for the cluster of this scheduler. Raises ClusterBroken where Dask is not installed."""
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        raise ClusterBroken(f"Dask is not installed: {error}", remedy=_MISSING) from error
    warnings.filterwarnings("ignore", message="Sending large graph")
    return DaskTaskRunner(address=address, client_kwargs={"timeout": _CONNECT_SECONDS})


def n_threads(address: str) -> int:
    """Pages that the cluster can read at a time, now. Raises ClusterBroken when it does not answer, or has no worker."""
    with cluster_errors(address):
        import distributed

        with distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
            return sum(client.nthreads().values())


def spread(client: Any, make: Callable[..., Any], *arguments: Any) -> Any:
    """What ``make`` gives, as a value of the cluster; a future that goes to tasks in its place."""
    return client.submit(make, *arguments)


@contextmanager
def cluster_errors(address: str) -> Iterator[None]:
    """What a cluster raises by its own fault becomes ClusterBroken."""
    try:
        from distributed import CancelledError, KilledWorker
    except ImportError as error:
        raise ClusterBroken(f"Dask is not installed: {error}", remedy=_MISSING) from error
    try:
        yield
    except (KilledWorker, CancelledError, TimeoutError, OSError) as error:
        raise ClusterBroken(f"the cluster of {address} failed: {type(error).__name__}: {error}") from error
