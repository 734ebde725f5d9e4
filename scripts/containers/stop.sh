#!/usr/bin/env bash
# Ends what prepare.sh started: the engine, if it was not there before. What a killed test left in it goes first; images stay,
# for the next time.
set -euo pipefail
. "$(cd "$(dirname "$0")" && pwd)/state.sh"

if docker info >/dev/null 2>&1; then
  for project in $(docker ps -a --format '{{.Label "com.docker.compose.project"}}' | grep '^muove-test-' | sort -u); do
    docker ps -q --filter "label=com.docker.compose.project=$project" --filter status=paused | xargs -r docker unpause
    docker compose -p "$project" down --volumes --remove-orphans --timeout 0
  done
  docker ps -aq --filter label=muove.testkit | xargs -r docker rm --force --volumes
fi
if [[ ! -f $state/dockerd.pid ]]; then exit 0; fi
pid=$(cat "$state/dockerd.pid")
rm "$state/dockerd.pid"
if [[ $(cat "/proc/$pid/comm" 2>/dev/null) != dockerd ]]; then exit 0; fi
kill "$pid"
for _ in $(seq 100); do
  if [[ ! -d /proc/$pid ]]; then exit 0; fi
  sleep 0.2
done
fail "dockerd ($pid) has not ended within 20 s"
