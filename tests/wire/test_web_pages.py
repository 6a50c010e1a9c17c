"""No web page reaches the cloud: a real Chromium shows pages of another site, of another name for this machine, and of an
origin that was allowed."""
import html
import http.server
import json
import re
import shutil
import subprocess
import threading
import urllib.error
import urllib.request

import pytest
from conftest import Cloud

CHROMIUM = shutil.which("chromium")

# Everything that a page can try, and what it could see of the answer.
PAGE = """<!doctype html><pre id="out">waiting</pre><script>
const cloud = new URLSearchParams(location.search).get("cloud"), out = {};
const attempt = async (name, path, options) => {
  try {
    const answer = await fetch(cloud + path, options);
    out[name] = answer.type === "opaque" ? "opaque" : answer.status + " " + (await answer.text()).slice(0, 40);
  } catch (error) { out[name] = "blocked"; }
};
const form = "Action=CreateQueue&Version=2012-11-05&QueueName=";
const type = { "Content-Type": "application/x-www-form-urlencoded" };
(async () => {
  await attempt("simple", "/", { method: "POST", mode: "no-cors", headers: type, body: form + "simple" });
  await attempt("cors", "/", { method: "POST", headers: type, body: form + "cors" });
  await attempt("preflight", "/", { method: "POST", headers: { ...type, "X-Own": "1" }, body: form + "preflight" });
  await attempt("mailbox", "/_aws/ses", {});
  await new Promise((done) => { const image = new Image(); image.onload = image.onerror = done; image.src = cloud + "/?" + form + "image"; });
  document.getElementById("out").textContent = "DONE" + JSON.stringify(out);
})();
</script>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


@pytest.fixture
def show(site, tmp_path):
    if not CHROMIUM:
        pytest.skip("NOT TESTED WITH A BROWSER: chromium is not installed (scripts/setup test)")

    def show(host, cloud):
        shown = subprocess.run(
            [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={tmp_path / 'profile'}", "--host-resolver-rules=MAP *.test 127.0.0.1",
             "--virtual-time-budget=20000", "--dump-dom", f"http://{host}:{site}/?cloud={cloud}"],
            capture_output=True, text=True, timeout=180)
        found = re.search(r"DONE(\{.*?\})</pre>", shown.stdout)
        assert found, shown.stdout[-2000:] + shown.stderr[-2000:]
        return json.loads(html.unescape(found.group(1)))

    return show


@pytest.fixture
def run(tmp_path):
    made = []

    def run(*options):
        made.append(Cloud(tmp_path / f"data{len(made)}", "--auth", "off", *options).start())
        return made[-1]

    yield run
    for cloud in made:
        cloud.stop()


def queues(cloud):
    # Without a signature nothing names a region.
    return [url.rsplit("/", 1)[1] for url in cloud.client("sqs", region_name="us-east-1").list_queues().get("QueueUrls", [])]


def test_a_page_of_another_site_does_nothing(run, show):
    cloud = run()
    seen = show("evil.test", cloud.endpoint)
    assert set(seen.values()) <= {"blocked", "opaque"} and seen["mailbox"] == "blocked", seen
    assert queues(cloud) == [], "a web page made a queue"
    assert "request refused" in open(cloud.log.name).read()


def test_a_name_that_leads_here_is_not_the_clouds(run, show):
    """DNS rebinding: page and cloud have the same host for the browser, and no check of the browser's is in the way."""
    cloud = run()
    seen = show("evil.test", f"http://evil.test:{cloud.port}")
    assert queues(cloud) == [], seen
    assert not any(answer.startswith("200") for answer in seen.values()), seen


def test_an_allowed_origin_reads_its_answers(run, show, site):
    cloud = run("--cors-origin", f"http://friend.test:{site}")
    seen = show("friend.test", cloud.endpoint)
    assert seen["cors"].startswith("200") and seen["preflight"].startswith("200"), seen
    assert {"cors", "preflight"} <= set(queues(cloud))


def test_a_page_of_this_machine_reads_nothing_unless_it_is_allowed(run, show):
    cloud = run()
    seen = show("localhost", cloud.endpoint)
    assert seen["cors"] == seen["preflight"] == seen["mailbox"] == "blocked", seen


def ask(cloud, **headers):
    request = urllib.request.Request(cloud.endpoint + "/_ads/health", headers=headers)
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code


def test_hosts(run):
    cloud = run()
    for host in ("localhost", f"127.0.0.1:{cloud.port}", "sqs.eu-west-1.amazonaws.com", "s3.localhost:1"):
        assert ask(cloud, Host=host) == 200, host
    for host in ("evil.org", "build.internal", "127.0.0.1.evil.org"):
        assert ask(cloud, Host=host) == 403, host
    assert ask(run("--host", "build.internal"), Host="build.internal:4566") == 200


def test_no_authentication_is_said_aloud(run):
    assert "--auth off: every program of every user of this machine" in open(run().log.name).read()
