"""Who gets in: SigV4 over every wire protocol, sessions, presigned URLs and regions."""
import json
import uuid

import botocore.config
import botocore.exceptions
import pytest
from botocore.credentials import Credentials
from knocks import KNOCKS, QUERY, S3, form
from local_cloud import REGION
from signed import call, credentials_of, presign, send, sign, utc


@pytest.fixture(params=KNOCKS)
def knock(request):
    return KNOCKS[request.param]


def refused(answer, expected):
    assert (answer.status, answer.code) == expected, answer
    identifier = answer.headers.get("x-amzn-RequestId") or answer.headers.get("x-amz-request-id")
    assert identifier, "a refusal bears a request id too"


def wrong_secret(cloud):
    return Credentials(credentials_of(cloud).access_key, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


# ---- signatures in the Authorization header ----

def test_the_honest_caller_gets_in(cloud, knock):
    service, _, request = knock
    answer = call(cloud, service, *request)
    assert answer.status == 200, answer


def test_a_wrong_secret(cloud, knock):
    service, words, request = knock
    refused(call(cloud, service, *request, credentials=wrong_secret(cloud)), words.mismatch)


def test_an_unknown_key(cloud, knock):
    service, words, request = knock
    refused(call(cloud, service, *request, credentials=Credentials("AKIAIOSFODNN7EXAMPLE", "x" * 40)), words.unknown_key)


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_clock_20_minutes_off(cloud, knock, minutes):
    service, words, request = knock
    refused(call(cloud, service, *request, moment=utc(minutes)), words.skewed)


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_clock_14_minutes_off_is_good_enough(cloud, knock, minutes):
    service, _, request = knock
    answer = call(cloud, service, *request, moment=utc(minutes))
    assert answer.status == 200, answer


@pytest.mark.parametrize("knock", [label for label in KNOCKS if KNOCKS[label][2][3]], indirect=True)
def test_a_tampered_body(cloud, knock):
    service, words, (method, path, headers, body) = knock
    method, path, headers, _ = sign(cloud, service, method, path, headers, body)
    other = body.replace(b"Action=", b"Action=Delete") if body.startswith(b"Action") else b'{"Limit":1}'
    refused(send(cloud, method, path, headers, other), words.mismatch)


def test_a_tampered_header(cloud, knock):
    service, words, (method, path, headers, body) = knock
    method, path, headers, body = sign(cloud, service, method, path, {**headers, "X-Amz-Meta-Colour": "red"}, body)
    refused(send(cloud, method, path, {**headers, "X-Amz-Meta-Colour": "blue"}, body), words.mismatch)


def test_a_tampered_query(cloud, knock):
    service, words, (method, path, headers, body) = knock
    method, path, headers, body = sign(cloud, service, method, path, headers, body)
    refused(send(cloud, method, path + "?max-buckets=1", headers, body), words.mismatch)


def test_an_unsigned_request(cloud, knock):
    _, words, (method, path, headers, body) = knock
    refused(send(cloud, method, path, headers, body), words.missing)


@pytest.mark.parametrize("spoil", ["no-signature", "no-signed-headers", "no-credential", "short-credential", "no-date",
                                   "odd-date", "wrong-terminator"])
def test_an_unreadable_authorization(cloud, knock, spoil):
    service, words, request = knock
    method, path, headers, body = sign(cloud, service, *request)
    parts = headers["Authorization"].split(" ")
    algorithm, fields = parts[0], dict(part.rstrip(",").split("=", 1) for part in parts[1:])
    if spoil == "no-signature":
        del fields["Signature"]
    elif spoil == "no-signed-headers":
        del fields["SignedHeaders"]
    elif spoil == "no-credential":
        del fields["Credential"]
    elif spoil == "short-credential":
        fields["Credential"] = fields["Credential"].split("/")[0]
    elif spoil == "no-date":
        del headers["X-Amz-Date"]
    elif spoil == "odd-date":
        headers["X-Amz-Date"] = "yesterday"
    elif spoil == "wrong-terminator":
        fields["Credential"] = fields["Credential"].replace("aws4_request", "aws5_request")
    headers["Authorization"] = algorithm + " " + ", ".join(f"{k}={v}" for k, v in fields.items())
    answer = send(cloud, method, path, headers, body)
    refused(answer, words.malformed)


def test_signature_version_2_is_not_spoken(cloud):
    answer = send(cloud, "GET", "/", {"Authorization": "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg="})
    refused(answer, (400, "InvalidRequest"))
    assert b"AWS4-HMAC-SHA256" in answer.body


def test_host_must_be_signed(cloud):
    method, path, headers, body = sign(cloud, "sqs", *KNOCKS["sqs-query"][2])
    headers["Authorization"] = headers["Authorization"].replace("SignedHeaders=content-type;host", "SignedHeaders=content-type")
    refused(send(cloud, method, path, headers, body), QUERY.mismatch)


# ---- S3's bodies, which the front door lets pass and the service checks ----

@pytest.fixture
def bucket(client, name):
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def test_a_tampered_object_is_not_stored(cloud, client, bucket):
    method, path, headers, _ = sign(cloud, "s3", "PUT", f"/{bucket}/key", {}, b"what was signed")
    refused(send(cloud, method, path, headers, b"what arrived :-("), (400, "XAmzContentSHA256Mismatch"))
    assert "Contents" not in client("s3").list_objects_v2(Bucket=bucket)


def test_a_put_without_the_hash_of_its_body(cloud, client, bucket):
    method, path, headers, _ = sign(cloud, "s3", "PUT", f"/{bucket}/key", {}, b"")
    del headers["X-Amz-Content-SHA256"]
    answer = send(cloud, method, path, headers, b"nobody vouches for these bytes")
    assert answer.status in (400, 403), answer
    assert "Contents" not in client("s3").list_objects_v2(Bucket=bucket)


def test_an_amazon_header_that_was_not_signed(cloud, bucket):
    method, path, headers, body = sign(cloud, "s3", "PUT", f"/{bucket}/key", {}, b"x")
    refused(send(cloud, method, path, {**headers, "x-amz-acl": "public-read"}, body), (403, "AccessDenied"))


def test_a_mismatch_shows_what_was_computed(cloud):
    answer = call(cloud, "s3", "GET", "/", credentials=wrong_secret(cloud))
    assert b"<StringToSign>AWS4-HMAC-SHA256\n" in answer.body.replace(b"&#10;", b"\n"), answer.body
    assert b"<CanonicalRequest>GET\n" in answer.body, answer.body
    assert credentials_of(cloud).secret_key.encode() not in answer.body


def test_an_empty_object_does_not_spoil_the_connection(cloud, client, bucket):
    """An old botocore that asked for 100-continue and got the final answer takes it for the next one, too."""
    s3 = cloud.client("s3", config=botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}))
    for size in (0, 300_000, 0, 10, 0):
        etag = s3.put_object(Bucket=bucket, Key=f"k{size}", Body=b"x" * size)["ETag"]
        assert etag == s3.head_object(Bucket=bucket, Key=f"k{size}")["ETag"]
    s3.put_object(Bucket=bucket, Key="new", Body=b"")
    with pytest.raises(botocore.exceptions.ClientError, match="BadDigest|InvalidDigest"):
        s3.put_object(Bucket=bucket, Key="wrong", Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")


# ---- presigned URLs ----

def test_a_presigned_url(cloud, client, bucket):
    client("s3").put_object(Bucket=bucket, Key="a key+é", Body=b"for your eyes")
    path = presign(cloud, "s3", "GET", f"/{bucket}/a%20key%2B%C3%A9")
    answer = send(cloud, "GET", path, {})
    assert (answer.status, answer.body) == (200, b"for your eyes")
    refused(send(cloud, "PUT", path, {}, b"mine now"), (403, "SignatureDoesNotMatch"))


def test_boto3s_presigned_urls(cloud, client, bucket):
    s3 = cloud.client("s3", config=botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "path"}))
    put = s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": "k"}, ExpiresIn=60)
    assert send(cloud, "PUT", put[len(cloud.endpoint):], {}, b"hello").status == 200
    get = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"}, ExpiresIn=60)
    assert send(cloud, "GET", get[len(cloud.endpoint):], {}).body == b"hello"


