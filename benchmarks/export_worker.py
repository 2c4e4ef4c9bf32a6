"""Times all contenders at one case after another, in turn, in one process; ``export.py`` starts it.

    python benchmarks/export_worker.py '{"threads": 2, "cases": [[[2, 2, 1], 1, "sigmoid", "float64"]], "without": []}'

A line of JSON for each case: by contender, the seconds a call of each round takes, or why there are none.
"""

import json
import os
import sys
import time

ORDER = json.loads(sys.argv[1])
for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[f"{name}_NUM_THREADS"] = str(ORDER["threads"])
os.environ["JAX_PLATFORMS"] = "cpu"
if "sharded" in ORDER:
    os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={max(ORDER['devices'])}"
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: ORDER["threads"]])

import gc  # noqa: E402 - the number of threads has to be known first
import importlib  # noqa: E402
import random  # noqa: E402
import warnings  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from contenders import Case, by_hand, compilers, exports, frameworks, requirements  # noqa: E402

CONTENDERS = (*by_hand.CONTENDERS, *exports.CONTENDERS, *frameworks.CONTENDERS, *compilers.CONTENDERS)
SLICE = 6e-4  # seconds that one contender runs without a break, if one call takes no longer
# with one thread, the processor's time: what else runs on the machine does not count
CLOCK = time.process_time if ORDER["threads"] == 1 else time.perf_counter
MEMORY = (
    *("symfnn JAX", "symfnn JAX, stacked", "jax.jit(value_and_grad)", "jax.jit, stacked"),
    *("symfnn torch", "symfnn torch, stacked", "torch eager, functions", "torch eager, stacked"),
)
BEST_OF = 5  # such slices make a round: other processes spoil single ones, and threads share a core at first
LONG, BEST_OF_LONG = 5e-2, 2  # the same where a call takes as many seconds
FEWEST = 15  # rounds, however long they take
WHOLE = 5  # rounds with everyone; in later ones of larger sizes only those that a requirement compares take turns
# seconds until the threads of a library, which look for more work for a while, have given up their core
SETTLE = 0.05


def main():
    warnings.simplefilter("ignore")
    if "compile" in ORDER:
        compile_all(Case(tuple(ORDER["compile"][0]), *ORDER["compile"][1:]))
        return
    if "memory" in ORDER:
        memory_of_all(Case(tuple(ORDER["memory"][0]), *ORDER["memory"][1:]))
        return
    if "sharded" in ORDER:
        sharded(Case(tuple(ORDER["sharded"][0]), *ORDER["sharded"][1:]), ORDER["devices"])
        return
    for given in ORDER["cases"]:
        print(json.dumps(measured(Case(tuple(given[0]), *given[1:]))), flush=True)


def compile_all(case):
    """Processor seconds from nothing but imports to the first result, each in a fork of this process."""
    for contender in CONTENDERS:
        only = ORDER.get("only")
        is_wanted = (only is None or contender.name in only) and contender.name not in ORDER["without"]
        if is_wanted and not contender.name.startswith("products") and contender.is_for(case):
            _apart(lambda contender=contender: _compile(contender, case))


def _compile(contender, case):
    for library in ("symfnn.exports", contender.library or "numpy"):
        importlib.import_module(library)
    start = _processor()
    contender.make(case)[0]()
    took = _processor() - start
    print(json.dumps({"name": contender.name, "depth": len(case.widths), "seconds": took}), flush=True)


def memory_of_all(case):
    """Of the exports for frameworks and of these themselves, each in a fork of this process."""
    for contender in CONTENDERS:
        if contender.name in MEMORY and contender.name not in ORDER["without"]:
            _apart(lambda contender=contender: _memory(contender, case))


def _memory(contender, case):
    taken = _planned(contender, case) if contender.library == "jax" else _grown(contender, case)
    print(json.dumps({"name": contender.name, "case": ORDER["memory"], "bytes": taken}), flush=True)


def _planned(contender, case):
    """What XLA has planned for the results and beside them: it keeps freed memory, so that nothing is seen outside."""
    import jax

    found = []
    compile_later = jax.jit

    def compiled(function):
        later = compile_later(function)

        def call(*given):
            plan = later.lower(*given).compile().memory_analysis()
            found.append(plan.temp_size_in_bytes + plan.output_size_in_bytes)
            return later(*given)

        return call

    jax.jit = compiled
    contender.make(case)[0]()
    return found[0]


def _grown(contender, case):
    """By how much the memory of this process grows in a call at most, its results included."""
    run, _ = contender.make(case)
    for _ in range(3):
        run()
    gc.collect()
    grown = []
    for _ in range(3):
        Path("/proc/self/clear_refs").write_text("5")  # what was the most so far is forgotten
        before = _status("VmRSS")
        run()
        grown.append(_status("VmHWM") - before)
    return min(grown)


