"""The function's sandboxes as the operating system sees them: children of the cloud, to be measured and killed."""
import os
import pathlib
import random
import signal
import threading


def pids(cloud):
    """pid -> the role of each sandbox of that cloud ("worker", ...)."""
    found = {}
    for task in pathlib.Path(f"/proc/{cloud.process.pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for pid in children:
            try:
                variables = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            except OSError:
                continue
            for variable in variables:
                if variable.startswith(b"_HANDLER="):
                    found[int(pid)] = variable.split(b"=", 1)[1].decode()
    return found


def peak_megabytes(pid):
    """The largest resident set so far (VmHWM), or 0 once the process is gone."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


class Killer(threading.Thread):
    """kill -9 of a sandbox chosen at random, again and again at random times, until stop() or `most` have died."""

    def __init__(self, cloud, seed, every=0.3, most=10**9, roles=("worker", "retry")):
        super().__init__(daemon=True)
        self.cloud, self.every, self.most, self.roles = cloud, every, most, roles
        self.chance, self.stopping, self.killed = random.Random(seed), threading.Event(), {}
        self.start()

    def run(self):
        while self.count() < self.most and not self.stopping.wait(self.chance.uniform(0.1, 1.9) * self.every):
            running = sorted((pid, role) for pid, role in pids(self.cloud).items() if role in self.roles)
            if not running:
                continue
            pid, role = self.chance.choice(running)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.killed[role] = self.killed.get(role, 0) + 1

    def count(self):
        return sum(self.killed.values())

    def stop(self):
        self.stopping.set()
        self.join()
        return self.count()
