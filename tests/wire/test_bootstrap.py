"""The function's binary alone: in an empty root directory, with nothing but a kernel and somebody who speaks the Runtime API."""
import http.server
import json
import os
import shutil
import subprocess
import threading
import time

import pytest

from local_cloud import BUILD

TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b", "RequestId": "1", "HostId": "2"}


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    """Hands out one event, then waits for ever; remembers what it is told."""

    def do_GET(self):
        if self.server.given.is_set():
            time.sleep(60)
            return
        self.server.given.set()
        body = json.dumps(TEST_EVENT).encode()
        self.send_response(200)
        for name, value in (("Lambda-Runtime-Aws-Request-Id", "request-1"),
                            ("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 60_000)),
                            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:000000000000:function:f"),
                            ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, json.loads(body or b"null"), time.monotonic()))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.answered.set()

    def log_message(self, *_):
        pass


@pytest.fixture
def runtime_api():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    server.daemon_threads = True
    server.given, server.answered, server.told = threading.Event(), threading.Event(), []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def enter(root):
    """How to run a program with `root` as its root directory: as root, or as root of a user namespace."""
    if os.geteuid() == 0:
        return ["/usr/sbin/chroot", root]
    return ["unshare", "--map-root-user", "/usr/sbin/chroot", root]


def environment(server, handler):
    return {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_address[1]}", "_HANDLER": handler,
            "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
            "USERS_TABLE": "users", "RUNS_TABLE": "runs", "TOPIC_ARN": "arn:aws:sns:eu-central-1:000000000000:t",
            "RETRY_QUEUE_URL": "http://127.0.0.1:1/q", "SHARD_QUEUE_URL": "http://127.0.0.1:1/s",
            "TIME_ZONE": "Europe/Rome"}


def start(root, server, handler):
    shutil.copy(BUILD / "bootstrap", root / "bootstrap")
    return subprocess.Popen([*enter(root), "/bootstrap"], env=environment(server, handler),
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_it_answers_in_an_empty_root_directory(tmp_path, runtime_api, capsys):
    begun = time.monotonic()
    process = start(tmp_path, runtime_api, "dispatch")
    try:
        assert runtime_api.answered.wait(20), process.poll()
        path, _, answered = runtime_api.told[0]
        assert path == "/2018-06-01/runtime/invocation/request-1/response"
        resident = int(next(line for line in open(f"/proc/{process.pid}/status") if line.startswith("VmHWM")).split()[1])
        with capsys.disabled():
            print(f"\nbootstrap: first answer {1000 * (answered - begun):.0f} ms after exec, {resident / 1024:.1f} MB")
        assert resident < 24 * 1024
        assert os.listdir(tmp_path) == ["bootstrap"]
    finally:
        process.terminate()
        process.wait(10)
    assert process.returncode == 0, "SIGTERM ends it cleanly"


def test_an_unknown_handler_is_an_init_error(tmp_path, runtime_api):
    process = start(tmp_path, runtime_api, "nonsense")
    output = process.communicate(timeout=20)[0].decode()
    path, body, _ = runtime_api.told[0]
    assert path == "/2018-06-01/runtime/init/error"
    assert "nonsense" in body["errorMessage"] and "dispatch" in body["errorMessage"] and "retry" in body["errorMessage"]
    assert process.returncode != 0, output


def test_it_is_one_static_program():
    header = subprocess.run(["readelf", "-l", BUILD / "bootstrap"], capture_output=True, text=True, check=True).stdout
    assert "INTERP" not in header and "DYNAMIC" not in header
