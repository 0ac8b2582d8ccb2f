"""Workers' way in with the council's own sign-on (OpenID Connect): authorisation code with PKCE, state and nonce.

We match by the subject the council gives, which never changes. The first time we match by an e-mail address that the council says
it has verified, to a worker who is here already, and keep the subject. Nobody is ever created by signing in.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import audit, clock
from app.core.settings import Settings
from app.people.models import WORKER_ROLES, Person, WorkerKey
from app.people.worker_sign_in import tidy_email

_NAME = "council"
_STATE_SECONDS = 10 * 60
_SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


class CouncilRefused(Exception):
    """What came back from the council's sign-on cannot be trusted, was too late, or says no."""


class CouncilSilent(Exception):
    """The council's sign-on does not answer, or answers with what is not OpenID Connect."""


@dataclass(frozen=True, slots=True)
class CouncilAccount:
    """Who the council says this is."""

    subject: str
    verified_email: str | None


def init_oidc(app: Flask, config: Settings) -> None:
    """Set the client up where an issuer is configured. The libraries are loaded only then: they are not small."""
    if not config.oidc_issuer:
        return
    from authlib.integrations.flask_client import FlaskIntegration, OAuth

    class ShortState(FlaskIntegration):
        """Keeps the state in the signed cookie, and no longer than a sign-in takes."""

        expires_in = _STATE_SECONDS

        def get_state_data(self, session: Any, state: str) -> Any:
            kept = session.get(f"_state_{self.name}_{state}") or {}
            return kept.get("data") if kept.get("exp", 0) > time.time() else None

    class Council(OAuth):
        framework_integration_cls = ShortState

    secret = config.oidc_client_secret
    oauth = Council(app)
    oauth.register(
        _NAME,
        client_id=config.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else None,
        server_metadata_url=f"{config.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": 10},
    )
    app.extensions["council"] = oauth


def is_configured() -> bool:
    """Return whether workers can sign in with the council's own account."""
    return "council" in current_app.extensions


def start(back_address: str) -> Response:
    """Return the redirect to the council's sign-on. Raises CouncilSilent."""
    import requests

    try:
        client = _client()
        response: Response = client.authorize_redirect(back_address)
    except (requests.RequestException, RuntimeError, ValueError) as error:
        raise CouncilSilent from error
    return response


def finish(config: Settings) -> CouncilAccount:
    """Return who came back from the council's sign-on. Raises CouncilRefused or CouncilSilent.

    State, PKCE, signature, issuer, audience, time and nonce are all checked; a token without one of them is refused.
    """
    import requests
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        client = _client()
        # Without these the library would take a token that the same sign-on made for another service.
        expected = {
            "iss": {"essential": True, "value": client.server_metadata["issuer"]},
            "aud": {"essential": True, "value": config.oidc_client_id},
            "sub": {"essential": True},
        }
        token = client.authorize_access_token(claims_options=expected)
    except requests.RequestException as error:
        raise CouncilSilent from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, RuntimeError, TypeError) as error:
        raise CouncilRefused from error
    claims = token.get("userinfo")
    if not claims or not claims.get("sub"):
        raise CouncilRefused("There was no proof of who it is in the answer.")
    verified = claims.get("email") if claims.get("email_verified") is True else None
    return CouncilAccount(str(claims["sub"]), tidy_email(verified) if isinstance(verified, str) else None)


def worker_of(session: Session, account: CouncilAccount) -> Person | None:
    """Return the worker whose council account this is, or None. Keeps the subject the first time.

    An e-mail that already belongs to another subject is not matched: addresses are given to new people when somebody leaves.
    """
    person = session.scalar(
        select(Person)
        .join(WorkerKey, WorkerKey.person_id == Person.id)
        .where(WorkerKey.oidc_subject == account.subject)
    )
    if person is None and account.verified_email:
        person = session.scalar(select(Person).where(Person.email == account.verified_email))
        if person is not None and not _keep_subject(session, person, account.subject):
            return None
    if person is None or not _may_sign_in(person):
        return None
    return person


def _keep_subject(session: Session, person: Person, subject: str) -> bool:
    if not _may_sign_in(person):
        return False
    key = session.get(WorkerKey, person.id) or WorkerKey(person_id=person.id)
    if key.oidc_subject is not None:
        return False
    key.oidc_subject = subject
    session.add(key)
    session.flush()
    audit.record(session, None, "worker-key.set", thing_id=person.id, detail="council account")
    return True


def _may_sign_in(person: Person) -> bool:
    left = person.ended_on is not None and person.ended_on <= clock.today()
    return person.role in WORKER_ROLES and not left


def _client() -> Any:
    """Return the client with the council's metadata loaded; only real signatures are accepted, whatever it offers."""
    client = current_app.extensions["council"].create_client(_NAME)
    metadata = client.load_server_metadata()
    issuer = str(metadata.get("issuer", ""))
    wanted = str(current_app.extensions["settings"].oidc_issuer)
    if issuer.rstrip("/") != wanted.rstrip("/"):
        raise RuntimeError("The issuer in the council's metadata is not the one in our settings.")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in _SIGNATURES]
    return client
