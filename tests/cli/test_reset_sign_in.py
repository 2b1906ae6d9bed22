"""`motcua reset-sign-in`: the operator helps who cannot sign in when no administrator can."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.agencies.access import Role
from motcua.agencies.models import AccountAct, Session
from support.session import HOME
from support.signing_in import session_of
from support.world import make_world

MOTCUA = Path(sys.executable).with_name("motcua")


@pytest.fixture
def leader(fresh_database):
    """A leader who is signed in."""
    user = make_world().user(Role.LEADER)
    session_of(user)
    return user


@pytest.fixture
def run(fresh_database):
    def _run(*arguments, code=0):
        env = {**os.environ, "DATABASE_URL": fresh_database.url, "MOTCUA_HOME": str(HOME), "LC_ALL": "vi_VN.UTF-8"}
        done = subprocess.run(
            [MOTCUA, "reset-sign-in", *arguments], capture_output=True, text=True, env=env, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    return _run


def test_password_and_second_factor_are_reset_and_the_log_says_why(run, leader):
    told = run(leader.username, "--reason", "Cả hai quản trị nghỉ", "--password", "--second-factor")
    given = told.split("Mật khẩu mới: ")[1].strip()
    leader.refresh_from_db()
    assert given and leader.password_is_given
    assert not leader.authenticator_set.exists()
    assert not Session.objects.filter(user=leader).exists()
    acts = list(AccountAct.objects.order_by("pk").values_list("kind", "by_staff", "reason"))
    assert acts == [("second_factor", None, "Cả hai quản trị nghỉ"), ("password", None, "Cả hai quản trị nghỉ")]


def test_without_an_option_only_the_sessions_end(run, leader):
    before = leader.password
    run(leader.username, "--reason", "Máy bị mất")
    leader.refresh_from_db()
    assert leader.password == before and leader.authenticator_set.exists()
    assert not Session.objects.filter(user=leader).exists()


def test_a_wrong_name_or_no_reason_does_nothing(run, leader):
    run("khong.co.ai", "--reason", "x", code=1)
    run(leader.username, "--reason", " ", code=1)
    run(leader.username, code=2)
    assert Session.objects.filter(user=leader).exists() and not AccountAct.objects.exists()
