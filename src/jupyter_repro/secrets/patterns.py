"""What credentials look like: one row a kind."""

from __future__ import annotations

import functools
import itertools
import re
from typing import NamedTuple

__all__ = ["PATTERNS", "Pattern", "compiled"]


class Pattern(NamedTuple):
    """One kind of credential."""

    name: str
    hints: tuple[str, ...]
    """How a match begins, in lower case: the expression is tried nowhere else."""
    expression: str
    """What is secret is the group ``secret``, or all of the match."""
    guessable: bool = False
    """It may be a word of a person's: no digest of it is shown, by which others could try words."""
    varied: bool = False
    """It counts only if it looks made by a machine."""


def _token(name: str, hint: str | tuple[str, ...], expression: str, *, after: str = "A-Za-z0-9_") -> Pattern:
    """Make the row of a token with a prefix of its own, which stands alone."""
    hints = (hint,) if isinstance(hint, str) else hint
    return Pattern(name, hints, rf"(?<![{after}])(?:{expression})(?![A-Za-z0-9_])")


_BASE64 = "A-Za-z0-9/+_-"
"""What stands before a token that could be a piece of an image."""

_IS = r"""s?["'\])]*\s*(?::\s*[\w.]+\s*=|:=|==|=>|=|:)\s*[rbf]?"""
"""What stands between the name of a secret and its value in code, JSON, YAML and shell."""

_PASSWORDS = ("password", "passwd", "passphrase", "passcode")
_SECRETS = ("secret", "_pwd")
_KEYS = (
    "token",
    "credential",
    "bearer",
    "client_secret",
    "secret_access_key",
    *(
        f"{owner}{dash}key"
        for owner, dash in itertools.product(
            ("api", "access", "secret", "private", "account", "auth", "encryption", "signing", "kaggle"),
            ("_", "-", ""),
        )
    ),
)


def _any_of(words: tuple[str, ...]) -> str:
    return f"(?i:{'|'.join(sorted(words, key=len, reverse=True))})"


