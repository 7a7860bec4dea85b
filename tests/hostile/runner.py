"""Run commands on hostile files, each in a process of its own: ``python tests/hostile/runner.py``.

Reads one JSON object a line (`arguments`, `folder`, optional `nobody`) and answers with one (`code`,
`seconds`, `peak_mb`, `out`, `err`). The libraries are imported once; each command then runs in a fork with
1 GiB of address space beyond that import, with 60 seconds of processor time, without network, without
writing, without other programs.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1 << 30
LIMIT_S = 60
"""Of processor time: a busy machine is no fault of the file."""
WAIT_S = 300
"""A command that waits for something for ever is ended after this."""
FORBIDDEN = 99
"""Exit code where a command did what no reading of a file may do."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN_EVENTS = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "shutil.",
    "tempfile.",
    "ctypes.dlopen",
    "urllib.",
    "ftplib.",
    "http.",
)


def forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """End the process where it opens a socket, writes, or starts a program."""
    if event == "open":
        path, mode, flags = arguments
        written = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & WRITES
        if not written or path == os.devnull:
            return
    elif not event.startswith(FORBIDDEN_EVENTS):
        return
    os.write(2, f"FORBIDDEN {event} {arguments!r}\n".encode(errors="replace"))
    os._exit(FORBIDDEN)


def import_everything() -> None:
    """Import what the commands import when they run: who is nobody may not read where Python lies."""
    import importlib.readers  # noqa: F401

    import openpyxl  # noqa: F401
    import pandas as pd  # noqa: F401

    import curriplan.api.analyses
    import curriplan.api.plan_file
    import curriplan.api.review.resolve
    import curriplan.catalog.reading.workbook
    import curriplan.cli.app
    import curriplan.optimizer.solve.stages
    import curriplan.problem.checks  # noqa: F401


def warm_up() -> None:
    """Check `mini` as a folder and as a workbook: what is made once and kept, each fork then has already."""
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        book = str(Path(folder) / "mini.xlsx")
        codes = [_command(line) for line in (["convert", "mini", book], ["check", book, "--lang", "en"])]
    if any(codes):
        raise RuntimeError(f"mini was not understood: {codes}")


def _command(arguments: list[str]) -> int:
    from curriplan.cli.app import main

    try:
        main(args=arguments, prog_name="curriplan")
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def _child(request: dict[str, Any], out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(request["folder"])
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
    if request.get("nobody") and os.getuid() == 0:
        os.setuid(65534)
    sys.addaudithook(forbid)
    code = 1
    try:
        code = _command(request["arguments"])
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(child: int) -> tuple[int, Any]:
    deadline = time.monotonic() + WAIT_S
    while True:
        found, status, usage = os.wait4(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), usage
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            _, _, usage = os.wait4(child, 0)
            return -signal.SIGKILL, usage
        time.sleep(0.005)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Run one command and say what came of it."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        child = os.fork()
        if not child:
            _child(request, out.fileno(), err.fileno())
        code, usage = _wait(child)
        answer = {
            "code": code,
            "seconds": round(time.monotonic() - started, 2),
            "processor_s": round(usage.ru_utime + usage.ru_stime, 2),
            "peak_mb": usage.ru_maxrss // 1024,
        }
        for name, file in (("out", out), ("err", err)):
            file.seek(0)
            answer[name] = file.read().decode("utf-8", "replace")
    return answer


def main() -> None:
    """Answer requests until the input ends."""
    import_everything()
    warm_up()
    gc.freeze()  # else the collector of each fork copies every page of what all of them share
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
