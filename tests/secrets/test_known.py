"""What the environment holds under names of secrets is a secret wherever it stands."""

from __future__ import annotations

import pytest

from jupyter_repro.secrets import known_values, redacted


@pytest.mark.parametrize(
    ("name", "value", "known"),
    [
        ("DB_PASSWORD", "Tr0ub4dor-and-3", ["Tr0ub4dor-and-3"]),
        ("HF_TOKEN", "Correct Horse 7", ["Correct Horse 7"]),
        ("PIP_INDEX_URL", "https://me:tOpS3cret@pypi.example.org", ["me:tOpS3cret", "tOpS3cret"]),
        ("HTTP_PROXY", "http://:x@proxy:3128", []),
        ("HTTP_PROXY", "http://proxy:3128", []),
        ("DB_PASSWORD", "short", []),
        ("STAGE_SECRET", "development", []),
        ("AWS_CREDENTIALS", "/home/me/.aws/credentials", []),
        ("API_KEY", "your-api-key-here", []),
        ("API_TOKEN", "12345678", []),
        ("LANG", "Tr0ub4dor-and-3", []),
    ],
)
def test_which_values_are_known(name: str, value: str, known: list[str]) -> None:
    """Long enough, and no word that may stand anywhere by chance."""
    assert list(known_values({name: value})) == known


def test_they_are_taken_out_wherever_they_stand() -> None:
    """Keys, texts and lists; the variable is named in their place."""
    known = known_values({"A_TOKEN": "abcdefgh-12", "B_TOKEN": "abcdefgh-1234"})
    assert redacted({"x abcdefgh-1234": ["abcdefgh-12!", 3], "n": None}, known=known) == {
        "x [REDACTED:variable:B_TOKEN]": ["[REDACTED:variable:A_TOKEN]!", 3],
        "n": None,
    }


def test_references_are_no_secrets_and_numbers_may_be() -> None:
    """`${...}` says where a secret stands; one with a default spells it."""
    assert redacted(
        {"password": "${oc.env:PW}", "secret": "${oc.env:PW,hunter2}", "pwd": 1234, "passwords": [1]}
    ) == {
        "password": "${oc.env:PW}",
        "secret": "[REDACTED:named]",
        "pwd": "[REDACTED:named]",
        "passwords": ["[REDACTED:named]"],
    }
    assert redacted({"api_key": "hunter", "eos_token": "<eos>", "max_tokens": 5}, strict=True) == {
        "api_key": "[REDACTED:named]",
        "eos_token": "<eos>",
        "max_tokens": 5,
    }
