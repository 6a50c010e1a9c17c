"""Completion and manual, as the shells and man read them; they are made from the program's own definitions."""
import os
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

from conftest import ROOT

ADS = ROOT / "build/release/ads"


def printed(*arguments):
    return subprocess.run([ADS, *arguments], check=True, capture_output=True, text=True).stdout


def commands():
    """The commands that `ads --help` lists."""
    listed = printed("--help").split("Subcommands:\n")[1]
    return re.findall(r"^  ([a-z-]+)", listed, re.MULTILINE)


def complete(line):
    """What bash offers where the cursor stands at the end of the line. Bash makes words of '=' too."""
    words = [word for part in re.split(r"\s", line) for word in re.split("(=)", part) if word or not part]
    if line.endswith("="):
        words.append("")
    script = (printed("completion", "bash") +
              f"COMP_WORDS=({' '.join(repr(word) for word in words)})\nCOMP_CWORD={len(words) - 1}\n_ads\n" +
              "printf '%s\\n' \"${COMPREPLY[@]}\"\n")
    output = subprocess.run(["bash", "--norc", "-eu"], input=script, check=True, capture_output=True, text=True)
    assert output.stderr == ""
    return output.stdout.split()


@pytest.mark.parametrize("line, offered", [
    ("ads depl", ["deploy"]),
    ("ads --output ", ["text", "json"]),
    ("ads --output=j", ["json"]),
    ("ads cloud --auth ", ["verify", "off"]),
    ("ads cloud --auth=", ["verify", "off"]),
    ("ads users im", ["import"]),
    ("ads --region cloud depl", ["deploy"]),
    ("ads --region=cloud depl", ["deploy"]),
    ("ads deploy --region ", []),
    ("ads cloud --ephem", ["--ephemeral"]),
    ("ads users import --out", ["--output"]),
    ("ads completion ", ["bash", "zsh"]),
    ("ads deploy --ephem", []),
])
def test_bash_offers(line, offered):
    assert complete(line) == offered


def test_bash_offers_every_command():
    assert set(complete("ads ")) == set(commands())


def test_the_bash_script_is_sound():
    subprocess.run(["shellcheck", "--shell=bash", "-"], input=printed("completion", "bash"), text=True, check=True)


def test_zsh_completes_in_a_terminal(tmp_path):
    if not shutil.which("zsh"):
        pytest.skip("SKIPPED LOUDLY: no zsh (scripts/setup package): its completion was NOT tried")
    (tmp_path / "_ads").write_text(printed("completion", "zsh"))
    subprocess.run(["zsh", "-n", tmp_path / "_ads"], check=True)
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "HOME": str(tmp_path)})
    seen = ""

    def wait_for(text):
        nonlocal seen
        deadline = time.monotonic() + 30
        while text not in seen:
            ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no {text!r} in {seen!r}"
            seen += os.read(terminal, 4096).decode(errors="replace")
        seen = ""

    try:
        os.write(terminal, f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u -D; PS1=go''on\n".encode())
        wait_for("goon")
        for typed, shown in [("ads depl", "ads deploy "), ("ads users impo", "ads users import "),
                             ("ads --output js", "ads --output json"), ("ads cloud --ephem", "ads cloud --ephemeral")]:
            os.write(terminal, f"{typed}\t\x15".encode())
            wait_for(shown[len(typed):])
    finally:
        os.write(terminal, b"\x15exit\n")
        os.close(terminal)
        os.waitpid(process, 0)


def test_the_manual_is_sound_and_whole():
    page = printed("manual")
    checked = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "-"], input=page, text=True,
                             capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": ""})
    assert checked.returncode == 0 and checked.stderr == "", checked.stderr
    plain = page.replace("\\-", "-")
    for command in commands():
        assert f'.SS "ads {command}' in plain, command
    # Every option of a command, with what --help says of it.
    for option in re.findall(r"(--[a-z-]+)", printed("deploy", "--help")):
        assert option in plain, option
