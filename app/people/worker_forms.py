"""The forms of a worker's sign-in. The views say what is wrong, because the answer must not give anything away."""

from __future__ import annotations

from wtforms import Form, PasswordField

from app.core.web.forms import TidyStringField


class SignInForm(Form):
    """E-mail and passphrase."""

    email = TidyStringField()
    passphrase = PasswordField()


class CodeForm(Form):
    """The six figures from the worker's phone."""

    code = TidyStringField()
