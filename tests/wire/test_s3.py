"""S3 as boto3 and the aws CLI see it: every operation, and the errors as AWS words them."""
import base64
import hashlib
import http.client
import json
import os
import urllib.parse
import urllib.request
import zlib

import boto3
import botocore.config
import botocore.exceptions
import pytest

from conftest import REGION, wait_until

MB = 1 << 20


@pytest.fixture(scope="session")
def s3(client):
    return client("s3")


@pytest.fixture
def bucket(s3, name):
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def refused(call, code, status=None, **members):
    """Runs the call and checks how it is refused; returns the error for further looks."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    if status:
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    for member, value in members.items():
        assert error[member] == value, error
    return error


def keys(page):
    return [entry["Key"] for entry in page.get("Contents", [])]


# ---- buckets ----


def test_bucket_life(s3, name):
    refused(lambda: s3.head_bucket(Bucket=name), "404", 404)
    made = s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    assert made["Location"] == f"/{name}"
    assert s3.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == REGION
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == REGION
    assert name in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    refused(lambda: s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}),
            "BucketAlreadyOwnedByYou", 409, BucketName=name)
    s3.put_object(Bucket=name, Key="a", Body=b"x")
    refused(lambda: s3.delete_bucket(Bucket=name), "BucketNotEmpty", 409)
    s3.delete_object(Bucket=name, Key="a")
    s3.create_multipart_upload(Bucket=name, Key="unfinished")
    s3.delete_bucket(Bucket=name)
    refused(lambda: s3.list_objects_v2(Bucket=name), "NoSuchBucket", 404, BucketName=name)


def test_bucket_names_and_regions(s3, client, name):
    refused(lambda: s3.create_bucket(Bucket="Not-Valid", CreateBucketConfiguration={"LocationConstraint": REGION}),
            "InvalidBucketName", 400)
    refused(lambda: s3.create_bucket(Bucket=name), "IllegalLocationConstraintException", 400)
    refused(lambda: s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}),
            "IllegalLocationConstraintException", 400)
    home = client("s3", region_name="us-east-1")
    home.create_bucket(Bucket=name)
    home.create_bucket(Bucket=name)  # us-east-1 only: making one's own again succeeds
    assert home.get_bucket_location(Bucket=name)["LocationConstraint"] is None
    home.delete_bucket(Bucket=name)


def test_versioning_configuration(s3, bucket):
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    refused(lambda: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={}),
            "IllegalVersioningConfigurationException", 400)


def test_bucket_documents(s3, bucket):
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/k"},
         "BucketKeyEnabled": True}]})
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]["BucketKeyEnabled"]
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert put["ServerSideEncryption"] == "aws:kms" and put["SSEKMSKeyId"] == "alias/k"
    s3.delete_bucket_encryption(Bucket=bucket)

    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert all(block.values()) and len(block) == 4
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
    s3.delete_public_access_block(Bucket=bucket)
    refused(lambda: s3.get_public_access_block(Bucket=bucket), "NoSuchPublicAccessBlockConfiguration", 404)

    rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    refused(lambda: s3.get_bucket_ownership_controls(Bucket=bucket), "OwnershipControlsNotFoundError", 404)

    refused(lambda: s3.get_bucket_tagging(Bucket=bucket), "NoSuchTagSet", 404)
    tags = [{"Key": "team", "Value": "a & b"}]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags
    refused(lambda: s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags + tags}), "InvalidTag", 400)
    s3.delete_bucket_tagging(Bucket=bucket)
    refused(lambda: s3.get_bucket_tagging(Bucket=bucket), "NoSuchTagSet")


def test_bucket_lifecycle(s3, bucket):
    refused(lambda: s3.get_bucket_lifecycle_configuration(Bucket=bucket), "NoSuchLifecycleConfiguration", 404)
    rules = [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 30}},
             {"ID": "parts", "Status": "Disabled", "Filter": {"And": {"Prefix": "a", "Tags": [{"Key": "k", "Value": "v"}]}},
              "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules[:1]})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules[:1]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules
    empty = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}}
    refused(lambda: s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [empty]}), "InvalidRequest")
    s3.delete_bucket_lifecycle(Bucket=bucket)


def test_bucket_policy(s3, bucket):
    refused(lambda: s3.get_bucket_policy(Bucket=bucket), "NoSuchBucketPolicy", 404)
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                 "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(policy)
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is False
    refused(lambda: s3.put_bucket_policy(Bucket=bucket, Policy="no"), "MalformedPolicy", 400)
    other = {**statement, "Resource": "arn:aws:s3:::other/*"}
    refused(lambda: s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": [other]})), "MalformedPolicy",
            Message="Policy has invalid resource")
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    refused(lambda: s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": [public]})), "AccessDenied", 403)
    s3.delete_bucket_policy(Bucket=bucket)
    refused(lambda: s3.get_bucket_policy(Bucket=bucket), "NoSuchBucketPolicy")


def test_what_is_missing_says_so(s3, bucket):
    refused(lambda: s3.get_bucket_website(Bucket=bucket), "NotImplemented", 501)
    refused(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"x", ACL="public-read"), "AccessControlListNotSupported", 400)
    refused(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"x", ObjectLockMode="GOVERNANCE",
                                  ObjectLockRetainUntilDate="2030-01-01T00:00:00Z"), "NotImplemented", 501)


# ---- objects ----


@pytest.mark.parametrize("size", [0, 1, 1024, 32 * 1024, 32 * 1024 + 1, 3 * MB + 7])
def test_put_get_head_delete(s3, bucket, size):
    body = os.urandom(size)
    put = s3.put_object(Bucket=bucket, Key="dir/a b+c%é", Body=body, ContentType="text/x", Metadata={"one": "1", "two": "zwei"},
                        CacheControl="no-cache", ContentDisposition="inline", ContentLanguage="de", StorageClass="STANDARD_IA")
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    got = s3.get_object(Bucket=bucket, Key="dir/a b+c%é")
    assert got["Body"].read() == body
    for answer in (got, s3.head_object(Bucket=bucket, Key="dir/a b+c%é")):
        assert answer["ETag"] == put["ETag"] and answer["ContentLength"] == size
        assert answer["ContentType"] == "text/x" and answer["Metadata"] == {"one": "1", "two": "zwei"}
        assert (answer["CacheControl"], answer["ContentDisposition"], answer["ContentLanguage"]) == ("no-cache", "inline", "de")
        assert answer["StorageClass"] == "STANDARD_IA" and answer["AcceptRanges"] == "bytes"
        assert answer["ServerSideEncryption"] == "AES256"
    s3.delete_object(Bucket=bucket, Key="dir/a b+c%é")
    refused(lambda: s3.get_object(Bucket=bucket, Key="dir/a b+c%é"), "NoSuchKey", 404, Key="dir/a b+c%é")
    refused(lambda: s3.head_object(Bucket=bucket, Key="dir/a b+c%é"), "404", 404)
    s3.delete_object(Bucket=bucket, Key="dir/a b+c%é")  # again: no error


def test_ranges(s3, bucket):
    for size, key in ((1000, "small"), (100_000, "large")):
        body = os.urandom(size)
        s3.put_object(Bucket=bucket, Key=key, Body=body)
        for spec, part in (("bytes=0-9", body[:10]), ("bytes=990-", body[990:]), ("bytes=-5", body[-5:]),
                           ("bytes=10-5000000", body[10:])):
            got = s3.get_object(Bucket=bucket, Key=key, Range=spec)
            assert got["Body"].read() == part
            assert got["ResponseMetadata"]["HTTPStatusCode"] == 206 and got["ContentRange"].endswith(f"/{size}")
        error = refused(lambda: s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={size}-"), "InvalidRange", 416)
        assert error["ActualObjectSize"] == str(size) and error["RangeRequested"] == f"bytes={size}-"
        assert s3.head_object(Bucket=bucket, Key=key, Range="bytes=1-2")["ContentLength"] == 2
        assert s3.get_object(Bucket=bucket, Key=key, Range="bytes=1-2,4-5")["ContentLength"] == size


def test_read_conditions(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    modified = s3.head_object(Bucket=bucket, Key="k")["LastModified"]
    assert s3.get_object(Bucket=bucket, Key="k", IfMatch=etag)["ETag"] == etag
    refused(lambda: s3.get_object(Bucket=bucket, Key="k", IfMatch='"x"'), "PreconditionFailed", 412, Condition="If-Match")
    refused(lambda: s3.get_object(Bucket=bucket, Key="k", IfNoneMatch=etag), "304", 304)
    refused(lambda: s3.head_object(Bucket=bucket, Key="k", IfModifiedSince=modified), "304", 304)
    refused(lambda: s3.head_object(Bucket=bucket, Key="k", IfMatch='"x"'), "412", 412)
    refused(lambda: s3.get_object(Bucket=bucket, Key="k", IfUnmodifiedSince="2001-01-01"), "PreconditionFailed", 412)


def conditional(s3, operation, headers, **arguments):
    """Calls with extra headers: old clients do not know the newer conditions."""
    def add(request, **_):
        for header, value in headers.items():
            request.headers[header] = value
    event = f"before-sign.s3.{operation}"
    s3.meta.events.register(event, add)
    try:
        method = "".join("_" + c.lower() if c.isupper() else c for c in operation).lstrip("_")
        return getattr(s3, method)(**arguments)
    finally:
        s3.meta.events.unregister(event, add)


def test_write_conditions(s3, bucket):
    put = lambda headers, key="k": conditional(s3, "PutObject", headers, Bucket=bucket, Key=key, Body=b"y" * 100)
    etag = put({"If-None-Match": "*"})["ETag"]
    refused(lambda: put({"If-None-Match": "*"}), "PreconditionFailed", 412, Condition="If-None-Match")
    refused(lambda: put({"If-Match": '"x"'}), "PreconditionFailed", 412, Condition="If-Match")
    put({"If-Match": etag})
    refused(lambda: put({"If-Match": etag}, "other"), "NoSuchKey", 404)
    refused(lambda: put({"If-None-Match": etag}), "NotImplemented", 501)
    refused(lambda: conditional(s3, "DeleteObject", {"If-Match": '"x"'}, Bucket=bucket, Key="k"), "PreconditionFailed", 412)
    conditional(s3, "DeleteObject", {"If-Match": etag}, Bucket=bucket, Key="k")


def test_response_overrides_and_presigned_urls(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b", Body=b"hello")
    got = s3.get_object(Bucket=bucket, Key="a b", ResponseContentType="text/csv", ResponseContentDisposition="attachment")
    assert got["ContentType"] == "text/csv" and got["ContentDisposition"] == "attachment"
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b", "ResponseContentType": "x/y"})
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"hello" and answer.headers["Content-Type"] == "x/y"
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "new"})
    urllib.request.urlopen(urllib.request.Request(url, data=b"z" * 50_000, method="PUT"))
    assert s3.head_object(Bucket=bucket, Key="new")["ContentLength"] == 50_000
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url.replace("new", "other"))
    assert caught.value.code == 403


def test_virtual_hosted_style(bucket, cloud, s3):
    s3.put_object(Bucket=bucket, Key="k", Body=b"v")
    port = urllib.parse.urlsplit(cloud.endpoint).port
    values = cloud.environment()
    hosted = boto3.client("s3", endpoint_url=f"http://localhost:{port}", region_name=REGION,
                          aws_access_key_id=values["AWS_ACCESS_KEY_ID"], aws_secret_access_key=values["AWS_SECRET_ACCESS_KEY"],
                          config=botocore.config.Config(s3={"addressing_style": "virtual"}, signature_version="s3v4"))
    # Signed for bucket.localhost, and sent to the loopback as a resolver that knows *.localhost does.
    split = urllib.parse.urlsplit(hosted.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"}))
    assert split.netloc == f"{bucket}.localhost:{port}" and split.path == "/k"
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"{split.path}?{split.query}", headers={"Host": split.netloc})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read() == b"v"


def test_limits(s3, bucket):
    refused(lambda: s3.put_object(Bucket=bucket, Key="k" * 1025, Body=b""), "KeyTooLongError", 400)
    s3.put_object(Bucket=bucket, Key="k" * 1024, Body=b"")
    refused(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"", Metadata={"a": "x" * 2048}), "MetadataTooLarge", 400)
    refused(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"", StorageClass="NONE"), "InvalidStorageClass", 400)
    refused(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"", Tagging="&".join(f"k{i}=v" for i in range(11))), "BadRequest", 400)


def raw(s3, cloud, method, path, headers=None, body=None, data=None):
    """A signed request with headers that no SDK would send; returns status and body."""
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    values = cloud.environment()
    request = botocore.awsrequest.AWSRequest(method=method, url=cloud.endpoint + path, headers=headers or {}, data=body or b"")
    if "X-Amz-Content-SHA256" in request.headers:
        request.context["payload_signing_enabled"] = True
    auth = botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]),
                                     "s3", REGION)
    if "X-Amz-Content-SHA256" in request.headers:
        claimed = request.headers["X-Amz-Content-SHA256"]
        auth.payload = lambda _: claimed
    auth.add_auth(request)
    split = urllib.parse.urlsplit(cloud.endpoint)
    connection = http.client.HTTPConnection(split.hostname, split.port, timeout=20)
    connection.request(method, path, body=data if data is not None else (body or b""), headers=dict(request.headers))
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer


def test_integrity(s3, cloud, bucket):
    md5 = base64.b64encode(hashlib.md5(b"hello").digest()).decode()
    assert raw(s3, cloud, "PUT", f"/{bucket}/k", {"Content-MD5": md5}, b"hello")[0] == 200
    status, text, _ = raw(s3, cloud, "PUT", f"/{bucket}/k", {"Content-MD5": md5}, b"other")
    assert status == 400 and "<Code>BadDigest</Code>" in text
    status, text, _ = raw(s3, cloud, "PUT", f"/{bucket}/k", {"Content-MD5": "nonsense"}, b"other")
    assert status == 400 and "<Code>InvalidDigest</Code>" in text
    status, text, _ = raw(s3, cloud, "PUT", f"/{bucket}/k", {}, b"hello", data=b"jello")  # tampered with on the way
    assert status == 400 and "<Code>XAmzContentSHA256Mismatch</Code>" in text
    wrong = base64.b64encode(b"\0\0\0\0").decode()
    status, text, _ = raw(s3, cloud, "PUT", f"/{bucket}/k", {"x-amz-checksum-crc32": wrong}, b"hello")
    assert status == 400 and "<Code>BadDigest</Code>" in text and "The CRC32 you specified did not match" in text
    right = base64.b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()
    status, _, answer = raw(s3, cloud, "PUT", f"/{bucket}/k", {"x-amz-checksum-crc32": right}, b"hello")
    assert status == 200 and answer.headers["x-amz-checksum-crc32"] == right
    status, text, _ = raw(s3, cloud, "PUT", f"/{bucket}/k",
                          {"x-amz-checksum-crc32": right, "x-amz-checksum-sha1": "x"}, b"hello")
    assert status == 400 and "<Code>InvalidRequest</Code>" in text
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"hello"


def chunked(pieces, trailer=""):
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n" + trailer.encode() + b"\r\n"


def test_unsigned_trailers(s3, cloud, bucket):
    whole = b"hello" * 20_000
    crc = base64.b64encode(zlib.crc32(whole).to_bytes(4, "big")).decode()
    head = {"X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "Content-Encoding": "aws-chunked",
            "X-Amz-Decoded-Content-Length": str(len(whole)), "X-Amz-Trailer": "x-amz-checksum-crc32"}
    put = lambda data, headers=head: raw(s3, cloud, "PUT", f"/{bucket}/t", headers, b"", data)[:2]
    assert put(chunked([whole[:70_000], whole[70_000:]], f"x-amz-checksum-crc32:{crc}\r\n"))[0] == 200
    got = s3.get_object(Bucket=bucket, Key="t")
    assert got["Body"].read() == whole and "ContentEncoding" not in got
    assert "BadDigest" in put(chunked([whole], "x-amz-checksum-crc32:AAAAAA==\r\n"))[1]
    assert "MalformedTrailerError" in put(chunked([whole]))[1]
    assert "IncompleteBody" in put(chunked([whole[:-1]], f"x-amz-checksum-crc32:{crc}\r\n"))[1]
    assert "IncompleteBody" in put(chunked([whole, b"more"], f"x-amz-checksum-crc32:{crc}\r\n"))[1]
    assert "IncompleteBody" in put(b"zz\r\n" + whole)[1]


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums(s3, bucket, algorithm):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"hello" * 9000, ChecksumAlgorithm=algorithm)
    value = put[f"Checksum{algorithm}"]
    assert s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")[f"Checksum{algorithm}"] == value
    assert f"Checksum{algorithm}" not in s3.head_object(Bucket=bucket, Key="k")
    assert s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")["Body"].read() == b"hello" * 9000
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass"])
    assert attributes["Checksum"][f"Checksum{algorithm}"] == value and attributes["ObjectSize"] == 45_000
    assert attributes["ETag"] == put["ETag"].strip('"')


def test_object_tags(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Tagging="a=1&b=two%20words")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "two words"}]
    assert s3.get_object(Bucket=bucket, Key="k")["TagCount"] == 2
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": ""}]})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "c", "Value": ""}]
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    refused(lambda: s3.get_object_tagging(Bucket=bucket, Key="none"), "NoSuchKey", 404)


def test_delete_many(s3, bucket):
    for i in range(5):
        s3.put_object(Bucket=bucket, Key=f"k{i}", Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": f"k{i}"} for i in range(4)] + [{"Key": "none"}]})
    assert len(answer["Deleted"]) == 5 and "Errors" not in answer
    assert keys(s3.list_objects_v2(Bucket=bucket)) == ["k4"]
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k4"}], "Quiet": True})
    assert "Deleted" not in quiet
    refused(lambda: s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": str(i)} for i in range(1001)]}), "MalformedXML", 400)


# ---- versions ----


def test_versions(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"null")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    one = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    two = s3.put_object(Bucket=bucket, Key="k", Body=b"2")["VersionId"]
    assert s3.get_object(Bucket=bucket, Key="k")["VersionId"] == two
    for version, body in ((one, b"1"), (two, b"2"), ("null", b"null")):
        assert s3.get_object(Bucket=bucket, Key="k", VersionId=version)["Body"].read() == body
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"] is True
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.get_object(Bucket=bucket, Key="k")
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-delete-marker"] == "true" and headers["x-amz-version-id"] == marker["VersionId"]
    refused(lambda: s3.get_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"]), "MethodNotAllowed", 405)
    refused(lambda: s3.get_object(Bucket=bucket, Key="k", VersionId="nonsense"), "InvalidArgument", 400)
    refused(lambda: s3.get_object(Bucket=bucket, Key="k", VersionId="0" * 32), "NoSuchVersion", 404)
    listed = s3.list_object_versions(Bucket=bucket)
    assert [(v["VersionId"], v["IsLatest"]) for v in listed["Versions"]] == [(two, False), (one, False), ("null", False)]
    assert [(m["VersionId"], m["IsLatest"]) for m in listed["DeleteMarkers"]] == [(marker["VersionId"], True)]
    paged = [v["VersionId"] for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
             for v in page.get("Versions", []) + page.get("DeleteMarkers", [])]
    assert paged == [marker["VersionId"], two, one, "null"]
    assert s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])["DeleteMarker"] is True
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"
    refused(lambda: s3.delete_bucket(Bucket=bucket), "BucketNotEmpty")
    copied = s3.copy_object(Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "k", "VersionId": one})
    assert copied["CopySourceVersionId"] == one and s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


# ---- listing ----


def test_listing(s3, bucket):
    for key in ["a", "b/1", "b/2", "c d", "é&<>", "e/\x01"]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    assert keys(s3.list_objects_v2(Bucket=bucket)) == ["a", "b/1", "b/2", "c d", "e/\x01", "é&<>"]
    assert keys(s3.list_objects(Bucket=bucket)) == ["a", "b/1", "b/2", "c d", "e/\x01", "é&<>"]
    page = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert keys(page) == ["a", "c d", "é&<>"] and [p["Prefix"] for p in page["CommonPrefixes"]] == ["b/", "e/"]
    assert page["KeyCount"] == 5
    assert keys(s3.list_objects_v2(Bucket=bucket, Prefix="b/", StartAfter="b/1")) == ["b/2"]
    for operation in ("list_objects_v2", "list_objects"):
        for delimiter in ("", "/"):
            arguments = {"Delimiter": delimiter} if delimiter else {}
            pages = list(s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": 1}, **arguments))
            seen = [k for p in pages for k in keys(p) + [c["Prefix"] for c in p.get("CommonPrefixes", [])]]
            assert seen == (["a", "b/", "c d", "e/", "é&<>"] if delimiter else ["a", "b/1", "b/2", "c d", "e/\x01", "é&<>"])
    entry = s3.list_objects_v2(Bucket=bucket, Prefix="a", FetchOwner=True)["Contents"][0]
    assert entry["Size"] == 1 and entry["StorageClass"] == "STANDARD" and entry["Owner"]["ID"] and entry["ETag"].startswith('"')
    refused(lambda: s3.list_objects_v2(Bucket=bucket, ContinuationToken="?"), "InvalidArgument", 400)


# ---- copies ----


def test_copies(s3, bucket, name):
    body = os.urandom(100_000)
    etag = s3.put_object(Bucket=bucket, Key="a b+c", Body=body, Metadata={"m": "1"}, ContentType="x/y", Tagging="t=1")["ETag"]
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a b+c"})
    assert copied["CopyObjectResult"]["ETag"] == etag
    got = s3.get_object(Bucket=bucket, Key="copy")
    assert got["Body"].read() == body and got["Metadata"] == {"m": "1"} and got["ContentType"] == "x/y" and got["TagCount"] == 1
    s3.delete_object(Bucket=bucket, Key="a b+c")
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == body
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/copy", MetadataDirective="REPLACE", Metadata={"m": "2"},
                   TaggingDirective="REPLACE", Tagging="")
    got = s3.get_object(Bucket=bucket, Key="copy")
    assert got["Metadata"] == {"m": "2"} and "TagCount" not in got and got["Body"].read() == body
    refused(lambda: s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/copy"), "InvalidRequest", 400)
    refused(lambda: s3.copy_object(Bucket=bucket, Key="x", CopySource=f"{bucket}/none"), "NoSuchKey", 404)
    refused(lambda: s3.copy_object(Bucket=bucket, Key="x", CopySource="nobucket-here/none"), "NoSuchBucket", 404)
    source = {"Bucket": bucket, "Key": "copy"}
    refused(lambda: s3.copy_object(Bucket=bucket, Key="x", CopySource=source, CopySourceIfMatch='"x"'), "PreconditionFailed", 412)
    refused(lambda: s3.copy_object(Bucket=bucket, Key="x", CopySource=source, CopySourceIfNoneMatch=etag), "PreconditionFailed", 412)
    s3.copy_object(Bucket=bucket, Key="x", CopySource=source, CopySourceIfMatch=etag)
    refused(lambda: conditional(s3, "CopyObject", {"If-None-Match": "*"}, Bucket=bucket, Key="x", CopySource=source), "PreconditionFailed", 412)
    conditional(s3, "CopyObject", {"If-None-Match": "*"}, Bucket=bucket, Key="y", CopySource=source)


# ---- multipart ----


def start(s3, bucket, parts, key="m", **arguments):
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key, **arguments)["UploadId"]
    listed = []
    for number, body in parts.items():
        etag = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=body)["ETag"]
        assert etag == f'"{hashlib.md5(body).hexdigest()}"'
        listed.append({"PartNumber": number, "ETag": etag})
    return upload, listed


def test_multipart(s3, bucket):
    parts = {1: os.urandom(5 * MB), 3: os.urandom(5 * MB + 1), 10: b"end"}
    upload, listed = start(s3, bucket, parts, Metadata={"m": "1"}, ContentType="x/y")
    assert [u["UploadId"] for u in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    page = s3.list_parts(Bucket=bucket, Key="m", UploadId=upload, MaxParts=2)
    assert [p["PartNumber"] for p in page["Parts"]] == [1, 3] and page["IsTruncated"] and page["NextPartNumberMarker"] == 3
    complete = lambda parts: s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={"Parts": parts})
    refused(lambda: complete(listed[::-1]), "InvalidPartOrder", 400)
    refused(lambda: complete([{**listed[0], "ETag": '"x"'}]), "InvalidPart", 400)
    refused(lambda: complete(listed + [{"PartNumber": 11, "ETag": '"x"'}]), "InvalidPart", 400)
    refused(lambda: s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload), "MalformedXML", 400)
    done = complete(listed)
    whole = b"".join(parts.values())
    digest = hashlib.md5(b"".join(hashlib.md5(p).digest() for p in parts.values())).hexdigest()
    assert done["ETag"] == f'"{digest}-3"'
    got = s3.get_object(Bucket=bucket, Key="m")
    assert got["Body"].read() == whole and got["Metadata"] == {"m": "1"} and got["ContentType"] == "x/y"
    assert s3.get_object(Bucket=bucket, Key="m", Range=f"bytes={5 * MB - 2}-{5 * MB + 1}")["Body"].read() == whole[5 * MB - 2:5 * MB + 2]
    second = s3.get_object(Bucket=bucket, Key="m", PartNumber=2)
    assert second["Body"].read() == parts[3] and second["PartsCount"] == 3
    refused(lambda: s3.get_object(Bucket=bucket, Key="m", PartNumber=4), "InvalidPartNumber", 416)
    refused(lambda: complete(listed), "NoSuchUpload", 404)
    attributes = s3.get_object_attributes(Bucket=bucket, Key="m", ObjectAttributes=["ObjectParts", "ObjectSize"])
    assert attributes["ObjectParts"]["TotalPartsCount"] == 3 and attributes["ObjectSize"] == len(whole)
    # A copy is a single part again, with the MD5 of the whole.
    assert s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/m")["CopyObjectResult"]["ETag"] == f'"{hashlib.md5(whole).hexdigest()}"'
    assert s3.get_object(Bucket=bucket, Key="c")["Body"].read() == whole


def test_multipart_errors(s3, bucket):
    upload, listed = start(s3, bucket, {1: b"small", 2: b"end"})
    complete = lambda: s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={"Parts": listed})
    error = refused(complete, "EntityTooSmall", 400)
    assert error["ProposedSize"] == "5" and error["PartNumber"] == "1"
    refused(lambda: s3.upload_part(Bucket=bucket, Key="m", UploadId=upload, PartNumber=10_001, Body=b"x"), "InvalidArgument", 400)
    refused(lambda: s3.upload_part(Bucket=bucket, Key="m", UploadId="none", PartNumber=1, Body=b"x"), "NoSuchUpload", 404)
    s3.upload_part(Bucket=bucket, Key="m", UploadId=upload, PartNumber=1, Body=b"a" * 5 * MB)  # replaces
    refused(complete, "InvalidPart")
    s3.abort_multipart_upload(Bucket=bucket, Key="m", UploadId=upload)
    refused(lambda: s3.list_parts(Bucket=bucket, Key="m", UploadId=upload), "NoSuchUpload", 404)
    refused(lambda: s3.abort_multipart_upload(Bucket=bucket, Key="m", UploadId=upload), "NoSuchUpload", 404)


def test_multipart_checksums(s3, bucket):
    parts = [os.urandom(5 * MB), b"end"]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m", ChecksumAlgorithm="SHA256")["UploadId"]
    listed = []
    for number, body in enumerate(parts, 1):
        sent = s3.upload_part(Bucket=bucket, Key="m", UploadId=upload, PartNumber=number, Body=body, ChecksumAlgorithm="SHA256")
        listed.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumSHA256": sent["ChecksumSHA256"]})
    refused(lambda: s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={
        "Parts": [{k: v for k, v in p.items() if k != "ChecksumSHA256"} for p in listed]}), "InvalidRequest", 400)
    done = s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={"Parts": listed})
    outer = hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in parts)).digest()
    assert done["ChecksumSHA256"] == base64.b64encode(outer).decode() + "-2"
    shown = s3.get_object_attributes(Bucket=bucket, Key="m", ObjectAttributes=["ObjectParts", "Checksum"])
    assert [p["Size"] for p in shown["ObjectParts"]["Parts"]] == [5 * MB, 3]


def test_part_copies(s3, bucket):
    large, small = os.urandom(6 * MB), os.urandom(1000)
    s3.put_object(Bucket=bucket, Key="large", Body=large)
    s3.put_object(Bucket=bucket, Key="small", Body=small)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    copy = lambda number, source, **more: s3.upload_part_copy(Bucket=bucket, Key="m", UploadId=upload, PartNumber=number,
                                                             CopySource={"Bucket": bucket, "Key": source}, **more)["CopyPartResult"]["ETag"]
    etags = [copy(1, "large", CopySourceRange=f"bytes=10-{5 * MB + 9}"), copy(2, "large"), copy(3, "small", CopySourceRange="bytes=5-9")]
    refused(lambda: copy(4, "small", CopySourceRange="bytes=0-1000"), "InvalidArgument", 400)
    refused(lambda: copy(4, "none"), "NoSuchKey", 404)
    s3.delete_object(Bucket=bucket, Key="large")
    s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": i, "ETag": e} for i, e in enumerate(etags, 1)]})
    assert s3.get_object(Bucket=bucket, Key="m")["Body"].read() == large[10:5 * MB + 10] + large + small[5:10]
    s3.delete_object(Bucket=bucket, Key="m")


def test_managed_transfer(s3, bucket, tmp_path):
    source = tmp_path / "in"
    source.write_bytes(os.urandom(20 * MB + 3))
    s3.upload_file(str(source), bucket, "big")
    s3.download_file(bucket, "big", str(tmp_path / "out"))
    assert (tmp_path / "out").read_bytes() == source.read_bytes()
    s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "copy")
    assert s3.head_object(Bucket=bucket, Key="copy")["ContentLength"] == 20 * MB + 3


# ---- notifications ----


@pytest.fixture
def queue(client, name, bucket):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage",
                             "Resource": arn, "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}}}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    return url, arn


def receive(client, url, count):
    got = []

    def more():
        answer = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            got.append(json.loads(message["Body"]))
        return len(got) >= count
    wait_until(more, what=f"{count} messages")
    return got


def test_events(s3, client, bucket, queue):
    url, arn = queue
    rule = {"Id": "rule", "QueueArn": arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".csv"}]}}}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [rule]})
    stored = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert stored["Filter"]["Key"]["FilterRules"] == [{"Name": "Prefix", "Value": "in/"}, {"Name": "Suffix", "Value": ".csv"}]
    test = receive(client, url, 1)[0]
    assert test["Event"] == "s3:TestEvent" and test["Service"] == "Amazon S3" and test["Bucket"] == bucket
    etag = s3.put_object(Bucket=bucket, Key="in/a b+ü.csv", Body=b"hello")["ETag"].strip('"')
    s3.put_object(Bucket=bucket, Key="in/other.txt", Body=b"x")
    s3.put_object(Bucket=bucket, Key="out/a.csv", Body=b"x")
    s3.copy_object(Bucket=bucket, Key="in/copy.csv", CopySource={"Bucket": bucket, "Key": "out/a.csv"})
    s3.delete_object(Bucket=bucket, Key="in/copy.csv")
    records = [r for message in receive(client, url, 3) for r in message["Records"]]
    records.sort(key=lambda r: r["s3"]["object"]["sequencer"])
    assert [r["eventName"] for r in records] == ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectRemoved:Delete"]
    first = records[0]
    assert first["eventVersion"] == "2.1" and first["eventSource"] == "aws:s3" and first["awsRegion"] == REGION
    assert first["eventTime"].endswith("Z") and first["userIdentity"]["principalId"] and first["requestParameters"]["sourceIPAddress"] == "127.0.0.1"
    assert set(first["responseElements"]) == {"x-amz-request-id", "x-amz-id-2"}
    assert first["s3"]["configurationId"] == "rule" and first["s3"]["s3SchemaVersion"] == "1.0"
    assert first["s3"]["bucket"]["name"] == bucket and first["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{bucket}"
    sequencer = first["s3"]["object"].pop("sequencer")
    assert first["s3"]["object"] == {"key": "in/a+b%2B%C3%BC.csv", "size": 5, "eTag": etag} and len(sequencer) == 18
    assert set(records[2]["s3"]["object"]) == {"key", "sequencer"}


def test_version_events(s3, client, bucket, queue):
    url, arn = queue
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [
        {"QueueArn": arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*"]}]})
    upload, listed = start(s3, bucket, {1: b"x"}, key="m")
    made = s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={"Parts": listed})
    s3.put_object_tagging(Bucket=bucket, Key="m", Tagging={"TagSet": []})
    marker = s3.delete_object(Bucket=bucket, Key="m")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="m", VersionId=made["VersionId"])
    records = {r["eventName"] + r["s3"]["object"].get("versionId", ""): r for m in receive(client, url, 5) for r in m.get("Records", [])}
    assert set(records) == {"ObjectCreated:CompleteMultipartUpload" + made["VersionId"], "ObjectTagging:Put" + made["VersionId"],
                            "ObjectRemoved:DeleteMarkerCreated" + marker, "ObjectRemoved:Delete" + made["VersionId"]}
    assert records["ObjectTagging:Put" + made["VersionId"]]["eventVersion"] == "2.3"


def test_notification_refusals(s3, bucket, queue):
    arn = queue[1]
    put = lambda *rules, **more: s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": list(rules)}, **more)
    rule = lambda prefix, suffix="", target=arn, events=("s3:ObjectCreated:*",): {
        "QueueArn": target, "Events": list(events),
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}, {"Name": "suffix", "Value": suffix}]}}}
    refused(lambda: put(rule("a"), rule("ab")), "InvalidArgument", 400,
            Message="Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are "
                    "overlapping for the same event type.")
    put(rule("DES_Manually_Process_"), rule("ADS_Manually_Process_"))
    put(rule("a", ".csv"), rule("a", ".gz"))
    refused(lambda: put(rule("a", target="invalid-queue")), "InvalidArgument", Message="The ARN could not be parsed", ArgumentName="Queue")
    missing = rule("a", target=arn + "-missing")
    refused(lambda: put(missing), "InvalidArgument", 400, Message="Unable to validate the following destination configurations",
            ArgumentName1=arn + "-missing", ArgumentValue1="The destination queue does not exist")
    put(missing, SkipDestinationValidation=True)
    put()
    assert "QueueConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    assert s3.get_bucket_notification_configuration(Bucket=bucket)["EventBridgeConfiguration"] == {}


# ---- the aws CLI ----


def test_cli(aws, name, tmp_path):
    aws("s3", "mb", f"s3://{name}")
    (tmp_path / "d").mkdir()
    for i in range(3):
        (tmp_path / "d" / f"f {i}").write_bytes(os.urandom(1000 * i))
    (tmp_path / "d" / "big").write_bytes(os.urandom(17 * MB))
    aws("s3", "sync", tmp_path / "d", f"s3://{name}/x")
    assert len(aws("s3api", "list-objects-v2", "--bucket", name)["Contents"]) == 4
    aws("s3", "cp", f"s3://{name}/x/big", f"s3://{name}/y/big")
    aws("s3", "mv", f"s3://{name}/y/big", f"s3://{name}/z/big")
    aws("s3", "cp", f"s3://{name}/z/big", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == (tmp_path / "d" / "big").read_bytes()
    assert "PRE x/" in aws("s3", "ls", f"s3://{name}")
    failed = aws("s3api", "get-object", "--bucket", name, "--key", "none", tmp_path / "none", check=False)
    assert "NoSuchKey" in failed.stderr and "The specified key does not exist." in failed.stderr
    aws("s3", "rb", f"s3://{name}", "--force")


# ---- durability ----


@pytest.mark.skipif("ADS_WIRE_ENDPOINT" in os.environ, reason="kills the cloud")
def test_acknowledged_survives_kill_9(cloud, s3, bucket):
    small, large = os.urandom(1000), os.urandom(300_000)
    for i in range(10):
        s3.put_object(Bucket=bucket, Key=f"s{i}", Body=small)
    s3.put_object(Bucket=bucket, Key="large", Body=large)
    upload, listed = start(s3, bucket, {1: large})
    cloud.kill()
    cloud.start()
    assert len(keys(s3.list_objects_v2(Bucket=bucket))) == 11
    assert s3.get_object(Bucket=bucket, Key="large")["Body"].read() == large
    assert s3.get_object(Bucket=bucket, Key="s9")["Body"].read() == small
    s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={"Parts": listed})
    assert s3.get_object(Bucket=bucket, Key="m")["Body"].read() == large
