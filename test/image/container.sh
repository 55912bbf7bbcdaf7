#!/bin/sh
# Runs a command as an engine would with `read_only: true`, `tmpfs: /tmp`, `cap_drop: ALL` and `no-new-privileges`: in
# its own mount and process namespaces, as process 1, on this machine's network.
#   unshare --mount --pid --fork -- sh container.sh <root> <data> <user:group> <command …>
set -eu
root=$1 data=$2 user=$3
shift 3
mount --make-rprivate /
mount --bind "$root" "$root"
mount --bind "$data" "$root/data"
mount --bind /dev "$root/dev"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --no-new-privs \
  --bounding-set=-all --inh-caps=-all "$@"
