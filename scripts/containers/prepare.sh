#!/usr/bin/env bash
# Makes this machine ready for `docker compose` and for test/containers: a Docker engine that runs, the compose plugin, and
# the base images of the shop. What is there is left as it is, so it is quick the second time. stop.sh ends what it started.
#
#   scripts/containers/prepare.sh            makes base images from this machine's files only where no registry answers
#   scripts/containers/prepare.sh --local    makes them in any case
#
# It installs only on Debian and as root (CI): on your own machine, install Docker as you are used to.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/state.sh"

main() {
  engine
  compose
  for image in "${base_images[@]}"; do base_image "$image" "${1:-}"; done
  echo "ready: docker $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short)"
}

engine() {
  if docker info >/dev/null 2>&1; then return; fi
  if ! command -v docker >/dev/null || ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null; then
    demand_debian "a Docker engine"
    say "installing docker.io and iptables"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables >/dev/null
  fi
  say "starting dockerd; its log is $state/dockerd.log"
  setsid dockerd >"$state/dockerd.log" 2>&1 &
  echo $! >"$state/dockerd.pid"
  for _ in $(seq 100); do
    if docker info >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  tail -n 20 "$state/dockerd.log" >&2
  fail "dockerd did not start within 20 s: see above"
}

compose() {
  if docker compose version >/dev/null 2>&1; then return; fi
  demand_debian "the compose plugin"
  say "taking the compose plugin out of Debian's docker-compose"
  from_debian "$newer_suite" docker-compose "$state/docker-compose"
  install -D "$state/docker-compose/usr/libexec/docker/cli-plugins/docker-compose" \
    /usr/local/lib/docker/cli-plugins/docker-compose
  docker compose version >/dev/null
}

base_image() {
  local image=$1 how=$2
  if docker image inspect "$image" >/dev/null 2>&1 && [[ $how != --local ]]; then return; fi
  if [[ $how != --local ]] && timeout 120 docker pull -q "$image" >"$state/pull.log" 2>&1; then return; fi
  say "making $image from the files of this machine, as it cannot be pulled: $(tail -n 1 "$state/pull.log" 2>/dev/null)"
  "$here/base-image-${image%%:*}.sh" "$image"
}

main "$@"
