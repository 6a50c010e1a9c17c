"""The Debian package: what is in it, what it needs, and that it comes and goes in a Debian that has nothing else."""
import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import ROOT


@pytest.fixture(scope="session")
def package():
    found = sorted((ROOT / "build").glob("ads_*.deb"))
    if len(found) != 1:
        pytest.fail(f"not one package but {len(found)} in {ROOT / 'build'}: run scripts/package first")
    return found[0]


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="session")
def unpacked(package, tmp_path_factory):
    directory = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "-x", package, directory], check=True)
    return directory


def test_it_needs_the_c_library_alone(package):
    needed = [name.split()[0] for name in field(package, "Depends").split(",")]
    assert needed == ["libc6"]


def test_what_is_in_it(unpacked):
    files = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    assert files == {
        "usr/bin/ads", "usr/share/ads/function-x86_64.zip", "usr/share/ads/function-arm64.zip", "usr/share/ads/resources.yaml",
        "usr/share/bash-completion/completions/ads", "usr/share/zsh/vendor-completions/_ads", "usr/share/man/man1/ads.1.gz",
        "usr/share/doc/ads/copyright", "usr/share/doc/ads/changelog.gz", "usr/share/doc/ads/README.md",
        "usr/share/lintian/overrides/ads"}
    for name in ("function-x86_64.zip", "function-arm64.zip"):
        assert (unpacked / "usr/share/ads" / name).read_bytes() == (ROOT / "build" / name).read_bytes()
    for path in unpacked.rglob("*"):
        mode = path.stat().st_mode & 0o7777
        assert mode == (0o755 if path.is_dir() or path.name == "ads" and path.parent.name == "bin" else 0o644), path


def test_lintian_finds_no_error(package):
    if not shutil.which("lintian"):
        pytest.skip("SKIPPED LOUDLY: lintian is not installed: the package was NOT linted")
    found = subprocess.run(["lintian", "--fail-on", "error", "--tag-display-limit", "0", package], capture_output=True, text=True,
                           env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.fixture(scope="session")
def debian(tmp_path_factory):
    """A Debian 12 with nothing in it but what every Debian has."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("SKIPPED LOUDLY: needs root and debootstrap (scripts/setup package): the package was NOT installed")
    kept = ROOT / "build/debian12.tar"
    root = tmp_path_factory.mktemp("debian")
    if not kept.exists():
        made = tmp_path_factory.mktemp("made") / "root"
        done = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", made], capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"SKIPPED LOUDLY: debootstrap failed ({done.stdout[-300:]}): the package was NOT installed")
        partial = kept.with_suffix(".partial")
        subprocess.run(["tar", "-C", made, "-cf", partial, "."], check=True)
        os.replace(partial, kept)
        shutil.rmtree(made)
    subprocess.run(["tar", "-C", root, "-xf", kept], check=True)
    yield root
    shutil.rmtree(root, ignore_errors=True)


def within(root, *command, check=True):
    return subprocess.run(["/usr/sbin/chroot", root, *command], check=check, capture_output=True, text=True,
                          env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                               "DEBIAN_FRONTEND": "noninteractive"})


def files_of(root):
    skipped = ("var/lib/dpkg", "var/log", "var/cache", "proc", "sys", "dev")
    return {str(path.relative_to(root)) for path in pathlib.Path(root).rglob("*")
            if not str(path.relative_to(root)).startswith(skipped)}


def test_it_comes_and_goes_in_a_bare_debian(debian, package):
    before = files_of(debian)
    shutil.copy(package, debian / "ads.deb")
    within(debian, "dpkg", "-i", "/ads.deb")
    (debian / "ads.deb").unlink()
    version = within(debian, "ads", "--version").stdout.strip()
    assert version and version == field(package, "Version")
    assert "deploy" in within(debian, "ads", "--help").stdout
    assert within(debian, "bash", "-c", "source /usr/share/bash-completion/completions/ads && complete -p ads").stdout
    # The local cloud starts and ends there: its store, its key file and its port need nothing more.
    told = within(debian, "timeout", "--signal=TERM", "--preserve-status", "3", "ads", "cloud", "--port", "0", "--data", "/tmp/cloud")
    assert "ads cloud listening on" in told.stdout, told
    shutil.rmtree(debian / "tmp/cloud")
    within(debian, "dpkg", "--purge", "ads")
    left = {name for name in files_of(debian) - before if not name.startswith(("run/", "root/", "tmp/"))}
    assert left == set()