def test_an_expired_presigned_url(cloud, bucket):
    path = presign(cloud, "s3", "GET", f"/{bucket}?list-type=2", moment=utc(-2), expires=60)
    answer = send(cloud, "GET", path, {})
    refused(answer, (403, "AccessDenied"))
    assert b"Request has expired" in answer.body


def test_a_presigned_url_lives_longer_than_the_skew(cloud, bucket):
    path = presign(cloud, "s3", "GET", f"/{bucket}?list-type=2", moment=utc(-60), expires=7200)
    assert send(cloud, "GET", path, {}).status == 200


def test_a_presigned_url_from_the_future(cloud, bucket):
    path = presign(cloud, "s3", "GET", f"/{bucket}?list-type=2", moment=utc(30))
    assert send(cloud, "GET", path, {}).status == 403


@pytest.mark.parametrize("find,put,expected", [
    ("list-type=2", "list-type=1", (403, "SignatureDoesNotMatch")),
    ("X-Amz-Expires=60", "X-Amz-Expires=6000", (403, "SignatureDoesNotMatch")),
    ("X-Amz-Expires=60", "X-Amz-Expires=604801", (400, "AuthorizationQueryParametersError")),
    ("X-Amz-Expires=60", "X-Amz-Expires=soon", (400, "AuthorizationQueryParametersError")),
    ("X-Amz-Expires=60", "X-Amz-Expires=-1", (400, "AuthorizationQueryParametersError")),
    ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", (400, "AuthorizationQueryParametersError")),
    ("&X-Amz-SignedHeaders=host", "", (400, "AuthorizationQueryParametersError")),
])
def test_a_tampered_presigned_url(cloud, bucket, find, put, expected):
    path = presign(cloud, "s3", "GET", f"/{bucket}?list-type=2")
    assert find in path
    refused(send(cloud, "GET", path.replace(find, put), {}), expected)


