"""The two zips, and the program in each: in a root directory that holds it, /etc/resolv.conf and a CA bundle, it finds AWS by name and
verifies it. The arm64 one runs under QEMU."""
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import zipfile

import pytest

SANDBOX = pathlib.Path(__file__).with_name("sandbox.py")
REGION = "eu-central-1"
HOSTS = [f"dynamodb.{REGION}.amazonaws.com", f"s3.{REGION}.amazonaws.com", f"*.s3.{REGION}.amazonaws.com",
         f"sqs.{REGION}.amazonaws.com", f"sns.{REGION}.amazonaws.com", f"email.{REGION}.amazonaws.com"]
AMAZON_LINUX_BUNDLE = "etc/pki/tls/certs/ca-bundle.crt"
MACHINES = {"x86_64": 62, "arm64": 183}  # ELF's e_machine
EMULATORS = {"x86_64": "qemu-x86_64-static", "arm64": "qemu-aarch64-static"}
HOST = {"x86_64": "x86_64", "aarch64": "arm64"}.get(os.uname().machine)


def may_isolate():
    return subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True).returncode == 0


isolated = pytest.mark.skipif(not may_isolate(), reason="SKIPPED LOUDLY: needs root and network namespaces (unshare --net): "
                              "the function was NOT run in an empty root")
both = pytest.mark.parametrize("architecture", sorted(MACHINES))


@both
def test_the_zip_holds_one_static_program(packages, architecture):
    with zipfile.ZipFile(packages / f"function-{architecture}.zip") as archive:
        assert archive.testzip() is None
        [entry] = archive.infolist()
        program = archive.read(entry)
    assert entry.filename == "bootstrap"
    assert stat.S_IMODE(entry.external_attr >> 16) == 0o755
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert program[:4] == b"\x7fELF" and program[4] == 2
    assert int.from_bytes(program[18:20], "little") == MACHINES[architecture]
    # No program header of an interpreter (3) or of dynamic linking (2).
    offset, size, count = (int.from_bytes(program[at:at + width], "little") for at, width in ((32, 8), (54, 2), (56, 2)))
    kinds = {int.from_bytes(program[offset + i * size:offset + i * size + 4], "little") for i in range(count)}
    assert not kinds & {2, 3}, "it would need a loader from the image"
    assert len(program) < 50 << 20


@both
def test_no_path_of_the_builder_is_in_it(packages, architecture):
    program = zipfile.ZipFile(packages / f"function-{architecture}.zip").read("bootstrap")
    assert str(packages.parent).encode() + b"/" not in program
    assert b"/build/release" not in program and b"/build/function-arm64" not in program


