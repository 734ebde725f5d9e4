#!/usr/bin/env bash
# Gets the generations of nats-server that Debian has, and prints what is there, one line each: `2.10.27 <path>`.
# Nothing is installed: the packages are unpacked into node_modules/.muove-nats/<version>/, and apt works in a folder of its
# own there, so that this machine's sources, lists and packages stay as they are.
#
# What is there is kept; to look for newer ones, remove node_modules/.muove-nats. It exits with 1, and says so loudly, when one
# cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."

# The suite of Debian and the generation that is expected there. `+` is the newest there is.
generations=("bookworm 2.9" "trixie 2.10" "forky +")
folder="$PWD/node_modules/.muove-nats"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
missing=0

main() {
  mkdir -p "$folder/suites"
  for generation in "${generations[@]}"; do
    read -r suite expected <<<"$generation"
    if ! have "$suite" && ! fetch "$suite" >"$folder/$suite.log" 2>&1; then
      cannot "$suite" "$expected" "see $folder/$suite.log, which ends with: $(tail -n 1 "$folder/$suite.log")"
      continue
    fi
    server=$(readlink -f "$folder/suites/$suite")/nats-server
    version=$(version_of "$server")
    echo "$version $server"
    if [[ $expected != + && $version != "$expected".* ]]; then
      cannot "$suite" "$expected" "Debian $suite has $version now"
    fi
  done
  if [[ $missing -gt 0 ]]; then exit 1; fi
}

cannot() {
  missing=$((missing + 1))
  local name=$2
  if [[ $name == + ]]; then name="the newest"; fi
  {
    echo "!!!"
    echo "!!! MISSING: nats-server, generation $name, of Debian $1: nothing is tested on it."
    echo "!!! $3"
    echo "!!!"
  } >&2
}

have() {
  [[ -n $(version_of "$folder/suites/$1/nats-server") ]]
}

version_of() {
  "$1" --version 2>/dev/null | sed -n 's/^nats-server: v//p'
}

fetch() {
  local suite=$1 work="$folder/apt/$1"
  command -v apt-get && command -v dpkg || { echo "this is no Debian: apt-get and dpkg are needed" && return 1; }
  rm -rf "$work"
  mkdir -p "$work"/{lists/partial,cache/archives/partial,unpacked}
  echo "deb [signed-by=$keys] $(mirror) $suite main" >"$work/sources.list"
  apt_in "$work" update || return 1
  (cd "$work" && apt_in "$work" download nats-server) || return 1
  dpkg -x "$work"/nats-server_*.deb "$work/unpacked" || return 1
  local program version
  program=$(find "$work/unpacked" -name nats-server -type f -perm -u+x | head -n 1)
  version=$(version_of "$program")
  [[ -n $version ]] || { echo "the nats-server of $suite does not run here" && return 1; }
  mkdir -p "$folder/$version"
  mv "$program" "$folder/$version/nats-server"
  ln -sfn "../$version" "$folder/suites/$suite"
  rm -rf "$work"
}

# An apt that knows of one suite only, and keeps all it has in one folder.
apt_in() {
  local work=$1
  shift
  apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o "Dir::State=$work" -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User= \
    -o APT::Update::Error-Mode=any -o Acquire::Retries=3 -o Acquire::Languages=none "$@"
}

# The mirror of Debian that this machine is configured for; nothing where it is configured for none.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" | grep -m 1 '/debian/$' || true
}

main "$@"
