"""A local cloud as a child process, and official clients that talk to it."""
import json
import os
import pathlib
import select
import signal
import subprocess
import time
import urllib.request

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("ADS_BUILD", ROOT / "build" / "release"))
# The packaged aws CLI where there is one: a machine may have a newer one earlier in its PATH.
AWS_CLI = "/usr/bin/aws" if os.path.exists("/usr/bin/aws") else "aws"
REGION = "eu-central-1"


class Cloud:
    """One `ads cloud` process, restartable on its data directory."""

    def __init__(self, directory, *options, prefix=()):
        """`prefix`: a program that starts it, as ["prlimit", "--nofile=400"]."""
        self.prefix = prefix
        self.directory, self.options, self.port, self.process = pathlib.Path(directory), options, 0, None
        self.exported = {}  # port -> what `ads env` said

    def start(self):
        where = [] if "--ephemeral" in self.options else ["--data", self.directory]
        command = [*self.prefix, BUILD / "ads", "cloud", "--port", str(self.port), *where, *self.options]
        self.log = open(self.directory.parent / (self.directory.name + ".log"), "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log)
        ready, _, _ = select.select([self.process.stdout], [], [], 30)
        line = self.process.stdout.readline().decode() if ready else ""
        if not line.startswith("ads cloud listening on "):
            raise RuntimeError(f"ads cloud did not start: {line!r}; see {self.log.name}")
        self.endpoint = line.split()[-1]
        self.port = int(self.endpoint.rsplit(":", 1)[1])
        return self

    def kill(self):
        """kill -9: nothing is flushed, nothing says goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)

    def environment(self):
        """What `ads env` exports, as a dictionary on top of this process's environment without any AWS settings."""
        if self.port not in self.exported:  # the same on the same data, however often it starts
            self.exported = {self.port: subprocess.run(
                [BUILD / "ads", "env", "--port", str(self.port), "--output", "json"],
                check=True, capture_output=True, text=True).stdout}
        text = self.exported[self.port]
        clean = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        return {**clean, **json.loads(text), "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}

    def token(self):
        """The console's token, which opens the cloud's own pages."""
        state = pathlib.Path(os.environ.get("XDG_STATE_HOME") or pathlib.Path.home() / ".local" / "state")
        return json.loads((state / "ads" / "clouds" / f"{self.port}.json").read_text())["consoleToken"]

    def page(self, path, method="GET"):
        """One of the cloud's own pages ("/_ads/health", "/_aws/ses?id=..."): its JSON, or nothing."""
        request = urllib.request.Request(self.endpoint + path, method=method, headers={"X-Ads-Token": self.token()})
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def client(self, service, **kwargs):
        values = self.environment()
        config = kwargs.pop("config", botocore.config.Config(
            retries={"max_attempts": 1}, s3={"addressing_style": "path"}, read_timeout=60))
        return boto3.client(service, endpoint_url=self.endpoint, region_name=kwargs.pop("region_name", REGION),
                            aws_access_key_id=kwargs.pop("aws_access_key_id", values["AWS_ACCESS_KEY_ID"]),
                            aws_secret_access_key=kwargs.pop("aws_secret_access_key", values["AWS_SECRET_ACCESS_KEY"]),
                            config=config, **kwargs)

    def ads(self, *arguments, check=True, region=REGION):
        """Runs `ads ARGUMENTS --output json` against this cloud; its JSON answer, or the finished process."""
        done = subprocess.run([BUILD / "ads", "--output", "json", "--region", region, *map(str, arguments)],
                              env=self.environment(), capture_output=True, text=True, cwd=ROOT)
        if not check:
            return done
        assert done.returncode == 0, f"ads {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}{done.stdout}"
        return json.loads(done.stdout) if done.stdout.strip() else None


def wait_until(condition, seconds=15.0, what="the condition"):
    """Asks until it holds: returns its value, or fails saying what never came."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(0.02)