_TOKENS: tuple[Pattern, ...] = (
    _token("anthropic-key", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{20,}"),
    _token(
        "openai-key", "sk-", r"sk-(?!ant-)(?=[A-Za-z0-9_-]*[0-9])(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{20,}"
    ),
    _token("aws-access-key", ("akia", "asia"), r"A[KS]IA[A-Z0-9]{16}", after=_BASE64),
    _token("github-token", ("gho_", "ghp_", "ghr_", "ghs_", "ghu_"), r"gh[oprsu]_[A-Za-z0-9]{30,}"),
    _token("github-fine-grained-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{22,}"),
    _token("gitlab-token", "glpat-", r"glpat-[A-Za-z0-9_.-]{20,}"),
    _token("hugging-face-token", "hf_", r"hf_[A-Za-z0-9]{30,}"),
    _token("slack-token", "xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,}"),
    _token("google-api-key", "aiza", r"AIza[A-Za-z0-9_-]{35}", after=_BASE64),
    _token("google-oauth-token", "ya29.", r"ya29\.[A-Za-z0-9_-]{20,}"),
    _token("google-client-secret", "gocspx-", r"GOCSPX-[A-Za-z0-9_-]{20,}"),
    _token("pypi-token", "pypi-", r"pypi-[A-Za-z0-9_-]{50,}"),
    _token("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _token("jwt", "eyj", r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    _token(
        "stripe-key",
        ("sk_live_", "rk_live_", "sk_test_", "rk_test_"),
        r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,}",
    ),
    _token("sendgrid-key", "sg.", r"SG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{40,46}"),
    _token("digitalocean-token", ("doo_v1_", "dop_v1_", "dor_v1_"), r"do[opr]_v1_[0-9a-f]{64}"),
    _token("databricks-token", "dapi", r"dapi[0-9a-f]{32}(?:-[0-9])?", after=_BASE64),
    _token("docker-token", "dckr_", r"dckr_[a-z]+_[A-Za-z0-9_-]{20,}"),
    _token("telegram-token", ":aa", r"(?<=[0-9]{8}):AA[A-Za-z0-9_-]{33}", after="A-Za-z"),
    _token("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37}"),
    _token("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    _token("vault-token", "hvs.", r"hvs\.[A-Za-z0-9_-]{24,}"),
    _token("notion-token", "ntn_", r"ntn_[A-Za-z0-9]{40,}"),
    _token("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{30,}"),
    _token("postman-key", "pmak-", r"PMAK-[A-Za-z0-9]{24}-[A-Za-z0-9]{34}"),
    _token("shopify-token", ("shpat_", "shpca_", "shppa_", "shpss_"), r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}"),
    _token("mailgun-key", "key-", r"key-[0-9a-f]{32}"),
    _token("wandb-key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_-]{20,}"),
    _token("age-key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
)

_PLACES: tuple[Pattern, ...] = (
    Pattern(
        "private-key",
        ("-----begin ",),
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?"
        r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    ),
    Pattern(
        "putty-key", ("private-lines:",), r"(?i:private-lines): [0-9]+\s+(?P<secret>[A-Za-z0-9+/=\s]{40,})"
    ),
    Pattern(
        "webhook",
        ("hooks.slack.com/", "/api/webhooks/", "webhook.office.com/"),
        r"(?:hooks\.slack\.com/(?:services|workflows)/|/api/webhooks/|webhook\.office\.com/)"
        r"(?P<secret>[A-Za-z0-9/@_-]{20,})",
    ),
    Pattern(
        "azure-key",
        ("accountkey=", "sharedaccesskey="),
        r"(?i:accountkey|sharedaccesskey)=(?P<secret>[A-Za-z0-9+/]{40,}={0,2})",
    ),
    Pattern("conda-token", ("/t/",), r"/t/(?P<secret>[a-z]{2}-[0-9a-f-]{30,})(?=/)"),
    Pattern(
        "url-credentials",
        ("://",),
        r"://(?P<secret>[^\s/?#\"'<>@{}$%\\`]*:[^\s/?#\"'<>@{}$\\`\[]+)@",
        guessable=True,
    ),
    Pattern("url-token", ("://",), r"://(?P<secret>[A-Za-z0-9_.~-]{16,})@", varied=True),
    Pattern(
        "url-signature",
        ("signature=", "sig=", "token=", "key=", "credential=", "password="),
        r"(?<=[?&;_-])(?i:signature|sig|token|key|credential|password)=(?P<secret>[A-Za-z0-9%/+=_.~-]{12,})",
        varied=True,
    ),
    Pattern(
        "authorization",
        ("authorization",),
        r"(?i:authorization)[\"']?\s*[:=,]\s*[\"']?(?i:bearer|basic|token)\s+(?P<secret>[A-Za-z0-9+/=_.~-]{8,})",
        guessable=True,
    ),
    Pattern(
        "netrc-password",
        ("machine ",),
        r"(?i:machine) \S+\s+login\s+\S+\s+password\s+(?P<secret>\S+)",
        guessable=True,
    ),
    Pattern(
        "kaggle-key",
        ("username",),
        r"username\\?[\"']\s*:\s*\\?[\"'][^\"']+[\"']\s*,\s*\\?[\"']key\\?[\"']\s*:\s*\\?[\"'](?P<secret>[0-9a-f]{32})",
    ),
)

_NAMED: tuple[Pattern, ...] = (
    Pattern(
        "key",
        _KEYS,
        rf"{_any_of(_KEYS)}{_IS}[\"']?(?:Bearer )?(?P<secret>[A-Za-z0-9+/=_.:~-]{{16,}})",
        varied=True,
    ),
    Pattern(
        "password",
        _PASSWORDS,
        rf"{_any_of(_PASSWORDS)}{_IS}(?P<quote>\\?[\"'])(?P<secret>(?:(?!(?P=quote))[^\r\n]){{6,400}}?)(?P=quote)",
        guessable=True,
    ),
    Pattern(
        "password",
        (*_SECRETS, "pwd"),
        rf"(?:{_any_of(_SECRETS)}|(?<![A-Za-z_])pwd){_IS}(?P<quote>\\?[\"'])(?P<secret>[^\s\"'/\\]{{6,}})(?P=quote)",
        guessable=True,
    ),
    Pattern(
        "password",
        (*_PASSWORDS, *_SECRETS),
        rf"{_any_of((*_PASSWORDS, *_SECRETS))}s?(?:[\"']?:\s+|(?<=[A-Z])=)"
        r"(?=\S*[0-9])(?P<secret>[^\s\"'#()\[\]{}<>$,;]{6,})",
        guessable=True,
    ),
    Pattern(  # in a text: `db.password=...` of an override, or `host=db password=... user=me`
        "password",
        (*_PASSWORDS, *_SECRETS),
        rf"{_any_of((*_PASSWORDS, *_SECRETS))}=(?=\S*[0-9])(?P<secret>[^\s\"'#()\[\]{{}}<>$,;\\]{{6,}})"
        r"(?=\\?[\"']|(?:[ ]+|;)[A-Za-z_]+=)",
        guessable=True,
    ),
    Pattern(
        "password",
        ("--pass", "--token", "--api-key", "--secret"),
        r"--(?:password|passwd|passphrase|token|api-key|secret)[= ](?=\S*[0-9])"
        r"(?P<secret>[^\s\"'$`{}()<>-][^\s\"'$`{}()<>]{5,})",
        guessable=True,
    ),
)

PATTERNS = (*_TOKENS, *_PLACES, *_NAMED)


@functools.cache
def compiled(expression: str) -> re.Pattern[str]:
    """Return the expression ready for use; most texts never need most of them."""
    return re.compile(expression, re.DOTALL)
