#!/usr/bin/env bash
# An image like the official `node:20-slim`, as far as examples/shop/Dockerfile needs it, made of this machine's own files:
# Node and npm in /usr/local, a shell and what npm's scripts call, the user `node`, and the certificates that this machine
# trusts. Its libc is this machine's.
set -euo pipefail
. "$(dirname "$0")/state.sh"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
node=$(readlink -f "$(command -v node)")
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")

mkdir -p "$root"/usr/{bin,lib,local/bin,local/lib/node_modules} "$root"/{etc,root,home/node,tmp,proc,sys,dev}
for folder in bin lib lib64; do
  mkdir -p "$root/usr/$folder"
  ln -s "usr/$folder" "$root/$folder"
done
chmod 1777 "$root/tmp"

programs=(sh env cat cp ln ls mkdir mv rm chmod dirname basename readlink sed uname id sleep)
for program in "${programs[@]}"; do copy_with_libraries "$root" "$(command -v "$program")"; done
copy_with_libraries "$root" "$node"
for library in libnss_dns libnss_files libresolv; do
  copy_with_libraries "$root" "$(ldconfig -p | sed -n "s|.*x86-64.*=> \(.*/$library\.so\.2\)$|\1|p;s|.*AArch64.*=> \(.*/$library\.so\.2\)$|\1|p" | head -n 1)"
done

if [[ $node != /usr/local/bin/node ]]; then mv "$root$node" "$root/usr/local/bin/node"; fi
cp -a "$npm" "$root/usr/local/lib/node_modules/npm"
for command in npm npx; do ln -s "../lib/node_modules/npm/bin/$command-cli.js" "$root/usr/local/bin/$command"; done

printf 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnode:x:1000:\n' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_VERSION="$(node -p process.versions.node)")
certificates=/etc/ssl/certs/ca-certificates.crt
if [[ -f $certificates ]]; then
  copy_file "$root" "$certificates"
  environment+=("NODE_EXTRA_CA_CERTS=$certificates")
fi
import_image "$root" "$1" "${environment[@]/#/ENV }" 'CMD ["node"]'
