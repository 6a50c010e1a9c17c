"""kill -9 of sandboxes at random, and of the cloud itself, while a large file is processed: nothing is lost, nothing is
counted twice, and a crash repeats one chunk at most."""
import os
import subprocess

import pytest

import oracle
import sandboxes
from answer import compare_heard, compare_objects, compare_report, outcomes_of_retries
from local_cloud import Cloud, wait_until
from stack import Stack

RECORDS = int(os.environ.get("ADS_KILL_RECORDS", 200_000))
SEED = int(os.environ.get("ADS_KILL_SEED", 1))
KILLS = 60
CHUNK = 1000  # lines between two checkpoints


@pytest.fixture
def hardy(tmp_path):
    """A cloud and a stack of its own, whose waiting times suit a test: the template's suit whole invocations."""
    cloud = Cloud(tmp_path / "data").start()
    users = tmp_path / "users.csv"
    cloud.ads("generate", "users", "--users", 2000, "--out", users)
    stack = Stack(cloud, users, listeners=4, ShardBytes=512 << 10, WorkerConcurrency=6, RetryConcurrency=4)
    stack.set_variables(LEASE_SECONDS=4, CLAIM_SECONDS=4, SWEEP_AFTER_SECONDS=15)
    for queue in ("ShardQueueUrl", "RetryQueueUrl", "ShardDeadLetterQueueUrl"):
        stack.set_visibility(queue, 5)
        # Hundreds of deaths in a minute are not what the dead-letter queues are for.
        policy = stack.sqs.get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=["RedrivePolicy"])
        if "Attributes" in policy:
            dead_letters = policy["Attributes"]["RedrivePolicy"].replace('"maxReceiveCount":5', '"maxReceiveCount":1000')
            stack.sqs.set_queue_attributes(QueueUrl=stack.outputs[queue], Attributes={"RedrivePolicy": dead_letters})
    yield stack
    stack.close()
    cloud.stop()


def asked(question):
    """The answer, or None while the cloud is dead."""
    try:
        return question()
    except (AssertionError, subprocess.CalledProcessError):
        return None


def come(stack, run):
    """Which share of the file has had its effect; 1 once the run is over."""
    state = asked(lambda: stack.status(run))
    if state is None:
        return None
    return 1 if state["status"] in ("DONE", "FAILED") else min(0.99, state["bytesSettled"] / state["bytes"])


def kill_cloud(stack):
    """Returns how many sandboxes died with it."""
    lost = len(sandboxes.pids(stack.cloud))
    stack.cloud.kill()
    stack.cloud.start()
    return lost


def test_sandboxes_and_cloud_are_killed_at_random(hardy, capsys):
    file = hardy.cloud.directory.parent / "batch.csv"
    hardy.ads("generate", "batch", "--records", RECORDS, "--users", 2000, "--retry-percent", 4, "--bad-percent", 0.5,
              "--seed", SEED, "--out", file)
    content = file.read_bytes()
    key = f"DES_Manually_Process_{hardy.today()}.csv"
    run = oracle.run_id(hardy.bucket, key, hardy.put(key, content))

    killer = sandboxes.Killer(hardy.cloud, SEED, KILLS, lambda: come(hardy, run))
    crashes = 0
    for share in (0.3, 0.6):
        wait_until(lambda: (come(hardy, run) or 0) >= share, 180, f"{share:.0%} of the file")
        crashes += kill_cloud(hardy)
    wait_until(lambda: come(hardy, run) == 1, 240, "the run's end")
    report = hardy.report(run)
    crashes += killer.stop()

    assert report["status"] == "DONE", report
    expected = oracle.Expected(content)
    compare_report(hardy, report, key, content, expected)
    heard = hardy.hear(len(expected.records), run, 120)
    repeated = compare_heard(hardy, run, expected, heard)
    compare_objects(hardy, report, key, content, expected)
    assert hardy.keys("DES_Manually_Processed_") == [report["processedKey"]]
    settled = hardy.settled(run, 120)
    assert settled["retries"] == outcomes_of_retries(hardy, content)
    with capsys.disabled():
        print(f"\n{RECORDS} records, {report['shards']} shards: {crashes} sandboxes killed ({killer.killed} one by one), the "
              f"cloud twice; {report['resumes']} resumes, {repeated} notifications came again, "
              f"{report['seconds']:.0f} s")
    assert crashes >= 20 and repeated <= CHUNK * crashes
    # The report, and the end of the retries: each again only where its writer died.
    assert 2 <= len(hardy.mails_about(run, 2)) <= 2 + crashes


def test_a_fifo_topic_removes_what_a_crash_repeats(hardy):
    hardy.close()
    fifo = Stack(hardy.cloud, hardy.cloud.directory.parent / "users.csv", "fifo", listeners=4,
                 ShardBytes=128 << 10, WorkerConcurrency=2, TopicType="fifo")
    fifo.set_variables("Worker", LEASE_SECONDS=2)
    fifo.set_variables("Dispatch", INLINE_BYTES=0)
    fifo.set_visibility("ShardQueueUrl", 2)
    file = hardy.cloud.directory.parent / "fifo.csv"
    fifo.ads("generate", "batch", "--records", 30_000, "--users", 2000, "--retry-percent", 0, "--out", file)
    content = file.read_bytes()
    key = f"ADS_Manually_Process_{fifo.today()}.csv"
    run = oracle.run_id(fifo.bucket, key, fifo.put(key, content))
    killer = sandboxes.Killer(fifo.cloud, SEED, 4, lambda: come(fifo, run), roles=("worker",))
    report = fifo.report(run, 240)
    assert killer.stop() > 0 and report["resumes"] > 0
    expected = oracle.Expected(content)
    compare_report(fifo, report, key, content, expected)
    assert compare_heard(fifo, run, expected, fifo.hear(len(expected.records), run)) == 0
    fifo.close()