def _status(name):
    """A line of what the kernel says about this process, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(name))


def sharded(case, numbers):
    """What XLA counts for each device where the samples are divided among more and more of them, and the error."""
    import jax
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    loss_and_grad, given = exports.jax_parts(case)
    alone = jax.jit(loss_and_grad)(*given)
    for number in numbers:
        mesh = Mesh(np.array(jax.devices()[:number]), ("samples",))
        rows, whole = NamedSharding(mesh, PartitionSpec("samples")), NamedSharding(mesh, PartitionSpec())
        theta, X, Y = jax.device_put(given[0], whole), *jax.device_put(given[1:], rows)
        program = jax.jit(loss_and_grad, out_shardings=whole).lower(theta, X, Y).compile()
        pairs = zip(jax.tree.leaves(program(theta, X, Y)), jax.tree.leaves(alone), strict=True)
        found = {
            "case": ORDER["sharded"],
            "devices": number,
            "samples": X.addressable_shards[0].data.shape[0],
            "operations": program.cost_analysis()["flops"],
            "read and written": program.cost_analysis()["bytes accessed"],
            "held": program.memory_analysis().temp_size_in_bytes,
            "error": max(float(np.linalg.norm(a - b) / np.linalg.norm(b)) for a, b in pairs),
        }
        print(json.dumps(found), flush=True)


def _apart(action):
    """In a fork, which ends with it."""
    if os.fork():
        os.wait()
        return
    try:
        action()
    finally:
        os._exit(0)


def _processor():
    """That of compilers that were started included."""
    return sum(os.times()[:4])


def measured(case):
    prepared, failed = {}, {}
    reference = None
    for contender in CONTENDERS:
        if not _takes_part(contender, case):
            continue
        try:
            run, read = contender.make(case)
            found = run()
            if read is not None:
                reference = reference or _as_arrays(read(found))
                _require_equal(reference, _as_arrays(read(found)), case)
        except Exception as error:  # a peer that fails is a result
            failed[contender.name] = f"{type(error).__name__}: {str(error)[:200]}"
            continue
        prepared[contender.name] = (run, *_calls(run))
    times = {name: [] for name in prepared}
    order = random.Random(0)
    compared = requirements.groups(case.name, set(prepared))
    for number in range(_rounds(prepared)):
        for name in _turns(compared, order, is_whole=number < WHOLE or case.is_tiny):
            if ORDER["threads"] > 1 and not case.is_tiny:
                time.sleep(SETTLE)
            times[name].append(_best(*prepared[name][:3]))
    return {
        "case": [case.widths, case.batch, case.model, case.dtype],
        "threads": ORDER["threads"],
        "times": times,
        "failed": failed,
    }


def _turns(compared, order, *, is_whole):
    """The names of a round, in which those that are compared stand together."""
    groups = [order.sample(group, len(group)) for group in compared if len(group) > 1 or is_whole]
    return [name for group in order.sample(groups, len(groups)) for name in group]


def _takes_part(contender, case):
    if ORDER["threads"] > 1 and case.dtype == "float32" and "compile" in contender.name:
        return False  # its compiling would take a fourth of the time of the whole benchmark
    is_wanted = not ORDER.get("only") or contender.name in (*ORDER["only"], "plain NumPy")
    return is_wanted and contender.name not in ORDER["without"] and contender.is_for(case)


def _calls(run):
    """How many calls make a slice, how many slices a round, and the seconds of a call."""
    last = min(_timed(run, 1) for _ in range(3))
    return max(1, min(int(SLICE / last), 20000)), BEST_OF if last < LONG else BEST_OF_LONG, last


def _rounds(prepared):
    one = sum(repeats * calls * last for _, calls, repeats, last in prepared.values())
    return int(max(FEWEST, min(ORDER["rounds"], ORDER["seconds"] / one)))


def _best(run, calls, repeats):
    return min(_timed(run, calls) for _ in range(repeats))


def _timed(run, calls):
    start = CLOCK()
    for _ in range(calls):
        run()
    return (CLOCK() - start) / calls


def _as_arrays(found):
    return float(found[0]), [np.array(part) for part in found[1]]


def _require_equal(reference, found, case):
    tolerance = 1e-9 if case.dtype == "float64" else 2e-3
    pairs = zip([reference[0], *reference[1]], [found[0], *found[1]], strict=True)
    for wanted, own in pairs:
        # as a whole: the sign of a single relu's state may be one of rounding
        if np.shape(wanted) != np.shape(own) or np.linalg.norm(wanted - own) > tolerance * np.linalg.norm(wanted):
            raise ValueError("its gradient differs from that of plain NumPy")


if __name__ == "__main__":
    main()
