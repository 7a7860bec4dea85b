"""Other solvers on the models of the stages, with the same gap, limit, start and one thread.

    python benchmarks/speed_peers.py record CATALOG FOLDER LIMIT     write the models of the stages
    python benchmarks/speed_peers.py solve PEER FOLDER LIMIT         solve them

A stage may take several models (a value that is held only once it is broken); a peer gets them all. Our time
is that of the stage within `optimize`, with all that is done beside the solver; that of a peer is of solving
alone, without reading the file. What is not proven within the limit counts at the limit, for all alike.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

from speed_parts import BEST_CLOSURE, STAGE, tell_stages, wrap
from speed_runs import PROVEN_GAP, Measured, Side, run

LEAST_S = 0.01
"""Less is taken for this: no ratio shall hang on the clock."""


@dataclass(frozen=True)
class Solved:
    """What a peer made of a model: processor seconds, whether proven, and its value."""

    seconds: float
    is_proven: bool
    value: float | None


def solve_with_highs(model: Path, start: Sequence[float] | None, limit_s: float) -> Solved:
    """Solve with HiGHS as it is: every option at its default but threads, gap and limit."""
    import highspy  # noqa: PLC0415 - each peer loads its own library and no other

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", PROVEN_GAP)
    highs.readModel(str(model))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        highs.setSolution(known)
    began_s = process_time()
    highs.cbMipInterrupt += lambda event: event.interrupt() if process_time() - began_s > limit_s else None
    highs.run()
    seconds, info = process_time() - began_s, highs.getInfo()
    is_proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Solved(seconds, is_proven, info.objective_function_value)


def solve_with_scip(model: Path, start: Sequence[float] | None, limit_s: float) -> Solved:
    """Solve with SCIP; its limit is one of processor time."""
    import pyscipopt  # noqa: PLC0415

    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.setParams({"limits/time": limit_s, "timing/clocktype": 1, "limits/gap": PROVEN_GAP, **SCIP_TUNED})
    scip.readProblem(str(model))
    if start is not None:
        known = scip.createSol()
        for variable in scip.getVars():
            scip.setSolVal(known, variable, start[int(variable.name[1:])])
        scip.addSol(known)
    began_s = process_time()
    scip.optimize()
    is_proven = scip.getStatus() in ("optimal", "gaplimit")
    return Solved(process_time() - began_s, is_proven, scip.getObjVal() if scip.getNSols() else None)


def solve_with_cbc(model: Path, start: Sequence[float] | None, limit_s: float) -> Solved:
    """Solve with the CBC that PuLP carries, as its own program; it says itself how long it took."""
    from pulp.apis import coin_api  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "start.txt"
        options = ["-sec", str(limit_s), "-timeMode", "cpu", "-ratio", str(PROVEN_GAP), *CBC_TUNED]
        if start is not None:
            rows = (f"{place} c{place} {value!r} 0" for place, value in enumerate(start) if value)
            known.write_text("\n".join(["Stopped on time - objective value 0", *rows]) + "\n")
            options += ["-mips", str(known)]
        command = [str(coin_api.pulp_cbc_path), str(model.resolve()), *options, "-solve"]
        said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder).stdout
    value = re.search(r"Objective value:\s+(\S+)", said)
    (seconds,) = re.findall(r"Total time \(CPU seconds\):\s+(\S+)", said)[-1:] or [limit_s]
    return Solved(
        float(seconds), "Result - Optimal solution found" in said, float(value[1]) if value else None
    )


SCIP_TUNED: dict[str, Any] = {}
CBC_TUNED: tuple[str, ...] = ()
PEERS: dict[str, Callable[[Path, Sequence[float] | None, float], Solved]] = {
    "highs": solve_with_highs,
    "cbc": solve_with_cbc,
    "scip": solve_with_scip,
}


def lacking() -> dict[str, str]:
    """Return the peers that cannot be run here, each with the reason."""
    found = {}
    for peer, package in (("scip", "pyscipopt"),):
        done = subprocess.run(
            [sys.executable, "-c", f"import {package}"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = done.stderr.strip().splitlines()[-1]
            found[peer] = f"{reason}; pip install -e .[benchmarks]"
    return found


class Recorder:
    """Writes each model that the stages solve, with the plan that it starts from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waiting: list[str] = []
        self.stages: list[tuple[str, list[str]]] = []

    def recorded(self, solve: Callable[..., Any]) -> Callable[..., Any]:
        """Return a solver that writes the model before it solves it, but not a look that fell short."""

        def call(session: Any, options: Any) -> Any:
            name = f"{sum(len(names) for _, names in self.stages) + len(self.waiting):02}"
            session.highs.writeModel(str(self.folder / f"{name}.mps"))
            start = None if options.start is None else list(options.start)
            (self.folder / f"{name}.json").write_text(json.dumps(start), encoding="utf-8")
            found = solve(session, options)
            if options.most_nodes is None or found.outcome.value == "optimal":
                self.waiting.append(name)
            return found

        return call

    def ended_by_itself(self, solve: Callable[..., Any]) -> Callable[..., Any]:
        """Return what finds the cost at the best closure, as a stage of its own."""

        def call(*arguments: Any) -> Any:
            found = solve(*arguments)
            self.end(BEST_CLOSURE)
            return found

        return call

    def end(self, stage: str) -> None:
        """Give the models since the last end to this stage."""
        if self.waiting:
            self.stages.append((stage, self.waiting))
        self.waiting = []


