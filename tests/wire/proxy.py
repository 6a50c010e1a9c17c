"""An endpoint between a client and the local cloud that a test may bend: answers of its own, other headers, a pause."""
import http.client
import http.server
import threading


class Proxy:
    """answer(method, path, headers, body) gives (status, headers, body), or None to pass the request on;
    headers(dict) may change what comes back."""

    def __init__(self, port, answer=None, headers=None):
        proxy = self
        self.answer, self.headers = answer or (lambda *_: None), headers or (lambda all: all)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                made = proxy.answer(self.command, self.path, self.headers, body)
                if made is None:
                    there = http.client.HTTPConnection("127.0.0.1", port)
                    there.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                    for name, value in self.headers.items():
                        there.putheader(name, value)
                    there.endheaders(body)
                    got = there.getresponse()
                    made = got.status, dict(got.getheaders()), got.read()
                status, headers, content = made
                headers = {n: v for n, v in proxy.headers(dict(headers)).items()
                           if n.lower() not in ("content-length", "connection")}
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
