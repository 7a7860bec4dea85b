"""``python -m curriplan`` is ``curriplan``."""

from __future__ import annotations

from curriplan.cli.entry import main

if __name__ == "__main__":
    main()
