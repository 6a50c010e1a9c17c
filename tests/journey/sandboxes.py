"""The function's sandboxes as the operating system sees them, to be measured and killed."""
import os
import pathlib
import random
import signal
import threading


def descendants(pid):
    """Of that process: its children, and theirs."""
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield int(child)
            yield from descendants(int(child))


def pids(cloud):
    """pid -> the role of each sandbox of that cloud ("worker", ...). Between the cloud and each function is its supervisor."""
    found = {}
    for pid in descendants(cloud.process.pid):
        try:
            variables = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        for variable in variables:
            if variable.startswith(b"_HANDLER="):
                found[pid] = variable.split(b"=", 1)[1].decode()
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


class Peaks(threading.Thread):
    """The largest resident set of any sandbox by role, and of the cloud, looked at four times a second: VmHWM keeps the peak
    of each process, so only one that lives shorter than that can be missed."""

    def __init__(self, cloud):
        super().__init__(daemon=True)
        self.cloud, self.of, self.stopping = cloud, {}, threading.Event()
        self.start()

    def run(self):
        while not self.stopping.wait(0.25):
            for pid, role in [*pids(self.cloud).items(), (self.cloud.process.pid, "cloud")]:
                self.of[role] = max(self.of.get(role, 0), peak_megabytes(pid))

    def stop(self):
        self.stopping.set()
        self.join()


class Killer(threading.Thread):
    """kill -9 of a sandbox chosen at random, at random moments: on the average `kills` times until progress() is 1. What
    dies too often without having come further is given up by the function, so a slow machine kills more slowly."""

    def __init__(self, cloud, seed, kills, progress, roles=("worker", "retry")):
        super().__init__(daemon=True)
        self.cloud, self.kills, self.progress, self.roles = cloud, kills, progress, roles
        self.chance, self.stopping, self.killed = random.Random(seed), threading.Event(), {}
        self.start()

    def run(self):
        due = 0
        while not self.stopping.wait(self.chance.uniform(0.01, 0.2)):
            come = self.progress()
            if come is None or come < due:
                continue
            if come > 0.97:
                return  # the run's end is a single invocation, and whoever follows waits for its time to be over
            running = sorted((pid, role) for pid, role in pids(self.cloud).items() if role in self.roles)
            if not running:
                continue
            pid, role = self.chance.choice(running)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.killed[role] = self.killed.get(role, 0) + 1
            due = come + self.chance.uniform(0, 2) / self.kills

    def stop(self):
        self.stopping.set()
        self.join()
        return sum(self.killed.values())