def test_a_presigned_query_request(cloud):
    path = "/?Action=GetCallerIdentity&Version=2011-06-15"
    answer = send(cloud, "GET", presign(cloud, "sts", "GET", path), {})
    assert answer.status == 200 and b":root</Arn>" in answer.body, answer
    refused(send(cloud, "GET", presign(cloud, "sts", "GET", path, moment=utc(-10)), {}), (403, "RequestExpired"))
    refused(send(cloud, "GET", presign(cloud, "sts", "GET", path, credentials=wrong_secret(cloud)), {}), QUERY.mismatch)


def test_two_signatures_are_one_too_many(cloud):
    path = presign(cloud, "s3", "GET", "/")
    _, _, headers, _ = sign(cloud, "s3", "GET", "/")
    assert send(cloud, "GET", path, headers).status == 400


# ---- sessions ----

@pytest.fixture(scope="module")
def sessions(cloud):
    """Temporary credentials: of a role, and of the caller itself."""
    iam, sts = cloud.client("iam"), cloud.client("sts")
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}]}
    role = "front-door-" + uuid.uuid4().hex[:8]
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    of = lambda reply: Credentials(*(reply["Credentials"][k] for k in ("AccessKeyId", "SecretAccessKey", "SessionToken")))
    return {"role": of(sts.assume_role(RoleArn=arn, RoleSessionName="door")), "own": of(sts.get_session_token())}


@pytest.fixture(params=["role", "own"])
def session(sessions, request):
    return sessions[request.param]


def test_a_session_gets_in(cloud, session, knock):
    service, _, request = knock
    answer = call(cloud, service, *request, credentials=session)
    assert answer.status == 200, answer


def test_a_session_is_who_it_says(cloud, sessions):
    answer = call(cloud, "sts", *KNOCKS["sts"][2], credentials=sessions["role"])
    assert b":assumed-role/front-door-" in answer.body and b"/door</Arn>" in answer.body


def test_a_wrong_session_token(cloud, session, knock):
    service, words, request = knock
    token = session.token[:-8] + "AAAAAAAA"
    refused(call(cloud, service, *request, credentials=Credentials(session.access_key, session.secret_key, token)),
            words.wrong_token)


def test_a_missing_session_token(cloud, session, knock):
    service, words, request = knock
    refused(call(cloud, service, *request, credentials=Credentials(session.access_key, session.secret_key)), words.wrong_token)


