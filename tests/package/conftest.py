import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def packages():
    """The directory of what scripts/package made; made before, by whoever runs these tests."""
    directory = ROOT / "build"
    missing = [name for name in ("function-x86_64.zip", "function-arm64.zip") if not (directory / name).exists()]
    if missing:
        pytest.fail(f"there is no {' and no '.join(missing)} in {directory}: run scripts/package first")
    return directory


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, directory, name):
        directory.mkdir(exist_ok=True)
        self.directory, self.certificate, self.key = directory, directory / f"{name}.pem", directory / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:true", "-keyout", self.key, "-out", self.certificate)

    def issue(self, *names):
        """(certificate, key) for these host names."""
        stem = self.directory / names[0].replace("*", "any")
        request, certificate, key, extensions = (pathlib.Path(f"{stem}{end}") for end in (".csr", ".crt", ".key", ".ext"))
        extensions.write_text("subjectAltName=" + ",".join(f"DNS:{name}" for name in names))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server",
                "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "2",
                "-extfile", extensions, "-out", certificate)
        return certificate, key


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "trusted")


@pytest.fixture(scope="session")
def other_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("other"), "unknown")
