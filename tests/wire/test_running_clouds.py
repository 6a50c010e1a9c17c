"""Clouds as processes: authentication off, accounts, `ads env`, ports and directories, and how a cloud ends."""
import json
import os
import signal
import socket
import subprocess
import threading
import time

import botocore.exceptions
import pytest
from botocore.credentials import Credentials
from knocks import KNOCKS
from local_cloud import BUILD, REGION, Cloud
from signed import call, send, sign, utc


@pytest.fixture
def start(tmp_path):
    """start("--auth", "off") -> a cloud of this test alone."""
    started = []

    def make(*options, directory=None):
        one = Cloud(directory or tmp_path / f"cloud{len(started)}", *options).start()
        started.append(one)
        return one

    yield make
    for one in started:
        one.stop()


def test_auth_off_takes_all(start):
    open_door = start("--auth", "off")
    for label, (service, _, request) in KNOCKS.items():
        method, path, headers, body = request
        assert send(open_door, method, path, headers, body).status == 200, f"{label}: unsigned"
        for who in (Credentials("test", "test"), Credentials("ASIAANYBODY", "x", "any token")):
            answer = call(open_door, service, method, path, headers, body, credentials=who, moment=utc(-600))
            assert answer.status == 200, f"{label}: {answer}"


def test_another_account(start):
    other = start("--account", "123456789012")
    assert other.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert other.client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:root"
    url = other.client("sqs").create_queue(QueueName="mine")["QueueUrl"]
    assert url == f"{other.endpoint}/123456789012/mine"
    assert other.client("sns").create_topic(Name="t")["TopicArn"] == f"arn:aws:sns:{REGION}:123456789012:t"


@pytest.mark.parametrize("account", ["12345678901", "1234567890123", "12345678901x", "", "-1"])
def test_an_account_that_is_none(tmp_path, account):
    done = subprocess.run([BUILD / "ads", "cloud", "--port", "0", "--data", tmp_path / "d", "--account=" + account],
                          capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert "account" in done.stderr + done.stdout


def run_env(*arguments, state=None):
    values = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    if state:
        values["XDG_STATE_HOME"] = str(state)
    return subprocess.run([BUILD / "ads", *map(str, arguments)], capture_output=True, text=True, env=values, timeout=20)


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A home in which no other cloud is announced."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_env_where_nothing_runs(alone):
    done = run_env("env")
    assert done.returncode == 1 and "ads cloud" in done.stderr and done.stdout == ""


def test_env_is_for_eval(alone, start):
    one = start()
    script = f'eval "$({BUILD}/ads env)" && printf "%s\\n" "$AWS_ENDPOINT_URL" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_DEFAULT_REGION" "[$AWS_SESSION_TOKEN]"'
    lines = subprocess.run(["sh", "-c", "AWS_SESSION_TOKEN=old; export AWS_SESSION_TOKEN; " + script], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    values = one.environment()
    assert lines[0] == one.endpoint == values["AWS_ENDPOINT_URL"]
    assert lines[1:3] == [values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]]
    assert lines[3] and lines[4] == "[]"
    (announced,) = (alone / "ads" / "clouds").iterdir()
    assert announced.stat().st_mode & 0o777 == 0o600, "the file that holds the secret is its owner's alone"


def test_env_of_several_clouds(alone, start):
    one, two = start(), start()
    done = run_env("env")
    assert done.returncode == 1
    for cloud in (one, two):
        assert f"--port {cloud.port}" in done.stderr, "it names those to choose from"
        by_port = json.loads(run_env("env", "--port", cloud.port, "--output", "json").stdout)
        by_data = json.loads(run_env("env", "--data", cloud.directory, "--output", "json").stdout)
        assert by_port == by_data and by_port["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert run_env("env", "--port", 1).returncode == 1
    two.kill()
    assert one.endpoint in run_env("env").stdout, "a cloud that was killed is no choice"


def test_keys_outlive_the_process(start):
    one = start()
    before = one.environment()
    one.stop()
    one.start()
    assert one.environment() == before


def test_two_clouds_on_one_port(start, tmp_path):
    one = start()
    done = run_env("cloud", "--port", one.port, "--data", tmp_path / "other")
    assert done.returncode == 1
    assert str(one.port) in done.stderr and "--port" in done.stderr, done.stderr
    assert one.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_two_clouds_on_one_directory(start):
    one = start()
    done = run_env("cloud", "--port", 0, "--data", one.directory)
    assert done.returncode == 1
    assert str(one.directory) in done.stderr and "another" in done.stderr, done.stderr
    assert one.client("sts").get_caller_identity()["Account"] == "000000000000"


def end(cloud, how=signal.SIGTERM):
    """Seconds until it has ended; its exit code must be 0."""
    begun = time.monotonic()
    cloud.process.send_signal(how)
    assert cloud.process.wait(10) == 0
    return time.monotonic() - begun


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_cloud_ends_at_once(start, how):
    assert end(start(), how) < 2


def test_a_long_poll_does_not_hold_the_end_up(start):
    one = start()
    sqs = one.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    outcome = []

    def wait():
        try:
            outcome.append(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20))
        except botocore.exceptions.BotoCoreError as error:
            outcome.append(error)

    waiting = [threading.Thread(target=wait) for _ in range(4)]
    for thread in waiting:
        thread.start()
    time.sleep(0.5)  # until the polls wait inside; earlier only makes the test easier to pass
    assert end(one) < 2
    for thread in waiting:
        thread.join(10)
    assert len(outcome) == 4


def test_an_upload_does_not_hold_the_end_up(start):
    one = start()
    s3 = one.client("s3")
    s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": REGION})
    method, path, headers, _ = sign(one, "s3", "PUT", "/uploads/slow", {"Content-Length": str(1 << 30)}, b"")
    text = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", one.port)) as half:
        half.sendall(text.encode() + b"x" * (4 << 20))
        assert end(one) < 2
    one.start()
    assert "Contents" not in one.client("s3").list_objects_v2(Bucket="uploads")


def test_a_download_does_not_hold_the_end_up(start):
    one = start()
    s3 = one.client("s3")
    s3.create_bucket(Bucket="downloads", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="downloads", Key="large", Body=bytes(64 << 20))
    body = s3.get_object(Bucket="downloads", Key="large")["Body"]
    assert len(body.read(1000)) == 1000  # and then the client dawdles
    assert end(one) < 2
