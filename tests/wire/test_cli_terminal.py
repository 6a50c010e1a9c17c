"""`ads` as a person meets it: prompts, Ctrl-C, narrow terminals, colors, pipes, and the environment that it gives to other
programs. Through a pseudo-terminal where it matters."""
import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from local_cloud import REGION, ROOT, wait_until
from terminal import ADS, on_terminal, piped, write
from test_cli_operations import Stack, lines

TODAY = datetime.datetime.now(datetime.timezone.utc).strftime("%d-%m-%Y")


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    made = Stack(tmp_path_factory.mktemp("terminal"))
    yield made
    made.cloud.stop()
    assert made.cloud.process.returncode == 0


@pytest.fixture(scope="module")
def runs(stack):
    """A run that is done, one with a bad line, and a refused file."""
    good = stack.submit(lines(20), "--wait")["runId"]
    bad = stack.ads("submit", write(stack, lines(20) + b"200,0,not a user!\n"), "--as", stack.key())["runId"]
    wait_until(lambda: stack.status(bad).get("status") == "DONE", 30, "the second run")
    refused = stack.ads("submit", write(stack, lines(1)), "--as", "DES_Manually_Process_99-99-2026.csv", "--force")["runId"]
    wait_until(lambda: refused in [r["runId"] for r in stack.ads("runs")["runs"]], 30, "the refusal")
    return good, bad, refused


# ---- prompts ----

def test_a_prompt_takes_only_its_answer(stack):
    asked = on_terminal(stack, "destroy").wait_for("ads")
    refused = asked.wait_for(": ").type("no\n").finish()
    assert refused.code == 1, refused.text
    assert stack.ads("status")["stack"] == "ads", "nothing was removed"
    kept = on_terminal(stack, "dlq", "purge").wait_for("[y/N]").type("\n").finish()
    assert kept.code == 1 and "nothing was deleted" in kept.text
    gone = on_terminal(stack, "dlq", "purge").wait_for("[y/N]").type("y\n").finish()
    assert gone.code == 0 and "is being emptied" in gone.text


def test_without_a_terminal_nobody_is_asked(stack):
    done = piped(stack, "dlq", "purge", content=b"y\n")
    assert done.returncode == 2 and b"--yes" in done.stderr


# ---- Ctrl-C ----

def test_ctrl_c_says_what_continues(stack):
    stack.configure("DispatchFunction", INLINE_BYTES="0")
    stack.pause_workers(True)
    try:
        path = write(stack, lines(100))
        waiting = on_terminal(stack, "submit", path, "--as", stack.key(), "--wait")
        wait_until(lambda: [r for r in stack.ads("runs", "--status", "running")["runs"]], 30, "the run")
        waiting.wait_for("answering").type("\x03").finish()
        run = stack.ads("runs", "--limit", 1)["runs"][0]["runId"]
        assert waiting.code == 130
        for words in (f"Run {run} continues", f"`ads status {run}`", f"`ads report {run}`", f"`ads cancel {run}`"):
            assert words in waiting.text
    finally:
        stack.pause_workers(False)
        stack.configure("DispatchFunction", INLINE_BYTES=None)
    wait_until(lambda: stack.status(run).get("status") == "DONE", 60, "the end without the command")


# ---- width and color ----

def test_progress_leaves_no_trace_in_what_is_printed(stack):
    small = on_terminal(stack, "check", write(stack, lines(3)), "--as", stack.key()).finish()
    assert small.code == 0 and "checking" not in small.text, small.text
    # Large enough to show progress, with bad lines printed meanwhile: each has its row for itself.
    large = write(stack, b"".join(b"200,0,user-%d\n" % i if i % 1000 else b"200,0,no user\n" for i in range(1, 1_500_001)))
    shown = on_terminal(stack, "check", large, "--as", stack.key(), columns=200).finish()
    rows = [row.split("\x1b[K")[-1].split("\r")[-1] for row in shown.text.replace("\r\n", "\n").split("\n")]
    assert len([row for row in rows if row.startswith("line ") and "UUID_SYNTAX" in row]) == 1500, shown.text[:3000]