class Root:
    """A root directory with the function in it, and what Amazon Linux has: a resolv.conf and a CA bundle."""

    def __init__(self, directory, zip_file, architecture):
        self.directory, self.architecture = directory, architecture
        (directory / "etc").mkdir()
        (directory / "etc/resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")
        (directory / "bootstrap").write_bytes(zipfile.ZipFile(zip_file).read("bootstrap"))
        (directory / "bootstrap").chmod(0o755)
        self.command = ["/usr/sbin/chroot", str(directory)]
        if architecture != HOST:
            emulator = shutil.which(EMULATORS[architecture])
            if not emulator:
                pytest.skip(f"SKIPPED LOUDLY: no {EMULATORS[architecture]} (scripts/setup package): {architecture} was NOT run")
            shutil.copy(emulator, directory / "emulator")
            self.command.append("/emulator")
        self.command.append("/bootstrap")

    def add(self, path, content):
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return self

    def run(self, server, **environment):
        """Runs the function on one event. `server`: (certificate, key) of whoever answers as AWS."""
        asked = {"command": self.command, "certificate": str(server[0]), "key": str(server[1]),
                 "environment": {"_HANDLER": "dispatch", "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
                                 "AWS_SECRET_ACCESS_KEY": "secret", "USERS_TABLE": "users", "RUNS_TABLE": "runs",
                                 "TOPIC_ARN": f"arn:aws:sns:{REGION}:000000000000:topic",
                                 "RETRY_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/000000000000/retry.fifo",
                                 "SHARD_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/000000000000/shards",
                                 **environment}}
        done = subprocess.run(["unshare", "--net", "--mount", "--fork", "--kill-child", sys.executable, SANDBOX],
                              input=json.dumps(asked), capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(params=sorted(MACHINES))
def root(request, packages, tmp_path):
    return Root(tmp_path, packages / f"function-{request.param}.zip", request.param)


@pytest.fixture(scope="session")
def server(authority):
    return authority.issue(*HOSTS)


def assert_reached(result):
    hosts = {request["host"] for request in result["requests"]}
    assert f"dynamodb.{REGION}.amazonaws.com" in result["asked"], result
    assert f"dynamodb.{REGION}.amazonaws.com" in hosts, result
    assert any(request["target"].startswith("DynamoDB_20120810.") for request in result["requests"]), result
    assert "denied by the sandbox" in result["output"] + json.dumps(result["told"]), "the service's answer arrived"


def assert_refused(result, *words):
    assert result["requests"] == [], "nothing was said to a server that is not trusted"
    [told] = result["told"]
    assert told["path"].endswith("/error"), result
    for word in words:
        assert word in told["body"], result


@isolated
def test_it_reaches_aws_by_name_over_verified_tls(root, server, authority):
    result = root.add(AMAZON_LINUX_BUNDLE, authority.certificate.read_bytes()).run(server)
    assert_reached(result)
    left = {str(path.relative_to(root.directory)) for path in root.directory.rglob("*") if path.is_file()} - {"emulator"}
    assert left == {"bootstrap", "etc/resolv.conf", AMAZON_LINUX_BUNDLE}, "it needed nothing, and left nothing"


@isolated
def test_a_server_of_an_unknown_authority_is_refused(root, server, other_authority):
    result = root.add(AMAZON_LINUX_BUNDLE, other_authority.certificate.read_bytes()).run(server)
    assert_refused(result, "TlsFailed", "certificate", AMAZON_LINUX_BUNDLE)


@isolated
@pytest.mark.parametrize("root", [HOST], indirect=True)
def test_a_certificate_for_another_name_is_refused(root, authority):
    stranger = authority.issue("dynamodb.example.com")
    assert_refused(root.add(AMAZON_LINUX_BUNDLE, authority.certificate.read_bytes()).run(stranger), "TlsFailed", "name")


@isolated
@pytest.mark.parametrize("root", [HOST], indirect=True)
@pytest.mark.parametrize("place", ["etc/ssl/certs/ca-certificates.crt", AMAZON_LINUX_BUNDLE,
                                   "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "etc/ssl/cert.pem"])
def test_the_bundle_is_found_where_distributions_keep_it(root, server, authority, place):
    assert_reached(root.add(place, authority.certificate.read_bytes()).run(server))


@isolated
@pytest.mark.parametrize("root", [HOST], indirect=True)
@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_bundle_that_is_named_is_preferred(root, server, authority, other_authority, variable):
    root.add(AMAZON_LINUX_BUNDLE, other_authority.certificate.read_bytes())
    assert_reached(root.add("mine.pem", authority.certificate.read_bytes()).run(server, **{variable: "/mine.pem"}))


@isolated
@pytest.mark.parametrize("root", [HOST], indirect=True)
def test_without_a_bundle_it_says_where_it_looked(root, server):
    assert_refused(root.run(server), "NoCaBundle", "AWS_CA_BUNDLE", "/" + AMAZON_LINUX_BUNDLE)


@isolated
@pytest.mark.parametrize("root", [HOST], indirect=True)
def test_an_endpoint_of_another_name_is_asked_for_by_dns(root, authority):
    root.add(AMAZON_LINUX_BUNDLE, authority.certificate.read_bytes())
    result = root.run(authority.issue("cloud.example.org"), AWS_ENDPOINT_URL="https://cloud.example.org")
    assert "cloud.example.org" in result["asked"]
    assert {request["host"] for request in result["requests"]} == {"cloud.example.org"}


@isolated
@pytest.mark.parametrize("root", [HOST], indirect=True)
def test_an_unknown_name_is_an_error_that_names_it(root, server, authority):
    root.add(AMAZON_LINUX_BUNDLE, authority.certificate.read_bytes())
    result = root.run(server, AWS_ENDPOINT_URL="https://unknown.example", AWS_MAX_ATTEMPTS="1")
    assert_refused(result, "NameNotFound", "unknown.example")


TRAP = """
#include <unistd.h>
__attribute__((constructor)) static void sprung(void) { write(1, "TRAP\\n", 5); _exit(77); }
"""


@isolated
@pytest.mark.parametrize("root", [HOST], indirect=True)
def test_the_images_name_service_modules_are_left_alone(root, server, authority):
    """A static program that loads a module of the image's other glibc dies of it: only files and dns, which are inside, are used."""
    source = root.directory / "trap.c"
    source.write_text(TRAP)
    (root.directory / "lib64").mkdir()
    subprocess.run(["clang-19", "-shared", "-fPIC", "-o", root.directory / "lib64/libnss_trap.so.2", source], check=True)
    shutil.copy("/lib64/ld-linux-x86-64.so.2" if HOST == "x86_64" else "/lib/ld-linux-aarch64.so.1", root.directory / "lib64")
    shutil.copy(f"/lib/{os.uname().machine}-linux-gnu/libc.so.6", root.directory / "lib64")
    root.add("etc/nsswitch.conf", b"hosts: trap files dns\n")
    result = root.add(AMAZON_LINUX_BUNDLE, authority.certificate.read_bytes()).run(server)
    assert "TRAP" not in result["output"]
    assert_reached(result)
