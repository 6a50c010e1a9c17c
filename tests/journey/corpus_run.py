"""Puts every case through a stack at once, and collects what became of each: report, notifications, exit codes."""
import concurrent.futures
import csv
import dataclasses
import datetime
import json
import subprocess

import oracle
from corpus.case import users
from local_cloud import BUILD, ROOT, wait_until
from stack import Stack

FIELDS = ("serviceUUID", "status", *oracle.PROFILE)
FIRST_DAY = datetime.date(2020, 1, 1)


@dataclasses.dataclass
class Answer:
    key: str
    run: str
    report: dict
    exit_code: int = None


def write_users(path):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([FIELDS, *users()])
    return path


class CorpusRun:
    """`answers`: by a case's name, once all of them have been answered and every retry has its end."""

    def __init__(self, cloud, directory, cases, name="corpus", is_heard=True, **parameters):
        self.directory, self.cases, self.is_heard = directory, cases, is_heard
        self.stack = Stack(cloud, write_users(directory / "users.csv"), name, listeners=2 if is_heard else 0, AcceptDates="any", **parameters)
        self.keys = {}
        for number, case in enumerate(cases.values()):
            day = FIRST_DAY + datetime.timedelta(days=number)
            self.keys[case.name] = f"DES_Manually_Process_{day:%d-%m-%Y}{case.extension}"
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            runs = list(pool.map(self.submit, cases.values()))
        self.runs = dict(zip(cases, runs))
        wait_until(self.all_have_ended, 600, "the end of every run")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.answers = dict(zip(cases, pool.map(self.collect, cases)))
        wait_until(lambda: not self.stack.retries_waiting(), 120, "an empty retry queue")
        if is_heard:
            self.heard_all()
        self.mails = self.stack.mails()

    def submit(self, case):
        return oracle.run_id(self.stack.bucket, self.keys[case.name], self.stack.put(self.keys[case.name], case.content))

    def all_have_ended(self):
        ended = {key.split("/")[1].split(".")[0] for key in self.stack.keys("reports/") if key.endswith(".json")}
        self.missing = [name for name, run in self.runs.items() if run not in ended]
        return not self.missing

    def heard_all(self):
        """Every notification that the reports speak of has come: those of records that were misread are no reason to wait."""
        def count(answer):
            return sum(answer.report[outcome] for outcome in ("processed", "notActive", "notFound", "retryQueued"))
        for answer in self.answers.values():
            self.stack.hear(count(answer), answer.run)

    def collect(self, name):
        run = self.runs[name]
        done = self.stack.ads("report", run, check=False)
        return Answer(self.keys[name], run, json.loads(self.stack.read(f"reports/{run}.json")), done.returncode)

    def check(self, case, *options):
        """`ads check` of that file: exit code, its lines, its summary, and all it said."""
        path = self.directory / "checked" / self.keys[case.name]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(case.content)
        done = subprocess.run([BUILD / "ads", "--output", "json", "check", "--lines", "all", *options, path], capture_output=True, text=True, cwd=ROOT)
        path.unlink()
        values = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.returncode, [v for v in values if "line" in v], next((v["summary"] for v in values if "summary" in v), None), done.stderr
