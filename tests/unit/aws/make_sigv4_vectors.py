#!/usr/bin/env python3
"""Writes sigv4_vectors.json: what botocore signs for a table of awkward requests.

Run it again after adding a request; the tests then hold our signer and our verifier to botocore's answers.
"""
import datetime
import json
import pathlib
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 11, 22, 16, 20, 5)
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ+abc="


class FrozenDatetime(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return NOW

    @classmethod
    def now(cls, tz=None):
        return NOW


if hasattr(botocore.auth, "get_current_datetime"):
    botocore.auth.get_current_datetime = lambda *args, **kwargs: NOW
else:
    botocore.auth.datetime = type("module", (), {"datetime": FrozenDatetime})

JSON = [("Content-Type", "application/x-amz-json-1.0")]

# name, service, method, target, further headers, body
HEADER_CASES = [
    ("plain get", "s3", "GET", "/", [], ""),
    ("s3 key with a space", "s3", "GET", "/bucket/a%20key", [], ""),
    ("s3 key in unicode", "s3", "GET", "/bucket/%E1%88%B4/%C3%A4.csv", [], ""),
    ("s3 key with double slashes", "s3", "GET", "/bucket//a//b/", [], ""),
    ("s3 key with dots", "s3", "GET", "/bucket/./a/../b", [], ""),
    ("s3 key with a plus", "s3", "GET", "/bucket/a%2Bb", [], ""),
    ("s3 key with a raw plus", "s3", "GET", "/bucket/a+b", [], ""),
    ("s3 key with an encoded slash", "s3", "GET", "/bucket/a%2Fb", [], ""),
    ("s3 key with an encoded percent", "s3", "GET", "/bucket/100%2525", [], ""),
    ("s3 key with a tilde and marks", "s3", "GET", "/bucket/~a!b'(c)*", [], ""),
    ("s3 put with body", "s3", "PUT", "/bucket/key", [("Content-Type", "text/csv"), ("x-amz-meta-a", "b")], "1,2,3\n"),
    ("s3 subresource without value", "s3", "GET", "/bucket?uploads", [], ""),
    ("s3 list", "s3", "GET", "/bucket?list-type=2&prefix=a%2Fb%20c&delimiter=%2F&encoding-type=url", [], ""),
    ("s3 query with a raw plus", "s3", "GET", "/bucket?prefix=a+b", [], ""),
    ("s3 bucket root with slash", "s3", "GET", "/bucket/", [], ""),
    ("s3 conditional delete", "s3", "DELETE", "/bucket/key?versionId=3%2FL4", [("If-Match", '"abc"')], ""),
    ("s3 copy", "s3", "PUT", "/bucket/key", [("x-amz-copy-source", "/bucket/a%20key"),
                                             ("x-amz-copy-source-if-match", '"e"'), ("If-None-Match", "*")], ""),
    ("s3 unsigned payload", "s3", "PUT", "/bucket/key", [], "body", {"hash": "UNSIGNED-PAYLOAD"}),
    ("s3 streaming payload", "s3", "PUT", "/bucket/key", [("x-amz-decoded-content-length", "5")], "",
     {"hash": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}),
    ("s3 with session token", "s3", "GET", "/bucket/a", [], "", {"token": TOKEN}),
    ("json call", "dynamodb", "POST", "/", JSON + [("X-Amz-Target", "DynamoDB_20120810.GetItem")], '{"TableName":"t"}'),
    ("json call with session token", "sqs", "POST", "/", JSON + [("X-Amz-Target", "AmazonSQS.SendMessage")], "{}",
     {"token": TOKEN}),
    ("query call", "sns", "POST", "/", [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
     "Action=Publish&Version=2010-03-31"),
    ("path encoded twice", "lambda", "GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A0%3Afunction%3Af", [], ""),
    ("path with a space", "lambda", "GET", "/a%20b/c", [], ""),
    ("path with unicode", "lambda", "GET", "/%E1%88%B4", [], ""),
    ("path with dots", "lambda", "GET", "/a/./b/../c", [], ""),
    ("path with dots past the root", "lambda", "GET", "/../../a", [], ""),
    ("path with double slashes", "lambda", "GET", "//a//b//", [], ""),
    ("path of slashes alone", "lambda", "GET", "//", [], ""),
    ("path of a dot and a slash", "lambda", "GET", "/./", [], ""),
    ("path with an encoded slash", "lambda", "GET", "/a%2Fb", [], ""),
    ("path with a plus and marks", "lambda", "GET", "/a+b/c:d@e,f;g=h~i", [], ""),
    ("query unsorted", "lambda", "GET", "/a?z=1&b=2&a=3", [], ""),
    ("query duplicates", "lambda", "GET", "/a?b=2&a=2&a=1&a=10", [], ""),
    ("query prefix names", "lambda", "GET", "/a?a-b=1&a=2&a.b=3&ab=4", [], ""),
    ("query empty value", "lambda", "GET", "/a?b=&a", [], ""),
    ("query value with equals", "lambda", "GET", "/a?b==c&a=b=c", [], ""),
    ("query upper and lower case", "lambda", "GET", "/a?b=1&B=2&A=3&a=4", [], ""),
    ("query unicode", "lambda", "GET", "/a?%E1%88%B4=bar&a=%20b", [], ""),
    ("query empty pairs", "lambda", "GET", "/a?b=1&&a=2", [], ""),
    ("header values with spaces", "sqs", "POST", "/", [("My-Header", "  a   b\t c  "), ("Other", '" a   b "')], ""),
    ("header folded", "sqs", "POST", "/", [("My-Header", "value1\n  value2\n value3")], ""),
    ("header twice", "sqs", "POST", "/", [("My-Header", "b"), ("My-Header", "a"), ("my-header", "c ")], ""),
    ("header empty", "sqs", "POST", "/", [("My-Header", "")], ""),
    ("headers that are not signed", "sqs", "POST", "/", [("User-Agent", "x"), ("Expect", "100-continue"),
                                                         ("X-Amzn-Trace-Id", "Root=1"), ("Connection", "close"),
                                                         ("Transfer-Encoding", "chunked")], "a"),
    ("headers unsorted", "sqs", "POST", "/", [("Zoo", "1"), ("alpha", "2"), ("Mid", "3"), ("a-b", "4"), ("ab", "5")], ""),
    ("host with a port", "sqs", "POST", "/", [], "", {"host": "127.0.0.1:4566"}),
    ("body in unicode", "sqs", "POST", "/", [], "gr\u00fc\u00dfe \U0001f600"),
    ("other method", "s3", "HEAD", "/bucket/a", [("Range", "bytes=0-9")], ""),
]

PRESIGN_CASES = [
    ("presigned get", "s3", "GET", "/bucket/a%20key", [], "", {}),
    ("presigned get with query", "s3", "GET", "/bucket/a?versionId=abc", [], "", {}),
    ("presigned put with signed headers", "s3", "PUT", "/bucket/a", [("x-amz-meta-a", "b")], "", {}),
    ("presigned with session token", "s3", "GET", "/bucket/a", [], "", {"token": TOKEN}),
    ("presigned double slashes", "s3", "GET", "/bucket//a/../b", [], "", {}),
    ("presigned sts", "sts", "GET", "/?Action=GetCallerIdentity&Version=2011-06-15", [], "", {}),
    ("presigned path encoded twice", "lambda", "GET", "/a%20b", [], "", {}),
]


def build(case):
    name, service, method, target, headers, body = case[:6]
    options = case[6] if len(case) > 6 else {}
    host = options.get("host", f"{service}.eu-west-1.amazonaws.com")
    request = AWSRequest(method=method, url=f"http://{host}{target}", data=body.encode())
    for header, value in headers:
        request.headers.add_header(header, value)
    if "hash" in options:
        request.headers["X-Amz-Content-SHA256"] = options["hash"]
    credentials = Credentials(KEY, SECRET, options.get("token"))
    vector = {
        "name": name, "service": service, "region": "eu-west-1", "method": method, "target": target, "body": body,
        "headers": [["Host", host]] + [list(pair) for pair in headers], "token": options.get("token", ""),
    }
    if "hash" in options:
        vector["headers"].append(["X-Amz-Content-Sha256", options["hash"]])
    return request, credentials, vector, options


class FixedHashS3(botocore.auth.S3SigV4Auth):
    """S3's signer sets the payload hash itself; streaming uploads bring their own."""

    fixed = None

    def payload(self, request):
        return self.fixed or super().payload(request)


def main():
    vectors = []
    for case in HEADER_CASES:
        request, credentials, vector, options = build(case)
        if vector["service"] == "s3":
            auth = FixedHashS3(credentials, "s3", "eu-west-1")
            auth.fixed = options.get("hash")
        else:
            auth = botocore.auth.SigV4Auth(credentials, vector["service"], "eu-west-1")
        seen = {}
        make = auth.canonical_request
        auth.canonical_request = lambda r: seen.setdefault("canonical", make(r))
        auth.add_auth(request)
        vector["authorization"] = request.headers["Authorization"]
        vector["canonical"] = seen["canonical"]
        vectors.append(vector)
    for case in PRESIGN_CASES:
        request, credentials, vector, _ = build(case)
        kind = botocore.auth.S3SigV4QueryAuth if vector["service"] == "s3" else botocore.auth.SigV4QueryAuth
        auth = kind(credentials, vector["service"], "eu-west-1", expires=900)
        auth.add_auth(request)
        parts = urlsplit(request.url)
        vector["presigned"] = f"{parts.path}?{parts.query}"
        vectors.append(vector)
    out = {"access_key_id": KEY, "secret_access_key": SECRET, "now": NOW.strftime("%Y%m%dT%H%M%SZ"), "vectors": vectors}
    path = pathlib.Path(__file__).with_name("sigv4_vectors.json")
    path.write_text(json.dumps(out, indent=1) + "\n")
    print(f"{len(vectors)} vectors in {path.name}")


if __name__ == "__main__":
    main()
