"""Requests signed by botocore's own signer and sent by hand, so that a test can spoil what an SDK never would."""
import contextlib
import datetime
import hashlib
import http.client
import json
import re
from unittest import mock
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGION = "eu-central-1"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def code(self):
        """The error's code, wherever that protocol writes it."""
        text = self.body.decode("utf-8", "replace")
        if text.startswith("<"):
            found = re.search(r"<Code>([^<]*)</Code>", text)
            return found and found.group(1)
        header = self.headers.get("x-amzn-errortype")
        if header:
            return header.split(":")[0].split("#")[-1]
        try:
            return json.loads(text).get("__type", "").split("#")[-1] or None
        except (ValueError, AttributeError):
            return None

    def __repr__(self):
        return f"{self.status} {self.code} {self.body[:300]!r}"


@contextlib.contextmanager
def clock_at(moment):
    """botocore signs as if it were `moment` (naive UTC); both its old and its new way to read the clock."""
    if hasattr(botocore.auth, "get_current_datetime"):
        with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: moment):
            yield
        return
    fake = mock.Mock(wraps=datetime)
    fake.datetime = mock.Mock(wraps=datetime.datetime)
    fake.datetime.utcnow.return_value = moment
    with mock.patch.object(botocore.auth, "datetime", fake):
        yield


def utc(minutes=0):
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    return now + datetime.timedelta(minutes=minutes)


_known = {}  # by data directory: asking `ads env` for each request would be most of the time


def credentials_of(cloud):
    if cloud.directory not in _known:
        values = cloud.environment()
        _known[cloud.directory] = Credentials(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"])
    return _known[cloud.directory]


def sign(cloud, service, method, path, headers=None, body=b"", credentials=None, moment=None, region=REGION):
    """-> (method, path with query, headers, body), signed in the Authorization header."""
    request = AWSRequest(method=method, url=cloud.endpoint + path, data=body,
                         headers={"Host": urlsplit(cloud.endpoint).netloc, **(headers or {})})
    if service == "s3":
        request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
    signer = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    with clock_at(moment or utc()):
        signer(credentials or credentials_of(cloud), service, region).add_auth(request)
    return method, path, dict(request.headers), body


def presign(cloud, service, method, path, credentials=None, moment=None, expires=60, region=REGION):
    """-> the path with its signature in the query."""
    request = AWSRequest(method=method, url=cloud.endpoint + path, headers={"Host": urlsplit(cloud.endpoint).netloc})
    signer = botocore.auth.S3SigV4QueryAuth if service == "s3" else botocore.auth.SigV4QueryAuth
    with clock_at(moment or utc()):
        signer(credentials or credentials_of(cloud), service, region, expires=expires).add_auth(request)
    return request.url[len(cloud.endpoint):]


def send(cloud, method, path, headers, body=b""):
    """Exactly these headers and no others, but for Content-Length."""
    connection = http.client.HTTPConnection(urlsplit(cloud.endpoint).netloc, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        names = {name.lower() for name in headers}
        if "host" not in names:
            connection.putheader("Host", urlsplit(cloud.endpoint).netloc)
        if "content-length" not in names and (body or method in ("POST", "PUT")):
            connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def call(cloud, service, method, path, headers=None, body=b"", **signing):
    return send(cloud, *sign(cloud, service, method, path, headers, body, **signing))
