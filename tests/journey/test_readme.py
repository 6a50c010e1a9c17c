"""README's first page, typed as it is printed: from a build to one's own export answered by one's own users."""
import os
import re
import shutil
import subprocess

import pytest

from local_cloud import BUILD, ROOT

USERS = """serviceUUID,firstName,lastName,detailedAddress,lastPingedLocation,status
6f9619ff-8b86-d011-b42d-00c04fc964ff,Ada,Lovelace,"12 Some Street, London",London,Active
0e984725-c51c-4bf4-9960-e1c80e27aba0,Alan,Turing,Bletchley,Manchester,Suspended
"""
EXPORT = """status_code,retry_count,service_uuid
200,0,6f9619ff-8b86-d011-b42d-00c04fc964ff
404,1,0e984725-c51c-4bf4-9960-e1c80e27aba0
503,0,6f9619ff-8b86-d011-b42d-00c04fc964ff
2oo,0,6f9619ff-8b86-d011-b42d-00c04fc964ff
"""


def commands_of(title):
    """The lines of the code block below that title, without their comments."""
    section = (ROOT / "README.md").read_text().split(f"## {title}\n")[1].split("\n## ")[0]
    block = re.search(r"(?:^    .*\n)+", section, re.M)[0]
    return [re.sub(r"  +#.*", "", line.strip()) for line in block.splitlines()]


def typed(commands, directory):
    """Each command as a person types it into one shell: (exit code, what it printed), by command. In a network of its own,
    where the port of the local cloud is free."""
    script = ["exec 2>&1", "ip link set lo up", f"cd {directory}"]
    for command in commands:
        # The cloud's words go elsewhere: they come whenever it has something to say.
        line = command.replace(" &", " > cloud.log 2>&1 &") if command.endswith(" &") else command
        script += [line, f"printf '\\n@@%s@@\\n' $?"]
    script += ["kill %1", "wait"]
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("AWS_", "XDG_"))}
    home = directory / "home"
    home.mkdir()
    done = subprocess.run(["unshare", "--net", "bash", "-m", "-c", "\n".join(script)], capture_output=True, text=True, timeout=300,
                          env={**environment, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "AWS_EC2_METADATA_DISABLED": "true"})
    said = re.split(r"\n@@(\d+)@@\n", done.stdout)
    assert len(said) == 2 * len(commands) + 1, done.stdout + done.stderr
    return {command: (int(said[2 * i + 1]), said[2 * i]) for i, command in enumerate(commands)}


def has_network_of_its_own():
    return shutil.which("unshare") and subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not has_network_of_its_own(), reason="NOT TESTED: unshare --net is not allowed here")
def test_my_own_export_is_answered_by_my_own_users(tmp_path):
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "release").symlink_to(BUILD.resolve())
    (tmp_path / "users.csv").write_text(USERS)
    (tmp_path / "export.csv").write_text(EXPORT)
    setup, *commands = commands_of("Your own users and your own export, on this machine")
    assert setup.startswith("scripts/setup build && cmake --preset release && cmake --build"), "that is this build"
    also = ["ads status --last", "ads report --last", "ads doctor", "ads mail", "ads retries --last"]
    said = typed([*commands, *also], tmp_path)
    in_part = {line for line in commands if line.startswith(("ads check", "ads submit"))} | {"ads status --last", "ads report --last"}
    codes = {command: code for command, (code, _) in said.items()}
    assert codes == {command: 3 if command in in_part else 0 for command in codes}, said
    assert "Imported 2 users" in next(text for command, (_, text) in said.items() if command.startswith("ads users import"))
    report = next(text for command, (_, text) in said.items() if command.startswith("ads submit"))
    assert "STATUS_NOT_INT" in report and "line 5" in report
    assert "DONE" in said["ads runs"][1] and "DES_Manually_Processed_" in said["ads runs"][1]
    fixed = (tmp_path / "fixed.csv").read_text()
    assert fixed.splitlines()[1].startswith("2oo,0,6f9619ff-8b86-d011-b42d-00c04fc964ff,5,STATUS_NOT_INT")
    assert "0 problems" in said["ads doctor"][1]