def test_a_session_token_with_a_key_that_has_none(cloud, sessions, knock):
    service, words, request = knock
    root = credentials_of(cloud)
    refused(call(cloud, service, *request, credentials=Credentials(root.access_key, root.secret_key, sessions["own"].token)),
            words.wrong_token)


def test_a_token_added_after_signing(cloud, sessions):
    method, path, headers, body = sign(cloud, "dynamodb", *KNOCKS["dynamodb"][2],
                                       credentials=Credentials(sessions["own"].access_key, sessions["own"].secret_key))
    headers["X-Amz-Security-Token"] = sessions["own"].token
    answer = send(cloud, method, path, headers, body)
    # AWS takes a token that is right but unsigned outside S3.
    assert answer.status == 200 or answer.code == "InvalidSignatureException", answer


def test_a_presigned_url_of_a_session(cloud, sessions, bucket):
    path = presign(cloud, "s3", "GET", f"/{bucket}?list-type=2", credentials=sessions["role"])
    assert "X-Amz-Security-Token" in path
    assert send(cloud, "GET", path, {}).status == 200
    path = presign(cloud, "s3", "GET", f"/{bucket}?list-type=2",
                   credentials=Credentials(sessions["role"].access_key, sessions["role"].secret_key))
    refused(send(cloud, "GET", path, {}), S3.wrong_token)


# ---- regions, and requests to nobody ----

def test_regions_are_kept_apart(client, name):
    here, there = client("sqs"), client("sqs", region_name="us-west-2")
    here.create_queue(QueueName=name)
    with pytest.raises(botocore.exceptions.ClientError, match="NonExistentQueue|QueueDoesNotExist"):
        there.get_queue_url(QueueName=name)
    there.create_queue(QueueName=name)
    arn = lambda sqs: sqs.get_queue_attributes(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"],
                                               AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    assert arn(here) == f"arn:aws:sqs:{REGION}:000000000000:{name}"
    assert arn(there) == f"arn:aws:sqs:us-west-2:000000000000:{name}"


def test_tables_and_topics_too(client, name):
    client("sns").create_topic(Name=name)
    arns = [t["TopicArn"] for t in client("sns", region_name="us-west-2").list_topics()["Topics"]]
    assert not [arn for arn in arns if arn.endswith(":" + name)]
    client("dynamodb").create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                                    KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                                    AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    with pytest.raises(botocore.exceptions.ClientError, match="ResourceNotFoundException"):
        client("dynamodb", region_name="us-west-2").describe_table(TableName=name)


def test_a_service_that_is_not_there(cloud):
    answer = call(cloud, "ec2", *form("DescribeInstances", "2016-11-15"))
    assert (answer.status, answer.code) == (501, "NotImplemented") and b"ec2" in answer.body, answer


@pytest.mark.parametrize("method, path", [("GET", "/_ads/health"), ("GET", "/_ads/nothing"), ("GET", "/_aws/ses"),
                                          ("DELETE", "/_aws/ses")])
def test_the_clouds_own_pages_need_a_signature_or_the_token(cloud, method, path):
    assert send(cloud, method, path, {}).status == 403
    assert send(cloud, method, path, {"X-Ads-Token": "wrong"}).status == 403
    status = {"/_ads/nothing": 404}.get(path, 204 if method == "DELETE" else 200)
    assert call(cloud, "ses", method, path).status == status
    assert send(cloud, method, path, {"X-Ads-Token": cloud.token()}).status == status


def test_a_user_needs_permission_for_the_mailbox(cloud, client, name):
    iam = client("iam")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    keys = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    assert call(cloud, "ses", "GET", "/_aws/ses", credentials=keys).code == "AccessDeniedException"
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ads:GetPage", "Resource": "*"}]}))
    assert call(cloud, "ses", "GET", "/_aws/ses", credentials=keys).status == 200
    assert call(cloud, "ses", "DELETE", "/_aws/ses", credentials=keys).code == "AccessDeniedException"


def test_request_ids_differ(cloud):
    seen = {send(cloud, "GET", "/", {}).headers["x-amz-request-id"] for _ in range(20)}
    assert len(seen) == 20


def test_the_command_line_client_gets_in(aws):
    assert aws("sts", "get-caller-identity")["Account"] == "000000000000"
