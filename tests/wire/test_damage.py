"""What a disk does to data: a damaged block, a cut or removed log, a flipped byte in a body, no space. An error each time,
never a part for the whole."""
import os
import subprocess

import botocore.exceptions
import pytest
from conftest import Cloud


def flip(path, at=0.5):
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 0x55
    path.write_bytes(data)


def largest(directory, ending):
    return max(directory.rglob("*" + ending), key=lambda path: path.stat().st_size)


@pytest.fixture
def cloud(tmp_path):
    one = Cloud(tmp_path / "data").start()
    yield one
    one.stop()


def why_not(cloud):
    with pytest.raises(RuntimeError):
        cloud.start()
    assert cloud.process.wait(10) == 1, "the start ended with a signal"
    return open(cloud.log.name).read()


def fill_table(cloud, items=1500):
    dynamodb = cloud.client("dynamodb")
    dynamodb.create_table(TableName="table", BillingMode="PAY_PER_REQUEST",
                          KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    for first in range(0, items, 25):
        dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": {
            "k": {"S": f"{i:06}"}, "v": {"S": os.urandom(200).hex()}}}} for i in range(first, first + 25)]})


def test_a_scan_over_a_damaged_table_file(cloud):
    fill_table(cloud)
    cloud.stop()
    cloud.start()  # what was in the log is in a table file now
    cloud.stop()
    flip(largest(cloud.directory / "state", ".sst"))
    cloud.start()
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        for page in cloud.client("dynamodb").get_paginator("scan").paginate(TableName="table"):
            assert page["Items"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "store scan failed" in open(cloud.log.name).read()


@pytest.mark.parametrize("harm", ["cut", "removed", "flipped"])
def test_a_harmed_log_is_noticed_at_the_start(cloud, harm):
    fill_table(cloud, 100)
    cloud.kill()
    log = largest(cloud.directory / "state", ".log")
    if harm == "cut":
        os.truncate(log, log.stat().st_size // 2)
    elif harm == "removed":
        log.unlink()
    else:
        flip(log)
    assert "StoreCorrupt" in why_not(cloud)


@pytest.mark.parametrize("kind", ["put", "checksum", "multipart", "composite"])
def test_a_flipped_byte_in_a_body(cloud, kind):
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    body = os.urandom(6 << 20)
    if kind in ("put", "checksum"):
        extra = {"ChecksumAlgorithm": "CRC32"} if kind == "checksum" else {}
        s3.put_object(Bucket="bucket", Key="k", Body=body, **extra)
    else:
        extra = {"ChecksumAlgorithm": "SHA256"} if kind == "composite" else {}
        upload = s3.create_multipart_upload(Bucket="bucket", Key="k", **extra)["UploadId"]
        parts = []
        for number, piece in enumerate((body[:5 << 20], body[5 << 20:]), 1):
            done = s3.upload_part(Bucket="bucket", Key="k", UploadId=upload, PartNumber=number, Body=piece, **extra)
            parts.append({"PartNumber": number, **{name: value for name, value in done.items()
                                                   if name == "ETag" or name == "ChecksumSHA256"}})
        s3.complete_multipart_upload(Bucket="bucket", Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == body
    blob = largest(cloud.directory / "blobs", "")
    flip(blob if blob.is_file() else max((path for path in (cloud.directory / "blobs").rglob("*") if path.is_file()),
                                         key=lambda path: path.stat().st_size), 0.9)
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.get_object(Bucket="bucket", Key="k")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "object body is damaged" in open(cloud.log.name).read()


@pytest.mark.parametrize("how", ["copy", "part", "part by range"])
def test_a_damaged_body_gets_no_new_checksum(cloud, how):
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="bucket", Key="k", Body=os.urandom(12 << 20))
    flip(max((path for path in (cloud.directory / "blobs").rglob("*") if path.is_file()),
             key=lambda path: path.stat().st_size), 0.9)
    source = {"Bucket": "bucket", "Key": "k"}
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        if how == "copy":
            s3.copy_object(Bucket="bucket", Key="copy", CopySource=source, ChecksumAlgorithm="SHA256")
        else:
            upload = s3.create_multipart_upload(Bucket="bucket", Key="copy")["UploadId"]
            more = {"CopySourceRange": f"bytes=0-{(6 << 20) - 1}"} if how == "part by range" else {}
            s3.upload_part_copy(Bucket="bucket", Key="copy", UploadId=upload, PartNumber=1, CopySource=source, **more)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "object body is damaged" in open(cloud.log.name).read()
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="bucket")["Contents"]] == ["k"]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
@pytest.mark.parametrize("free", [190, 60, 30, 20, 10, 4])
def test_a_full_disk_at_the_start_is_a_sentence(tmp_path, free):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", disk]).returncode:
        pytest.skip("no permission to mount")
    try:
        (disk / "fill").write_bytes(b"x" * ((200 - free) * 1024))
        said = why_not(Cloud(disk / "data"))
        assert "DiskFull" in said and "are needed to start" in said, said
    finally:
        subprocess.run(["umount", disk], check=True)
