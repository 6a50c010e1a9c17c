"""A pseudo-terminal for a program, and `ads` on one or behind pipes."""
import errno
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from local_cloud import BUILD, REGION, ROOT

ADS = str(BUILD / "ads")
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Terminal:
    """A program on a terminal of that width; what it shows, and what is typed."""

    def __init__(self, command, columns=80, environment=None):
        self.text, self.code = "", None
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.chdir(ROOT)
            os.execve(command[0], list(map(str, command)), environment)

    def _read(self, seconds):
        ready, _, _ = select.select([self.end], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.end, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # the other end is closed
                raise
            data = b""
        self.text += data.decode(errors="replace")
        return bool(data)

    def wait_for(self, words, seconds=60):
        end = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < end and self._read(1), f"{words!r} never came: {self.text!r}"
        return self

    def type(self, keys):
        os.write(self.end, keys.encode())
        return self

    def finish(self, seconds=120):
        end = time.monotonic() + seconds
        while self._read(1):
            assert time.monotonic() < end, self.text
        _, status = os.waitpid(self.pid, 0)
        os.close(self.end)
        self.code = os.waitstatus_to_exitcode(status)
        return self

    def rows(self):
        return [ESCAPE.sub("", row) for row in self.text.replace("\r", "").split("\n")]


def write(stack, content):
    path = stack.directory / f"file-{time.monotonic_ns()}"
    path.write_bytes(content)
    return path


def on_terminal(stack, *arguments, columns=80, **variables):
    environment = {**stack.cloud.environment(), "TERM": "xterm-256color", **variables}
    environment.pop("COLUMNS", None)
    return Terminal([ADS, "--region", REGION, *arguments], columns, environment)


def piped(stack, *arguments, content=None, **options):
    return subprocess.run([ADS, "--region", REGION, *map(str, arguments)], env=stack.cloud.environment(), input=content,
                          capture_output=True, cwd=ROOT, **options)
