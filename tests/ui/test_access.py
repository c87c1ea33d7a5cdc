"""Who may write: nobody, until the token printed at start is given, or by signing in where that is set up."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from ui import access


def script() -> None:
    import streamlit as st

    from answers import words as i18n
    from ui import access

    i18n.use("en")
    if access.may_write():
        st.write("open")
    else:
        access.ask()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(access, "_token", access.Token())
    return AppTest.from_function(script)


def is_open(at: AppTest) -> bool:
    assert not at.exception
    return [one.value for one in at.markdown] == ["open"]


def given(at: AppTest, token: str) -> AppTest:
    at.text_input[0].input(token)
    return at.button[0].click().run()


def test_without_a_token_or_sign_in_nobody_may_write(at: AppTest) -> None:
    assert not is_open(at.run())
    for guess in ("", " ", "None", "a" * 32):
        assert not is_open(given(at, guess))
    assert "wrong or has been used" in at.error[0].value


def test_the_token_opens_one_session_once(at: AppTest, capsys: pytest.CaptureFixture[str]) -> None:
    access.announce()
    token = capsys.readouterr().out.strip().split()[-1]
    assert len(token) >= 32
    assert not is_open(given(at.run(), token[:-1]))
    assert is_open(given(at, f" {token}\n"))
    assert is_open(at.run())
    second = AppTest.from_function(script).run()
    assert not is_open(given(second, token))
    following = capsys.readouterr().out.strip().split()[-1]
    assert following != token
    assert is_open(given(second, following))


def test_the_token_is_not_kept_in_the_session(at: AppTest, capsys: pytest.CaptureFixture[str]) -> None:
    access.announce()
    token = capsys.readouterr().out.strip().split()[-1]
    given(at.run(), token)
    assert token not in str(at.session_state)
    assert at.session_state["access.opened"] is True


def test_the_token_is_announced_in_the_language_of_the_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, word in (("vi", "Mã dùng một lần"), ("en", "One-time token")):
        monkeypatch.setenv("ATLAS_LANG", lang)
        access.announce()
        assert re.match(word, capsys.readouterr().out)


def test_where_sign_in_is_set_up_it_alone_decides(at: AppTest, capsys: pytest.CaptureFixture[str]) -> None:
    access.announce()
    token = capsys.readouterr().out.strip().split()[-1]
    at.secrets["auth"] = {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x"}
    at.user["is_logged_in"] = False
    at.session_state["access.opened"] = True
    assert not is_open(at.run())
    assert not at.text_input
    assert at.button[0].label == "Sign in"
    at.user["is_logged_in"] = True
    assert is_open(at.run())
    assert token


def test_a_claim_to_be_signed_in_counts_for_nothing_where_sign_in_is_not_set_up(at: AppTest) -> None:
    at.user["is_logged_in"] = True
    at.user["email"] = "chief@example.org"
    assert not is_open(at.run())
    at.query_params["access.opened"] = "true"
    assert not is_open(at.run())


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (None, {"Host": "localhost:8501"}),
        ("127.0.0.1", {"Host": "atlas.example"}),
        ("203.0.113.7", {"Host": "localhost:8501", "X-Forwarded-For": "127.0.0.1", "X-Real-IP": "::1"}),
        ("203.0.113.7", {"Forwarded": "for=127.0.0.1;host=localhost", "X-Forwarded-Host": "localhost"}),
        (None, {"Host": "rebound.example"}),
    ],
    ids=["own computer", "plain proxy", "forged address", "forged forwarding", "DNS rebinding"],
)
def test_where_a_visitor_says_to_be_counts_for_nothing(
    at: AppTest, monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str]
) -> None:
    proxy = "streamlit.runtime.context.ContextProxy"
    monkeypatch.setattr(f"{proxy}.ip_address", property(lambda _: address))
    monkeypatch.setattr(f"{proxy}.headers", property(lambda _: headers))
    monkeypatch.setattr(f"{proxy}.url", property(lambda _: f"http://{headers.get('Host')}/data"))
    assert not is_open(at.run())
    assert at.text_input[0].label == "Token"