def record(catalog: Path, folder: Path, limit_s: float) -> None:
    """Plan a catalog as `optimize` does, and write the models of the stages and which they are."""
    from curriplan.catalog.reading.read import read_catalog  # noqa: PLC0415
    from curriplan.optimizer.solve import solver, stages  # noqa: PLC0415
    from curriplan.problem.problem import Problem  # noqa: PLC0415

    problem = Problem.of(read_catalog(catalog).require())
    recorder = Recorder(folder)
    solver.SOLVE["highs"] = recorder.recorded(solver.SOLVE["highs"])
    tell_stages(recorder.end)
    wrap(BEST_CLOSURE, recorder.ended_by_itself)
    stages.solve(problem, time_limit_s=limit_s)
    (folder / "stages.json").write_text(json.dumps(recorder.stages), encoding="utf-8")


@dataclass
class Compared:
    """The time of a stage, ours and that of each peer, in processor seconds within the limit."""

    instance: str
    stage: str
    ours: Solved
    peers: dict[str, Solved] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Return what stands in the JSON."""
        return asdict(self)


def compare(
    instances: Sequence[tuple[str, Path, Measured]],
    side: Side,
    folder: Path,
    limit_s: float,
    plan_limit_s: float,
) -> tuple[list[Compared], list[str]]:
    """Let every peer solve the models of the stages of every catalog, beside our run; say who is missing."""
    missing = lacking()
    peers = [name for name in PEERS if name not in missing]
    found = []
    for name, catalog, ours in instances:
        models = folder / f"{name}-models"
        models.mkdir()
        script = [sys.executable, __file__]
        ended = run([*script, "record", str(catalog), str(models), str(plan_limit_s)], side.environment)
        if ended.code:
            raise SystemExit(f"The models of {name} were not recorded: {ended.errors.strip()[-300:]}")
        solved = {peer: _solved(peer, models, limit_s) for peer in peers}
        for stage, files in json.loads((models / "stages.json").read_text(encoding="utf-8")):
            part = BEST_CLOSURE if stage == BEST_CLOSURE else STAGE + stage
            own = Solved(ours.parts.get(part, 0.0), stage not in ours.state.split(), ours.values.get(stage))
            one = Compared(name, stage, _limited(own, limit_s))
            for peer, by_model in solved.items():
                each = [by_model.get(file, Solved(limit_s, False, None)) for file in files]
                seconds, is_proven = sum(part.seconds for part in each), all(part.is_proven for part in each)
                one.peers[peer] = _limited(Solved(seconds, is_proven, each[-1].value), limit_s)
            found.append(one)
            print("  ".join(_row(one, peers)), file=sys.stderr, flush=True)
    notes = [f"Peers: one thread, gap {PROVEN_GAP:g}, {limit_s:g} s a stage, from the same plan."]
    notes += [f"Left out: {peer} ({reason})." for peer, reason in missing.items()]
    return found, notes


def _solved(peer: str, models: Path, limit_s: float) -> dict[str, Solved]:
    """Let a peer solve all models in a folder; where it fails, what it has not said is not there."""
    said = run([sys.executable, __file__, "solve", peer, str(models), str(limit_s)]).output
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return {line.pop("model"): Solved(**line) for line in lines}


def _limited(one: Solved, limit_s: float) -> Solved:
    is_proven = one.is_proven and one.seconds <= limit_s
    return Solved(max(LEAST_S, one.seconds) if is_proven else limit_s, is_proven, one.value)


def means(found: Sequence[Compared]) -> dict[str, float]:
    """Return of each peer the geometric mean, over instances, of its time for all stages to ours."""
    instances = dict.fromkeys(one.instance for one in found)
    logarithms: dict[str, list[float]] = {}
    for instance in instances:
        stages = [one for one in found if one.instance == instance]
        ours_s = sum(one.ours.seconds for one in stages)
        for peer in stages[0].peers:
            peer_s = sum(one.peers[peer].seconds for one in stages)
            logarithms.setdefault(peer, []).append(math.log(peer_s / ours_s))
    return {peer: math.exp(sum(each) / len(each)) for peer, each in logarithms.items()}


def table(found: Sequence[Compared]) -> tuple[list[str], list[list[str]]]:
    """Return head and rows: the time of each stage, and the means."""
    peers = list(found[0].peers)
    rows = [_row(one, peers) for one in found]
    mean = means(found)
    rows.append(["geometric mean to ours, all stages", "", *(f"{mean[peer]:.2f}" for peer in peers), ""])
    return ["model", "ours", *peers, "not proven"], rows


def _row(one: Compared, peers: Sequence[str]) -> list[str]:
    short = [name for name, each in (("ours", one.ours), *one.peers.items()) if not each.is_proven]
    times = (each.seconds for each in (one.ours, *(one.peers[peer] for peer in peers)))
    words = [*short, *(["optima differ"] if _differ(one) else [])]
    return [f"{one.instance}: {one.stage}", *(f"{seconds:.2f}" for seconds in times), ", ".join(words)]


def _differ(one: Compared) -> bool:
    """Say whether two peers claim to have proven values that are further apart than the gap allows."""
    proven = [each.value for each in one.peers.values() if each.is_proven and each.value is not None]
    return bool(proven) and max(proven) - min(proven) > 2 * PROVEN_GAP * max(1.0, *map(abs, proven))


def main(task: str, *arguments: str) -> None:
    if task == "record":
        record(Path(arguments[0]), Path(arguments[1]), float(arguments[2]))
        return
    peer, folder, limit_s = arguments[0], Path(arguments[1]), float(arguments[2])
    for model in sorted(folder.glob("*.mps")):
        start = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
        solved = PEERS[peer](model, start, limit_s)
        print(json.dumps({"model": model.stem} | asdict(solved)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
