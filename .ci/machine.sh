# What .ci/run and .ci/long share: getting what this machine lacks, and leaving nothing behind. To be sourced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CI=true # Tests of faults are tried again, and say so: see vitest.config.ts.
export MUOVE_CI_RUN="$$" # What was started here is known by it, also when nobody waits for it any more.

stage() { printf '\n=== %s (%d min %02d s)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

fail() {
  echo "$1" >&2
  exit 1
}

get_everything() {
  stage "getting servers, Nodes and Docker"
  nats_server
  scripts/nats-servers.sh
  node scripts/nodes.mjs
  trap scripts/containers/stop.sh EXIT
  scripts/containers/prepare.sh
  containers=$(docker ps -aq | sort)
}

nats_server() {
  if ! command -v nats-server >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nats-server >/dev/null
  fi
  nats-server --version
}

nothing_left() {
  stage "what is left"
  local left
  left=$(comm -13 <(echo "$containers") <(docker ps -aq | sort))
  if [[ -n $left ]]; then fail "Containers were left behind: $left"; fi
  scripts/containers/stop.sh
  for _ in $(seq 50); do
    left=$(started_here)
    if [[ -z $left ]]; then return; fi
    sleep 0.1
  done
  fail "Processes were left behind: $left"
}

# Every process that has this run in its environment, other than this script and what it is made of.
started_here() {
  local process pid
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    if [[ $pid == "$$" || $pid == "$BASHPID" ]]; then continue; fi
    if grep -qzx "MUOVE_CI_RUN=$MUOVE_CI_RUN" "$process/environ" 2>/dev/null; then
      echo "$pid $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null || true)"
    fi
  done
}
