"""Who may change what everybody sees: whoever has signed in, or holds the one-time token printed at start.

Nothing a client says of where it is counts: behind a proxy everyone comes from the same address, and headers and
names are the sender's to choose.
"""

from __future__ import annotations

import hmac
import secrets
from threading import Lock
from typing import Final

import streamlit as st

from answers import words as i18n
from answers.words import t
from data.problems import language

_OPENED: Final = "access.opened"
_GIVEN: Final = "access.given"
_REFUSED: Final = "access.refused"


class Token:
    """A secret that opens one session. None is out until :meth:`issue`, and none that has been used."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._secret: str | None = None

    def issue(self) -> str:
        """Make a new secret, in place of the former one."""
        with self._lock:
            self._secret = secrets.token_urlsafe(24)
            return self._secret

    def spend(self, given: str) -> bool:
        """Say whether this is the secret; it is none afterwards.

        >>> token = Token()
        >>> secret = token.issue()
        >>> token.spend("a guess"), token.spend(secret), token.spend(secret), token.spend("")
        (False, True, False, False)
        """
        with self._lock:
            right = hmac.compare_digest((self._secret or "").encode(), given.strip().encode())
            if not right or self._secret is None:
                return False
            self._secret = None
            return True


_token = Token()


def announce() -> None:
    """Print a token for the person at the server, where no sign-in is set up; nowhere else is it written."""
    if not has_sign_in():
        with i18n.language(language()):
            print(t("access.token.printed", token=_token.issue()), flush=True)


def has_sign_in() -> bool:
    """Say whether Streamlit's sign-in (``[auth]`` among its secrets) is set up."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def may_write() -> bool:
    """Say whether the visitor may change what everybody sees. Every way of writing asks here."""
    if has_sign_in():
        return st.user.get("is_logged_in") is True
    return st.session_state.get(_OPENED) is True


def ask() -> None:
    """Offer a visitor who may not write the way to it: signing in, or the token."""
    if has_sign_in():
        st.info(t("access.sign_in.needed"), icon=":material/lock:")
        st.button(t("access.sign_in"), on_click=st.login, icon=":material/login:", key="access.sign_in")
        return
    st.info(t("access.token.needed"), icon=":material/lock:")
    # No form: in Streamlit 1.67 one here empties the segmented controls beside it.
    st.text_input(t("access.token"), type="password", autocomplete="off", key=_GIVEN, on_change=_open)
    st.button(t("access.open"), on_click=_open, icon=":material/lock_open:", key="access.open")
    if st.session_state.get(_REFUSED):
        st.error(t("access.token.wrong"), icon=":material/error:")


def _open() -> None:
    """Open the session where the token is right; what was typed is forgotten either way."""
    given, st.session_state[_GIVEN] = st.session_state[_GIVEN], ""
    if _token.spend(given):
        st.session_state[_OPENED] = True
        announce()  # for the next session, which this one's token does not open
    elif given:  # leaving the field and pressing the button both come here
        st.session_state[_REFUSED] = True
