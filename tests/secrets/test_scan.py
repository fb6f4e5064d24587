"""Credentials are found; what only looks random is left alone."""

from __future__ import annotations

import base64
import hashlib
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import HEX, PLACED, PLANTED

from jupyter_repro.secrets import find, is_clean, is_secret_name, may_hold_secrets, redact, redacted, scan


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("around", ["{}", "x = '{}'\n", '{{"a": "{}"}}', "KEY={}\n", "- see {}, please"])
def test_a_token_is_found_and_taken_out(kind: str, around: str) -> None:
    """Whole, by its kind, wherever it stands."""
    secret = PLANTED[kind]
    text = around.format(secret)
    assert may_hold_secrets(text)
    assert [each.kind for each in find(text)] == [kind]
    assert secret[8:] not in redact(text)
    assert redact(text).startswith(around.partition("{}")[0].replace("{{", "{"))


@pytest.mark.parametrize(("around", "secret"), PLACED.values(), ids=PLACED)
def test_a_secret_is_known_by_its_place(around: str, secret: str) -> None:
    """Only the secret goes; what stands around it stays readable."""
    text = around.format(secret)
    clean = redact(text)
    assert may_hold_secrets(text)
    assert secret not in clean
    assert "[REDACTED:" in clean
    assert clean.startswith(around.partition("{")[0])
    assert redact(clean) == clean


HARMLESS = [
    hashlib.sha256(b"x").hexdigest(),
    hashlib.sha1(b"x").hexdigest(),
    f"sha256={base64.urlsafe_b64encode(hashlib.sha256(b'x').digest()).decode()}",
    f'"digest": "{hashlib.md5(b"x").hexdigest()}"',
    f"torch==2.13.0 --hash=sha256:{HEX}",
    str(uuid.UUID(int=2**100 + 7)),
    f'"cell_id": "{uuid.UUID(int=77)}"',
    "GPU-5fd4f087-86f3-7a43-b711-4771313afc50",
    "https://files.pythonhosted.org/packages/3a/4b/" + HEX[:60] + "/numpy-2.4.6-cp311-cp311-manylinux.whl",
    "git@github.com:user/repo.git",
    "https://user@host.org/a",
    "password = getpass.getpass('Password: ')",
    "password: str | None = None",
    "login(user=user1, password=password1)",
    "password=password1\nuser=user1",
    "grep 'password=' settings1.py",
    "token = os.environ['HF_TOKEN']",
    "headers = {'Authorization': f'Bearer {token}'}",
    "engine = create_engine(f'postgresql://{user}:{password}@{host}/db')",
    "api_key = 'your-api-key-0123456789'",
    "api_key = '<YOUR_API_KEY>'",
    "tokenizer = AutoTokenizer.from_pretrained('bert-base-uncased')",
    "max_new_tokens=1024, eos_token='<|endoftext|>'",
    "df.sort_values(key='2024-01-01T00:00:00')",
    "from sklearn.feature_selection import SelectKBest",
    "task-manager-with-a-long-Name-2024",
    "for key, value in sorted(metrics.items()): print(key, value)",
    "ssh-keygen -t ed25519",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_random_is_left_alone(text: str) -> None:
    """Digests, identifiers, addresses and ordinary code are no secrets."""
    assert find(text) == ()
    assert redact(text) is text


def test_images_are_left_alone() -> None:
    """In a megabyte of base64 nothing is found, and looking takes no quadratic time."""
    noise = b"".join(hashlib.sha512(str(i).encode()).digest() for i in range(16_000))
    for encoded in (base64.b64encode(noise).decode(), base64.urlsafe_b64encode(noise).decode()):
        assert is_clean(f'"image/png": "{encoded}"')
        assert redacted({"image/png": encoded}) == {"image/png": encoded}


def test_our_own_sources_hold_no_secret() -> None:
    """A whole project of ordinary code raises no alarm."""
    import jupyter_repro

    root = Path(jupyter_repro.__file__).parent
    alarms = [(path.name, found) for path in root.rglob("*.py") if (found := find(path.read_text("utf-8")))]
    assert alarms == []


def test_every_hint_holds_a_sign() -> None:
    """The quick look never says no where the slow one would find something."""
    assert [hint for hint in scan._HINTS if not any(sign in hint for sign in scan._SIGNS)] == []


@given(st.text(max_size=200))
def test_the_quick_look_is_never_a_false_no(text: str) -> None:
    """And taking out is stable, whatever the text."""
    assert may_hold_secrets(text) or is_clean(text)
    assert redact(redact(text)) == redact(text)


def test_letters_whose_lower_case_is_longer_shift_nothing() -> None:
    """The secret is cut out at its place, not beside it."""
    secret = PLANTED["github-token"]
    assert redact(f"İİİ {secret} İ") == f"İİİ {find(secret)[0].mark} İ"


def test_two_finds_can_be_told_to_be_one_secret_and_words_cannot_be_tried() -> None:
    """A random token shows 8 digits of its digest, a password nothing."""
    token = PLANTED["github-token"]
    assert find(token)[0].mark == f"[REDACTED:github-token:{hashlib.sha256(token.encode()).hexdigest()[:8]}]"
    assert redact("password='hunter22'") == "password='[REDACTED:password]'"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("WANDB_API_KEY", True),
        ("db.password", True),
        ("client_secret", True),
        ("HF_TOKEN", True),
        ("tokenizer", False),
        ("sha256", False),
        ("key", False),
        ("monkey", False),
        ("max_tokens_kept", False),
    ],
)
def test_names_of_secrets(name: str, *, secret: bool) -> None:
    """By how they end."""
    assert is_secret_name(name) is secret


def test_plain_data_is_cleaned_by_names_too() -> None:
    """A password like any word is known by its key; numbers and placeholders stay."""
    facts = {
        "db": [{"password": "x", "port": 5432}],
        "WANDB_API_KEY": HEX[:40],
        "token": "<pad>",
        "note": "ok",
    }
    assert redacted(facts) == {
        "db": [{"password": "[REDACTED:named]", "port": 5432}],
        "WANDB_API_KEY": "[REDACTED:named]",
        "token": "<pad>",
        "note": "ok",
    }