def test_runs_in_color_only_where_it_is_wanted(stack, runs):
    good, bad, refused = runs
    colored = on_terminal(stack, "runs").finish()
    row_of = {run: next(row for row in colored.text.splitlines() if run[:8] in row) for run in runs}
    assert "\x1b[32m" in row_of[good] and "\x1b[33m" in row_of[bad] and "\x1b[33m" in row_of[refused]
    plain = on_terminal(stack, "runs", NO_COLOR="1").finish()
    assert "\x1b" not in plain.text and good[:8] in plain.text
    assert b"\x1b" not in piped(stack, "runs").stdout


def test_runs_selects(stack, runs):
    good, bad, refused = runs
    def ids(*flags):
        return {r["runId"] for r in stack.ads("runs", *flags)["runs"]}
    assert refused in ids("--status", "refused") and not {good, bad} & ids("--status", "refused")
    assert {good, bad} <= ids("--status", "done", "--since", "1h") and refused not in ids("--status", "done")
    assert ids("--since", "2099-01-01") == set()
    row, = [r for r in stack.ads("runs")["runs"] if r["runId"] == bad]
    assert row["quarantined"] == 1 and row["processedKey"].startswith("DES_Manually_Processed_")
    done = piped(stack, "runs", "--since", "yesterday")
    assert done.returncode == 2 and b"30m, 12h, 7d" in done.stderr


def test_a_run_by_the_beginning_of_its_id_and_by_last(stack, runs):
    good, bad, refused = runs
    assert stack.status(good[:10])["runId"] == good
    assert json.loads(piped(stack, "report", bad[:10], "--output", "json").stdout)["runId"] == bad
    newest = stack.ads("runs", "--limit", 1)["runs"][0]["runId"]
    assert stack.status("--last")["runId"] == newest
    assert stack.refused("status", "zzz")["code"] == "NoRun"
    text = piped(stack, "status", bad[:10]).stdout.decode()
    assert "21: 20 not found, 1 bad" in text and "`ads report" in text


# ---- standard input and output ----

def test_files_from_pipes(stack):
    key = stack.key()
    done = piped(stack, "submit", "-", "--as", key, "--wait", "--output", "json", content=lines(50, user="pipe"))
    assert done.returncode == 0 and json.loads(done.stdout)["lines"] == 50, done.stderr
    large = lines(1_300_000, user="large")  # more than a part of 16 MiB
    sent = json.loads(piped(stack, "submit", "-", "--as", "elsewhere.csv", "--force", "--output", "json", content=large).stdout)
    assert sent["bytes"] == len(large) > 16 << 20
    assert stack.s3.head_object(Bucket=stack.outputs["BatchBucket"], Key="elsewhere.csv")["ContentLength"] == len(large)
    checked = piped(stack, "check", "-", "--lines", "all", content=lines(3))
    assert b"line 3" in checked.stdout and checked.returncode == 0, checked.stdout + checked.stderr
    planned = json.loads(piped(stack, "plan", "-", "--output", "json", content=lines(1000)).stdout)
    assert "1000" in json.dumps(planned)
    nameless = piped(stack, "submit", "-", content=lines(1))
    assert nameless.returncode == 1 and f"--as DES_Manually_Process_{TODAY}.csv".encode() in nameless.stderr


def test_a_name_is_judged_before_anything_is_sent(stack):
    path = write(stack, lines(1))
    for name, says in (("report.csv", "no event rule of the bucket matches 'report.csv'"),
                       ("DES_Manually_Process_31-02-2026.csv", "is not a day of the calendar")):
        done = piped(stack, "submit", path, "--as", name)
        assert done.returncode == 1 and says.encode() in done.stderr and b"--force" in done.stderr, done.stderr
        with pytest.raises(stack.s3.exceptions.ClientError):
            stack.s3.head_object(Bucket=stack.outputs["BatchBucket"], Key=name)
    done = piped(stack, "submit", "/nowhere/x.csv")
    assert done.returncode == 1 and b"cannot open /nowhere/x.csv: No such file or directory" in done.stderr


