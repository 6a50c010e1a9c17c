"""The data directory is its owner's alone, and no secret stands in it as it is."""
import os
import stat
import subprocess

import pytest
from conftest import Cloud

SECURE, ORDINARY = "correct horse battery staple", "an ordinary value that is found"


def modes(directory):
    for root, names, files in os.walk(directory):
        for name in ["", *files]:
            path = os.path.join(root, name)
            if not os.path.islink(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
                yield path, stat.S_IMODE(os.stat(path).st_mode)


def content(directory):
    return b"".join(open(os.path.join(root, name), "rb").read() for root, _, files in os.walk(directory) for name in files)


@pytest.fixture
def lax():
    before = os.umask(0)
    yield
    os.umask(before)


def test_files_are_the_owners(tmp_path, lax):
    cloud = Cloud(tmp_path / "data").start()
    cloud.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    cloud.client("s3").put_object(Bucket="bucket", Key="k", Body=b"x" * 100_000)
    cloud.stop()
    open_to_others = {path: oct(mode) for path, mode in modes(cloud.directory) if mode & 0o077}
    assert not open_to_others


def test_a_directory_of_before_is_closed(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    cloud.stop()
    subprocess.run(["chmod", "-R", "a+rX", cloud.directory], check=True)
    cloud.start()
    try:
        assert stat.S_IMODE(os.stat(cloud.directory).st_mode) == 0o700
        assert {oct(mode) for path, mode in modes(cloud.directory / "state")} <= {"0o700", "0o600"}
    finally:
        cloud.stop()


def test_secrets_are_sealed(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    iam, ssm, sts = cloud.client("iam"), cloud.client("ssm"), cloud.client("sts")
    iam.create_user(UserName="ann")
    secrets = [cloud.environment()["AWS_SECRET_ACCESS_KEY"],
               iam.create_access_key(UserName="ann")["AccessKey"]["SecretAccessKey"],
               sts.get_session_token()["Credentials"]["SecretAccessKey"], SECURE]
    ssm.put_parameter(Name="/app/password", Type="SecureString", Value="another that was here")
    ssm.put_parameter(Name="/app/password", Type="SecureString", Value=SECURE, Overwrite=True)
    ssm.put_parameter(Name="/app/colour", Type="String", Value=ORDINARY)
    cloud.kill()
    stored = content(cloud.directory)
    assert ORDINARY.encode() in stored, "this test looks in the wrong place"
    for secret in [*secrets, "another that was here"]:
        assert secret.encode() not in stored, "a secret stands in the data as it is"
    assert stat.S_IMODE(os.stat(cloud.directory / "secret.key").st_mode) == 0o600
    cloud.start()  # and all of them can still be used
    try:
        values = cloud.client("ssm").get_parameter(Name="/app/password", WithDecryption=True)
        assert values["Parameter"]["Value"] == SECURE
        history = cloud.client("ssm").get_parameter_history(Name="/app/password", WithDecryption=True)["Parameters"]
        assert [version["Value"] for version in history] == ["another that was here", SECURE]
        assert cloud.client("iam").get_user(UserName="ann")
    finally:
        cloud.stop()


def test_another_key_is_refused_at_the_start(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    cloud.stop()
    (cloud.directory / "secret.key").write_text("ab" * 32 + "\n")
    with pytest.raises(RuntimeError):
        cloud.start()
    assert "secret.key is not the key" in open(cloud.log.name).read()
