"""A network to begin with: the bundled example, as files of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from curriplan.catalog.network.read import read_network
from curriplan.catalog.network.records import Network
from curriplan.catalog.reading.bundled import bundled_root
from curriplan.catalog.saving.folder import check_folder, replacing_folder

EXAMPLE_NETWORK = "mini-network"


def init_network(path: Path, *, force: bool) -> Network:
    """Write the example network into a folder that is empty or does not exist yet, and return it.

    Parameters
    ----------
    force : bool
        Whether a catalog may be replaced; a network never is.

    Raises
    ------
    CurriplanError
        For a folder with anything in it, or one that cannot be written.
    """
    check_folder(path, force=force)
    with replacing_folder(path) as new:
        shutil.copytree(bundled_root() / EXAMPLE_NETWORK, new, dirs_exist_ok=True)
    return read_network(bundled_root() / EXAMPLE_NETWORK)
