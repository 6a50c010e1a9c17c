"""Files that are sorted by user beside one in which no user comes twice, through the local cloud, in turn: records/s and calls.

  scripts/bench order --records 100000 --rounds 3
"""
import argparse
import json
import pathlib
import random
import shutil
import statistics
import sys
import tempfile
import time

from scale import BUILD, ROOT, Cloud, child, pause_retries, sandboxes

PER_USER = [1, 2, 10, 2000]  # the first is the mixed file


def write_batch(file, records, per_user):
    chance = random.Random(1)
    with open(file, "w", encoding="ascii") as out:
        for i in range(records):
            out.write(f"{503 if chance.random() < 0.2 else 200},0,user-{i // per_user:09}\n")


def write_users(file, users):
    with open(file, "w", encoding="ascii") as out:
        out.write("serviceUUID,firstName,lastName,status,detailedAddress\n")
        for i in range(users):
            out.write(f"user-{i:09},First{i},Last{i},Active,{i} Main Street\n")


def run(cloud, file):
    """Submits a file and waits for its report."""
    key = "DES_Manually_Process_" + time.strftime("%d-%m-%Y", time.gmtime()) + ".csv"
    answer, _ = child(cloud, "submit", file, "--as", key)
    run_id = json.loads(answer)["runId"]
    while True:
        time.sleep(0.2)
        asked = cloud.ads("status", run_id, check=False)
        if asked.stdout.strip() and json.loads(asked.stdout).get("status") in ("DONE", "FAILED"):
            break
    report = json.loads(cloud.ads("report", run_id, check=False).stdout)
    if report["status"] != "DONE" or not report["reconciled"]:
        sys.exit(f"run {run_id} ended {report['status']}: {report['sentence']}{report['mismatch']}")
    return report


def measure(flags, topic, work):
    cloud = Cloud(work / topic).start()
    try:
        outputs = cloud.ads("deploy", "--yes", "--template", ROOT / "resources.yaml", "--code", BUILD / "function.zip", "--parameters",
                            "ReportFrom=ads@example.com", "ReportTo=ops@example.com", f"TopicType={topic}")["outputs"]
        cloud.ads("users", "import", work / "users.csv")
        pause_retries(cloud, outputs)
        peaks = sandboxes.Peaks(cloud)
        reports = {per_user: [] for per_user in PER_USER}
        for _ in range(flags.rounds):
            for per_user in PER_USER:
                reports[per_user].append(run(cloud, work / f"{per_user}.csv"))
        peaks.stop()
        return reports, max(peaks.of.values())
    finally:
        cloud.stop()


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench order", description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000, help="of each file (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each file is run; medians are shown (default %(default)s)")
    flags = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="ads-bench."))
    try:
        write_users(work / "users.csv", flags.records)
        for per_user in PER_USER:
            write_batch(work / f"{per_user}.csv", flags.records, per_user)
        print("topic     per user  records/s  of mixed  calls per record")
        for topic in ("standard", "fifo"):
            reports, peak = measure(flags, topic, work)
            rate = {each: statistics.median(r["totalProcessed"] / r["seconds"] for r in of) for each, of in reports.items()}
            for each, of in reports.items():
                print(f"{topic:<8} {each:>9,} {rate[each]:>10,.0f} {rate[each] / rate[1]:>9.2f} {of[0]['apiCalls'] / of[0]['lines']:>17.3f}",
                      flush=True)
            print(f"{topic:<8} the largest function process had {peak:.0f} MB")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