def test_output_that_cannot_be_written():
    full = subprocess.run(f"{ADS} template > /dev/full", shell=True, capture_output=True)
    assert full.returncode == 1 and b"No space left on device" in full.stderr
    closed = subprocess.run(f"{ADS} template >&-", shell=True, capture_output=True)
    assert closed.returncode == 1 and b"it is closed" in closed.stderr
    # More than a pipe holds: what fits in it is written before its reader is gone.
    many = "\n".join(f"200,0,u-{i}" for i in range(200_000))
    head = subprocess.run(["bash", "-c", f"{ADS} check - --lines all | head -1; echo ${{PIPESTATUS[0]}}"], input=many,
                          capture_output=True, text=True, timeout=60)
    first, code = head.stdout.splitlines()
    assert first.startswith("line 1 ") and code == str(128 + signal.SIGPIPE) and head.stderr == "", head


# ---- cancel ----

def test_a_canceled_run_stops_and_is_resumed_without_repetition(stack):
    for function in ("DispatchFunction", "WorkerFunction"):
        stack.configure(function, INLINE_BYTES="0", PUBLISH_RATE="300")
    try:
        count = 12000
        run = stack.submit(lines(count, user="cancel"))["runId"]
        wait_until(lambda: stack.status(run).get("bytesSettled", 0) > 0, 60, "the first checkpoint")
        stack.ads("cancel", run)
        # Its workers have not stopped yet: that is seen, and it is not called RUNNING.
        seen = {stack.status(run)["status"]}
        row, = [r for r in stack.ads("runs", "--status", "running")["runs"] if r["runId"] == run] or [{"status": "CANCELING"}]
        assert (seen | {row["status"]}) <= {"CANCELING", "PARTIAL"}, (seen, row)
        wait_until(lambda: stack.status(run)["status"] == "PARTIAL", 60, "the end of the canceled run")
        status = stack.status(run)
        assert status["status"] == "PARTIAL" and 0 < status["records"] < count, status
        report = json.loads(stack.cloud.ads("report", run, check=False).stdout)
        assert "canceled" in report["sentence"] and "ads resume" in report["sentence"]
        assert stack.refused("cancel", run)["code"] == "NotCancelable"
        # Each shard that stopped says why, and nothing of it is an error: an operator wanted it.
        logged = [json.loads(json.loads(line)["message"]) for line in stack.cloud.ads("logs", "--filter", f'{{ $.runId = "{run}" }}',
                                                                                      check=False).stdout.splitlines()]
        abandoned = [line for line in logged if line.get("message") == "shard abandoned"]
        assert abandoned and {line["reason"] for line in abandoned} == {"The run was canceled with `ads cancel`."}, abandoned
        assert not [line for line in logged if line.get("level") == "error"]
        assert [line["reason"] for line in logged if line.get("message") == "run canceled"] == [report["sentence"]]
    finally:
        for function in ("DispatchFunction", "WorkerFunction"):
            stack.configure(function, INLINE_BYTES=None, PUBLISH_RATE=None)
    report = stack.ads("resume", run, "--wait")
    assert report["status"] == "DONE" and report["reconciled"] is True and report["lines"] == count
    assert report["notFound"] == count, "each record once"


# ---- the environment for other programs ----

