"""``python -m curriplan`` is ``curriplan``."""

from curriplan.cli import main

if __name__ == "__main__":
    main(prog_name="curriplan")
