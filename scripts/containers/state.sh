# What the scripts of this folder share; to be sourced.

# The images that examples/shop/Dockerfile and compose.yaml begin with, by the names that a registry has them under.
base_images=(node:20-slim nats:2.10)

# Debian's suite that has the compose plugin, and the generation of nats-server that the image's name promises.
newer_suite=trixie

# What prepare.sh started and unpacked on this machine.
state=${TMPDIR:-/tmp}/muove-containers
mkdir -p "$state"

say() { echo "containers: $*"; }

fail() {
  echo "containers: $*" >&2
  exit 1
}

demand_debian() {
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null && [[ -f /etc/apt/sources.list.d/debian.sources ]]; then return; fi
  fail "$1 is missing, and can be installed here only on Debian and as root: see https://docs.docker.com/engine/install/"
}

# Unpacks a package of another suite of Debian into a folder. apt works in a folder of its own for that, so that this
# machine's sources, lists and packages stay as they are.
from_debian() {
  local suite=$1 package=$2 into=$3 apt="$state/apt-$1"
  if [[ -d $into ]]; then return; fi
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/empty" "$apt/download"
  awk -v RS= -v suite="$suite" 'NR == 1 { gsub(/Suites:[^\n]*/, "Suites: " suite); print }' \
    /etc/apt/sources.list.d/debian.sources >"$apt/$suite.sources"
  local options=(-qq -o "Dir::Etc::SourceList=$apt/$suite.sources" -o "Dir::Etc::SourceParts=$apt/empty"
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
  if ! ls "$apt"/lists/*Packages* >/dev/null 2>&1; then apt-get "${options[@]}" update; fi
  (cd "$apt/download" && apt-get "${options[@]}" download "$package" >/dev/null)
  dpkg -x "$apt/download/${package}"_*.deb "$into.part"
  mv "$into.part" "$into"
}

# Copies programs and libraries into the root of an image, with every library that they are linked to.
copy_with_libraries() {
  local root=$1 file library
  shift
  for file in "$@"; do
    copy_file "$root" "$file"
    for library in $(ldd "$file" 2>/dev/null | grep -o '/[^ ]*' || true); do copy_file "$root" "$library"; done
  done
}

copy_file() {
  mkdir -p "$1$(dirname "$2")"
  cp -L "$2" "$1$2"
}

# Makes an image of a folder. Further arguments are lines of a Dockerfile (ENV, CMD, …).
import_image() {
  local root=$1 image=$2 changes=(--change "LABEL muove.made-from-local-files=true") line
  shift 2
  for line in "$@"; do changes+=(--change "$line"); done
  tar -C "$root" --owner 0 --group 0 --numeric-owner -c . | docker import "${changes[@]}" - "$image" >/dev/null
}
