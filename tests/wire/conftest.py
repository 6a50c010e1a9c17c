"""Fixtures for the wire tests: a local cloud, and official AWS clients that talk to it."""
import json
import pathlib
import subprocess
import sys
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from local_cloud import AWS_CLI, BUILD, REGION, ROOT, Cloud, wait_until  # noqa: E402,F401


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    running = Cloud(tmp_path_factory.mktemp("cloud") / "data").start()
    yield running
    running.stop()
    assert running.process.returncode == 0, "ads cloud did not end cleanly"


@pytest.fixture(scope="session")
def client(cloud):
    """client("sqs") -> a boto3 client of the session's cloud."""
    made = {}

    def make(service, **kwargs):
        key = (service, tuple(sorted(kwargs)))
        if kwargs or key not in made:
            made[key] = cloud.client(service, **kwargs)
        return made[key]

    return make


@pytest.fixture(scope="session")
def aws(cloud):
    """aws("s3api", "list-buckets") -> the aws CLI's JSON answer; raises with its words when it fails."""
    values = cloud.environment()

    def run(*arguments, check=True):
        done = subprocess.run([AWS_CLI, "--endpoint-url", cloud.endpoint, "--region", REGION, "--output", "json",
                               "--no-cli-pager", *map(str, arguments)], env=values, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(done.stderr)
        if not check:
            return done
        try:
            return json.loads(done.stdout) if done.stdout.strip() else None
        except ValueError:
            return done.stdout

    return run


@pytest.fixture
def name():
    """A name nobody else uses: legal for a bucket, a queue, a table, a topic, a stack."""
    return "t" + uuid.uuid4().hex[:16]
