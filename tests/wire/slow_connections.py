"""Connections of clients that are slow or gone: no byte at all, idle after an answer, a trickled head, a trickled body.
As a program: how fast others are answered beside them.   python3 tests/wire/slow_connections.py [CONNECTIONS]"""
import resource
import select
import socket
import sys
import tempfile
import threading
import time
from urllib.parse import urlsplit

from signed import sign

KINDS = ("silent", "idle", "head", "body")


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class SlowConnections:
    """`count` connections, a quarter of each kind; heads and bodies get a byte every half second."""

    def __init__(self, cloud, count, kinds=KINDS):
        raise_descriptor_limit()
        self.cloud, self.sockets, self.trickled, self.is_over = cloud, [], [], threading.Event()
        self.lock = threading.Lock()
        _, path, headers, _ = sign(cloud, "sqs", "POST", "/", {"Content-Type": "application/x-amz-json-1.0",
                                                                "X-Amz-Target": "AmazonSQS.ListQueues"}, b" " * 30_000)
        head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.heads = {
            "silent": b"", "head": b"GET /_ads/health HTTP/1.1\r\nX-Long: ", "body": f"{head}Content-Length: 30000\r\n\r\n".encode(),
            "idle": f"GET /_ads/health HTTP/1.1\r\nHost: localhost\r\nX-Ads-Token: {cloud.token()}\r\n\r\n".encode()}
        for number in range(count):
            self.open(kinds[number % len(kinds)])
        self.thread = threading.Thread(target=self.trickle, daemon=True)
        self.thread.start()

    def open(self, kind):
        connection = socket.create_connection(("127.0.0.1", urlsplit(self.cloud.endpoint).port), timeout=60)
        connection.sendall(self.heads[kind])
        if kind == "idle":
            answer = b""
            while not answer.endswith(b"}"):
                answer += connection.recv(4096)
        connection.setblocking(False)
        self.sockets.append(connection)
        if kind in ("head", "body"):
            with self.lock:
                self.trickled.append(connection)

    def trickle(self):
        while not self.is_over.wait(0.5):
            with self.lock:
                for connection in list(self.trickled):
                    try:
                        connection.send(b" ")
                    except BlockingIOError:
                        pass
                    except OSError:
                        self.trickled.remove(connection)

    def still_open(self):
        """How many the other side has not ended."""
        poll = select.poll()
        for connection in self.sockets:
            poll.register(connection, select.POLLIN | select.POLLRDHUP)
        ended = {number for number, event in poll.poll(0) if event & (select.POLLRDHUP | select.POLLHUP | select.POLLERR)}
        return len(self.sockets) - len(ended)

    def close(self):
        self.is_over.set()
        self.thread.join()
        for connection in self.sockets:
            connection.close()


def ordinary_requests(cloud, url, count):
    """Sends and receives messages; -> milliseconds of each request."""
    sqs, times = cloud.client("sqs"), []
    for number in range(count // 2):
        for act in (lambda: sqs.send_message(QueueUrl=url, MessageBody=str(number)),
                    lambda: sqs.receive_message(QueueUrl=url)):
            begun = time.perf_counter()
            act()
            times.append((time.perf_counter() - begun) * 1000)
    return times


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as directory:
        cloud = Cloud(directory + "/data").start()
        try:
            url = cloud.client("sqs").create_queue(QueueName="ordinary")["QueueUrl"]
            for label, slow in (("alone", None), (f"beside {count} slow connections", count)):
                held = SlowConnections(cloud, slow) if slow else None
                times = sorted(ordinary_requests(cloud, url, 2000))
                print(f"{label}: {len(times)} requests, p50 {times[len(times) // 2]:.1f} ms, "
                      f"p99 {times[int(len(times) * 0.99)]:.1f} ms, max {times[-1]:.1f} ms")
                if held:
                    print(f"{held.still_open()} slow connections are still open")
                    held.close()
        finally:
            cloud.stop()


if __name__ == "__main__":
    sys.path.insert(0, __file__.rsplit("/", 2)[0])
    from local_cloud import Cloud
    main()
