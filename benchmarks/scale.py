"""A large file through the local cloud: is it all there, how fast, with how many calls, and with how much memory.

  scripts/bench scale --bytes 1GiB --workers 4 --kill
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "journey")]
from local_cloud import BUILD, REGION, Cloud  # noqa: E402
import sandboxes  # noqa: E402

UNITS = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "kB": 10**3, "MB": 10**6, "GB": 10**9}
MOST_MEGABYTES = 64  # of one sandbox, whatever the file's size


def byte_count(text):
    match = re.fullmatch(r"([0-9.]+) *([A-Za-z]*)", text)
    if not match or match[2] not in UNITS:
        raise argparse.ArgumentTypeError(f"'{text}' is no size: give a number and one of {', '.join(filter(None, UNITS))}")
    return int(float(match[1]) * UNITS[match[2]])


def child(cloud, *arguments):
    """Runs `ads ARGUMENTS`; gives what it printed and the largest resident set that it had, in MB."""
    process = subprocess.Popen([BUILD / "ads", "--output", "json", "--region", REGION, *map(str, arguments)], env=cloud.environment(),
                               stdout=subprocess.PIPE)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"ads {arguments[0]} failed: {printed.decode()}")
    return printed, usage.ru_maxrss / 1024


def generate(cloud, file, size, users, seed):
    line = 42.8  # bytes of a generated line on the average
    return child(cloud, "generate", "batch", "--records", max(1, round(size / line)), "--users", users, "--bad-percent", "0.1",
                 "--seed", seed, "--out", file)[1]


def requests(cloud):
    return cloud.page("/_ads/health")["requests"]


def disk_megabytes(directory):
    return sum(f.stat().st_blocks * 512 for f in pathlib.Path(directory).rglob("*") if f.is_file()) / 1e6


def kill_one(cloud):
    for pid, role in sorted(sandboxes.pids(cloud).items()):
        if role == "worker":
            os.kill(pid, signal.SIGKILL)
            return 1
    return 0


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench scale", description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=byte_count, default="64MiB", help="size of the file: 64MiB, 1GiB, ... (default %(default)s)")
    parser.add_argument("--workers", type=int, default=4, help="WorkerConcurrency (default %(default)s)")
    parser.add_argument("--shard-bytes", type=byte_count, default="16MiB", help="ShardBytes (default %(default)s)")
    parser.add_argument("--users", type=int, default=100_000, help="users in the table (default %(default)s)")
    parser.add_argument("--kill", action="store_true", help="kill -9 a worker in the middle of the file")
    parser.add_argument("--pause-retries", action="store_true",
                        help="don't consume retries meanwhile: the figures are those of the file alone")
    parser.add_argument("--timeout", type=int, default=7200, help="seconds until it is given up (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dir", help="where file and data go (default: a temporary directory, removed at the end)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    flags = parser.parse_args()

    work = pathlib.Path(flags.dir or tempfile.mkdtemp(prefix="ads-bench."))
    work.mkdir(parents=True, exist_ok=True)
    cloud = Cloud(work / "data").start()
    try:
        figures = measure(flags, cloud, work)
    finally:
        cloud.stop()
        if not flags.dir:
            shutil.rmtree(work, ignore_errors=True)
    if flags.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"  {name:<34} {value:,.4g}" if isinstance(value, float) else f"  {name:<34} {value}")
    sys.exit(0 if figures["is right"] else 1)


def tell(text):
    print(text, file=sys.stderr, flush=True)


def measure(flags, cloud, work):
    file, users = work / "batch.csv", work / "users.csv"
    cloud.ads("generate", "users", "--users", flags.users, "--seed", flags.seed, "--out", users)
    started = time.monotonic()
    generator = generate(cloud, file, flags.bytes, flags.users, flags.seed)
    size = file.stat().st_size
    tell(f"{size:,} bytes generated in {time.monotonic() - started:.1f} s")
    outputs = cloud.ads("deploy", "--yes", "--template", ROOT / "resources.yaml", "--code", BUILD / "function.zip", "--parameters",
                        "ReportFrom=ads@example.com", "ReportTo=ops@example.com", f"WorkerConcurrency={flags.workers}",
                        f"ShardBytes={flags.shard_bytes}")["outputs"]
    cloud.ads("users", "import", users)
    if flags.kill:
        quick_return(cloud, outputs)
    if flags.pause_retries:
        pause_retries(cloud, outputs)
    key = "DES_Manually_Process_" + time.strftime("%d-%m-%Y", time.gmtime()) + ".csv"
    peaks = sandboxes.Peaks(cloud)
    before, began = requests(cloud), time.monotonic()
    answer, submitter = child(cloud, "submit", file, "--as", key)
    run = json.loads(answer)["runId"]
    sent = time.monotonic() - began
    tell(f"sent in {sent:.1f} s as run {run}")
    killed, state = 0, {}
    while state.get("status") not in ("DONE", "FAILED"):
        if time.monotonic() - began > flags.timeout:
            sys.exit(f"run {run} has not ended within {flags.timeout} s: {json.dumps(state)}")
        time.sleep(0.5 if size < 1 << 28 else 2)
        asked = cloud.ads("status", run, check=False)
        state = json.loads(asked.stdout) if asked.stdout.strip() else {}
        share = state.get("bytesSettled", 0) / size
        if sys.stderr.isatty():
            print(f"\r{share:6.1%}", end="", file=sys.stderr, flush=True)
        if flags.kill and not killed and share > 0.3:
            killed = kill_one(cloud)
            tell(f" killed {killed} worker at {share:.0%}")
    ended = time.monotonic() - began
    calls_until_end = requests(cloud) - before
    report = json.loads(cloud.ads("report", run, check=False).stdout)
    while not flags.pause_retries:
        depth = cloud.ads("status")["retryQueue"]
        if not any(depth.values()) or time.monotonic() - began > flags.timeout:
            break
        time.sleep(1)
    drained = time.monotonic() - began
    peaks.stop()
    records = report["totalProcessed"]
    sandbox = max(peaks.of.get(role, 0) for role in ("dispatch", "worker", "retry", "sweep"))
    adds_up = (report["status"] == "DONE" and report["reconciled"] and report["bytes"] == size
               and report["resumes"] <= (1 if killed else 0))
    return {
        "bytes": size, "records": records, "shards": report["shards"], "workers": flags.workers,
        "seconds to send": sent, "seconds of the run": report["seconds"], "records/s": report["recordsPerSecond"],
        "MB/s": size / 1e6 / report["seconds"],
        **({} if flags.pause_retries else {"seconds until retries were drained": drained,
                                           "records/s with retries": records / (drained - sent)}),
        "calls per record (report)": report["apiCalls"] / records,
        "calls per record (cloud, all)": calls_until_end / records,
        "resumes": report["resumes"], "workers killed": killed,
        **{f"peak RSS of {role} (MB)": peak for role, peak in sorted(peaks.of.items())},
        "peak RSS of ads generate (MB)": generator, "peak RSS of ads submit (MB)": submitter,
        "data directory (MB)": disk_megabytes(cloud.directory),
        "report": f"{report['status']}, {'reconciled' if report['reconciled'] else 'MISMATCH: ' + report['mismatch']}",
        "is right": bool(adds_up and sandbox <= MOST_MEGABYTES),
    }


def pause_retries(cloud, outputs):
    functions = cloud.client("lambda")
    for mapping in functions.list_event_source_mappings(FunctionName=outputs["RetryFunction"])["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)


def quick_return(cloud, outputs):
    """A worker that was killed is followed after seconds instead of a whole invocation's time."""
    cloud.client("sqs").set_queue_attributes(QueueUrl=outputs["ShardQueueUrl"], Attributes={"VisibilityTimeout": "60"})


if __name__ == "__main__":
    main()
