"""Credentials that were never valid: what each kind looks like, and where it stands."""

from __future__ import annotations

import hashlib

__all__ = ["HEX", "PLACED", "PLANTED"]

_MIXED = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6a7B8c9D0e1F2g3H4i5J6k7L8m9N0"
HEX = hashlib.sha256(b"planted").hexdigest()


def mixed(length: int) -> str:
    return (_MIXED * 3)[:length]


PLANTED = {
    "aws-access-key": "AKIA" + "IOSFODNN7EXAMPLF"[:16],
    "github-token": "ghp_" + mixed(36),
    "github-fine-grained-token": "github_pat_" + mixed(22) + "_" + mixed(59),
    "gitlab-token": "glpat-" + mixed(20),
    "hugging-face-token": "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh",
    "openai-key": "sk-proj-" + mixed(48),
    "anthropic-key": "sk-ant-api03-" + mixed(80),
    "slack-token": "xoxb-" + "123456789012-" + mixed(24),
    "google-api-key": "AIza" + mixed(35),
    "google-oauth-token": "ya29." + mixed(60),
    "google-client-secret": "GOCSPX-" + mixed(28),
    "pypi-token": "pypi-AgEIcHlwaS5vcmc" + mixed(80),
    "npm-token": "npm_" + mixed(36),
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + mixed(43),
    "stripe-key": "sk_live_" + mixed(24),
    "sendgrid-key": "SG." + mixed(22) + "." + mixed(43),
    "digitalocean-token": "dop_v1_" + HEX,
    "databricks-token": "dapi" + HEX[:32],
    "docker-token": "dckr_pat_" + mixed(27),
    "telegram-token": "1234567890:AA" + mixed(33),
    "replicate-token": "r8_" + mixed(37),
    "groq-key": "gsk_" + mixed(52),
    "vault-token": "hvs." + mixed(90),
    "notion-token": "ntn_" + mixed(46),
    "linear-key": "lin_api_" + mixed(40),
    "postman-key": "PMAK-" + mixed(24) + "-" + mixed(34),
    "shopify-token": "shpat_" + HEX[:32],
    "mailgun-key": "key-" + HEX[:32],
    "age-key": "AGE-SECRET-KEY-1" + mixed(58).upper(),
    "private-key": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{mixed(70)}\n{mixed(70)}\n-----END OPENSSH PRIVATE KEY-----",
}
"""Tokens that tell what they are."""

PLACED = {
    "url-credentials": ("git+https://{}@host.example.org/repo", "me:tOpS3cret"),
    "url-token": ("https://{}@github.com/a/b", mixed(40)),
    "url-signature": ("https://b.s3.amazonaws.com/k?X-Amz-Signature={}&x=1", HEX),
    "authorization": ("headers = {{'Authorization': 'Bearer {}'}}", mixed(24)),
    "netrc-password": ("machine api.wandb.ai login user password {}", HEX[:40]),
    "kaggle-key": ('{{"username":"me","key":"{}"}}', HEX[:32]),
    "azure-key": ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={};", mixed(86) + "=="),
    "webhook": ("requests.post('https://hooks.slack.com/services/{}')", "T00000000/B00000000/" + mixed(24)),
    "conda-token": ("https://conda.anaconda.org/t/{}/main", "ab-12345678-1234-1234-1234-123456789012"),
    "wandb by name": ("os.environ['WANDB_API_KEY'] = '{}'", HEX[:40]),
    "aws secret": ("aws_secret_access_key = {}", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz12345678"),
    "password in code": ("conn = connect(user='me', password='{}')", "correct horse"),
    "password in JSON": ('{{"db": {{"password": "{}"}}}}', "hunter2!"),
    "password in a shell": ("export DB_PASSWORD={}", "hunter2222"),
    "password in YAML": ("db:\n  password: {}\n", "hunter2222"),
    "password of an override": ("compose('config', overrides=['db.password={}'])", "hunter2222"),
    "password of a connection": ("connect('host=db password={} user=me')", "hunter2222"),
    "password of a driver": ("Driver=x;Password={};Server=y", "hunter2222"),
    "password of a command": ("!mysql --password={} db", "hunter2222"),
}
"""Secrets that only their place gives away."""
