#!/usr/bin/env bash
# An image like the official `nats:2.10`, which is built from nothing, too: the server at /nats-server, its libraries, and
# no shell. The server is Debian's of that generation; nothing of it is installed.
set -euo pipefail
. "$(dirname "$0")/state.sh"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

demand_debian "a nats-server ${1#*:}"
from_debian "$newer_suite" nats-server "$state/nats-server"
server=$(find "$state/nats-server" -type f -name nats-server -perm -u+x)
version=$("$server" --version)
case $version in
  *"v${1#*:}."*) ;;
  *) fail "Debian $newer_suite has $version, and $1 promises another generation" ;;
esac

mkdir -p "$root/tmp" "$root/etc"
for library in $(ldd "$server" | grep -o '/[^ ]*'); do copy_file "$root" "$library"; done
cp "$server" "$root/nats-server"
printf 'port: 4222\nmonitor_port: 8222\n' >"$root/nats-server.conf"
import_image "$root" "$1" 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/' 'EXPOSE 4222 8222 6222' \
  'ENTRYPOINT ["/nats-server"]' 'CMD ["--config", "/nats-server.conf"]'
