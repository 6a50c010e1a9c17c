#!/usr/bin/env python3
"""What Lambda gives a function, and nothing else: run inside a network namespace of its own by test_function.py.

Reads a JSON description from standard input: {"command": [...], "certificate": FILE, "key": FILE, "environment": {...},
"host": NAME}. Serves DNS on port 53 (every name is this machine, but those of unknown.example), TLS on port 443, and the Runtime API,
which hands out one event and waits for what becomes of it. Writes {"asked", "requests", "told", "output", "exit"} to standard output.
"""
import datetime
import fcntl
import http.server
import json
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

REGION = "eu-central-1"
# The function keeps 20 s for an orderly end, and until then tries again what may be better later.
TIME_LIMIT_MS = 24_000


def bring_loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        # SIOCSIFFLAGS with IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x41))


class Dns(threading.Thread):
    """Answers A questions with 127.0.0.1, all others with no records."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.asked = set()
        self.start()

    def run(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            labels, at = [], 12
            while question[at]:
                labels.append(question[at + 1:at + 1 + question[at]].decode())
                at += 1 + question[at]
            name, kind = ".".join(labels), struct.unpack(">H", question[at + 1:at + 3])[0]
            self.asked.add(name)
            known = not name.endswith("unknown.example")
            answers = 1 if known and kind == 1 else 0
            head = question[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, answers, 0, 0)
            record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton("127.0.0.1")
            self.socket.sendto(head + question[12:at + 5] + record * answers, client)


class Service(http.server.BaseHTTPRequestHandler):
    """Any AWS service: remembers what was asked, and denies it, so that nothing is tried again."""
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append({"host": self.headers["Host"], "method": self.command, "path": self.path,
                                     "target": self.headers.get("X-Amz-Target", "")})
        body = json.dumps({"__type": "com.amazon.coral.service#AccessDeniedException",
                           "message": "denied by the sandbox"}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = answer

    def log_message(self, *_):
        pass


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.server.given.is_set():
            self.server.ended.wait()
            return
        self.server.given.set()
        now = datetime.datetime.now(datetime.timezone.utc)
        event = {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": REGION,
                              "eventTime": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "eventName": "ObjectCreated:Put",
                              "s3": {"bucket": {"name": "batches", "arn": "arn:aws:s3:::batches"},
                                     "object": {"key": now.strftime("DES_Manually_Process_%d-%m-%Y"), "size": 1,
                                                "eTag": "0" * 32, "sequencer": "00"}}}]}
        body = json.dumps(event).encode()
        self.send_response(200)
        for name, value in (("Lambda-Runtime-Aws-Request-Id", "request-1"),
                            ("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + TIME_LIMIT_MS)),
                            ("Lambda-Runtime-Invoked-Function-Arn", f"arn:aws:lambda:{REGION}:000000000000:function:f"),
                            ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append({"path": self.path, "body": body})
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.answered.set()

    def log_message(self, *_):
        pass


def serve(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    asked = json.load(sys.stdin)
    bring_loopback_up()
    dns = Dns()
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Service)
    service.requests = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(asked["certificate"], asked["key"])
    service.socket = tls.wrap_socket(service.socket, server_side=True, do_handshake_on_connect=False)
    service.handle_error = lambda *_: None  # a client that does not trust us ends the connection
    serve(service)
    api = http.server.ThreadingHTTPServer(("127.0.0.1", 9001), RuntimeApi)
    api.daemon_threads = True
    api.given, api.answered, api.ended, api.told = threading.Event(), threading.Event(), threading.Event(), []
    serve(api)

    process = subprocess.Popen(asked["command"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001", **asked["environment"]})
    threading.Thread(target=lambda: (process.wait(), api.answered.set()), daemon=True).start()
    api.answered.wait(120)
    process.terminate()
    output = process.communicate(timeout=20)[0].decode(errors="replace")
    api.ended.set()
    json.dump({"asked": sorted(dns.asked), "requests": service.requests, "told": api.told, "output": output,
               "exit": process.returncode}, sys.stdout)


if __name__ == "__main__":
    main()
