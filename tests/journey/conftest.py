"""One local cloud with the stack deployed by `ads deploy`, users imported, and a queue that hears the topic."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from local_cloud import Cloud  # noqa: E402
from stack import Stack  # noqa: E402

USERS = 400


@pytest.fixture(scope="session")
def users_file(cloud):
    users = cloud.directory.parent / "users.csv"
    cloud.ads("generate", "users", "--users", USERS, "--out", users)
    # A user with a profile field missing, and one whose profile needs every kind of escaping.
    with open(users, "a") as file:
        file.write('no-address,Active,Ada,Lovelace,,Berlin\n')
        file.write('awkward:1,Active,"Zoë ""Z"" <b>","O\'Neil & Söhne","1, Main St\\n",北京\n')
        file.write(f"oversize,Active,Big,Address,{'x' * 300_000},Berlin\n")
    return users


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    running = Cloud(tmp_path_factory.mktemp("journey") / "data").start()
    yield running
    running.stop()
    assert running.process.returncode == 0


@pytest.fixture(scope="session")
def deploy(cloud, users_file):
    """Further stacks on the same cloud, by name and parameters."""
    stacks = {}

    def deploy_stack(name, **parameters):
        if name not in stacks:
            stacks[name] = Stack(cloud, users_file, name, **parameters)
        return stacks[name]
    yield deploy_stack
    for each in stacks.values():
        each.close()


@pytest.fixture(scope="session")
def stack(deploy):
    return deploy("ads")
