#!/usr/bin/env bash
# Install a Slurm to start one of our own where it is missing and can be installed without asking: Debian, as root. Elsewhere say so and go on.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v sinfo >/dev/null && command -v munged >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    packages=(slurmctld slurmd slurm-client munge)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >/dev/null && exit 0
fi
echo "note: Slurm is not here, so its jobs are tried with processes of this machine alone" >&2
