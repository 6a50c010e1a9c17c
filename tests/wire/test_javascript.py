"""The function's own calls through the AWS SDK for JavaScript v3: a second client that nobody here wrote."""
import pathlib
import re
import shutil
import subprocess
import zipfile

import pytest
from local_cloud import REGION, ROOT

SOURCE = pathlib.Path(__file__).parent / "javascript"
INSTALLED = ROOT / "build" / "javascript"

# A custom runtime in a page of Python: gives the event back, or fails as it is told to.
BOOTSTRAP = """#!{python}
import json, os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    event = urllib.request.urlopen(api + "next")
    request_id, body = event.headers["Lambda-Runtime-Aws-Request-Id"], event.read()
    wish = json.loads(body)
    if "fail" in wish:
        path, body = "/error", json.dumps({{"errorMessage": wish["fail"], "errorType": "Wish"}}).encode()
    else:
        path = "/response"
    urllib.request.urlopen(urllib.request.Request(api + request_id + path, data=body, method="POST"))
"""


@pytest.fixture(scope="session")
def installed():
    """build/javascript with the SDK as package-lock.json has it; installed once, and again where the lock changed."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("NOT TESTED WITH THE JAVASCRIPT SDK: node or npm is not installed (scripts/setup test)")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    lock = (SOURCE / "package-lock.json").read_text()
    marker = INSTALLED / ".installed"
    if not marker.exists() or marker.read_text() != lock:
        for file in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / file, INSTALLED)
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=INSTALLED, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"NOT TESTED WITH THE JAVASCRIPT SDK: npm ci failed in {INSTALLED}: {done.stderr[-1000:]}")
        marker.write_text(lock)
    return INSTALLED


@pytest.fixture(scope="session")
def echo_zip(tmp_path_factory):
    path = tmp_path_factory.mktemp("echo") / "echo.zip"
    with zipfile.ZipFile(path, "w") as package:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        package.writestr(entry, BOOTSTRAP.format(python=shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin")))
    return path


def test_the_functions_calls_in_javascript(cloud, installed, echo_zip):
    for file in SOURCE.glob("*.mjs"):
        shutil.copy(file, installed)  # node looks for packages beside the script
    values = {**cloud.environment(), "AWS_REGION": REGION, "ADS_ECHO_ZIP": str(echo_zip), "NODE_NO_WARNINGS": "1",
              "ADS_TOKEN": cloud.token()}
    done = subprocess.run(["node", "--test", "function_calls.test.mjs"], cwd=installed, env=values, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = dict(re.findall(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)$", done.stdout, re.M))
    assert int(counts["pass"]) >= 20 and counts["fail"] == counts["skipped"] == "0", done.stdout