def evaluated(stack, script, **variables):
    """A shell that knows nothing of the cloud but what `eval "$(ads env)"` says."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    return subprocess.run(["bash", "-ec", f'eval "$({ADS} env --port {stack.cloud.port} --region {REGION})"\n{script}'],
                          env={**clean, "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
                               "AWS_EC2_METADATA_DISABLED": "true", **variables}, capture_output=True, text=True, cwd=ROOT)


def aws_versions():
    found = {shutil.which("aws"), "/usr/bin/aws"}
    return sorted(path for path in found if path and os.path.exists(path))


@pytest.mark.parametrize("aws", aws_versions())
def test_ads_aws_with_any_version(stack, aws):
    path = os.path.dirname(aws) + ":" + os.environ["PATH"]
    done = evaluated(stack, f"{ADS} aws s3 ls\n{ADS} aws sqs list-queues --output json", PATH=path)
    assert done.returncode == 0, done.stderr
    assert stack.outputs["BatchBucket"] in done.stdout and "retry" in done.stdout.lower(), done.stdout


@pytest.mark.parametrize("aws", aws_versions())
def test_the_aws_cli_alone_where_it_knows_the_endpoint(stack, aws):
    version = subprocess.run([aws, "--version"], capture_output=True, text=True).stdout
    major, minor = map(int, re.match(r"aws-cli/(\d+)\.(\d+)", version).groups())
    knows = (major, minor) >= (2, 13) or (major == 1 and minor >= 29)
    if not knows:
        pytest.skip(f"{version.split()[0]} is older than AWS_ENDPOINT_URL: `ads aws` is for it")
    done = evaluated(stack, f"{aws} s3 ls\n{aws} dynamodb list-tables")
    assert done.returncode == 0 and stack.outputs["BatchBucket"] in done.stdout, done.stderr


def test_boto3_and_the_javascript_sdk_with_nothing_but_the_environment(stack):
    interpreters = sorted({shutil.which("python3"), "/usr/bin/python3"} - {None})
    script = "import boto3; print(boto3.__version__); print([b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']])"
    tried = 0
    for python in interpreters:
        version = subprocess.run([python, "-c", "import boto3; print(boto3.__version__)"], capture_output=True, text=True)
        if version.returncode != 0 or tuple(map(int, version.stdout.split(".")[:2])) < (1, 28):
            continue
        tried += 1
        done = evaluated(stack, f'{python} -c "{script}"')
        assert done.returncode == 0 and stack.outputs["BatchBucket"] in done.stdout, done.stderr
    node = ROOT / "build" / "javascript"
    if shutil.which("node") and (node / "node_modules" / "@aws-sdk" / "client-sqs").exists():
        tried += 1
        done = evaluated(stack, f"cd {node} && node --input-type=module -e \"import {{SQSClient, ListQueuesCommand}} from "
                                "'@aws-sdk/client-sqs'; console.log((await new SQSClient({}).send(new ListQueuesCommand({})))"
                                ".QueueUrls.join(' '))\"", NODE_NO_WARNINGS="1")
        assert done.returncode == 0 and "retry" in done.stdout.lower(), done.stderr
    if not tried:
        pytest.skip("NOT TESTED: no boto3 from 1.28 and no SDK for JavaScript is installed (scripts/setup test)")


def test_a_profile_for_the_local_cloud(stack, tmp_path):
    files = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials")}
    (tmp_path / "config").write_text("[profile work]\nregion = eu-west-1\n")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    def ads(*arguments):
        return subprocess.run([ADS, *arguments], env={**clean, **files, "AWS_EC2_METADATA_DISABLED": "true"},
                              capture_output=True, text=True)
    made = ads("env", "--port", str(stack.cloud.port), "--region", REGION, "--profile", "local")
    assert made.returncode == 0 and "aws --profile local" in made.stdout, made.stderr
    assert (tmp_path / "config").read_text().startswith("[profile work]\nregion = eu-west-1\n")
    assert oct((tmp_path / "credentials").stat().st_mode & 0o777) == "0o600"
    assert ads("--profile", "local", "runs").returncode == 0
    listed = ads("aws", "--profile", "local", "s3", "ls")
    assert stack.outputs["BatchBucket"] in listed.stdout, listed.stderr
    refused = ads("env", "--port", str(stack.cloud.port), "--profile", "work")
    assert refused.returncode == 1 and "take another name" in refused.stderr
