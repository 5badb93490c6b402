#!/bin/sh
# The room that Lambda gives a function, made inside a mount namespace of its own: all is read-only but a /tmp of limited size, the code is in
# /var/task, there is no /dev/shm, and nobody is root. Arguments: folder for the room, asset, folder of the runtime client, certificates, node, MB of /tmp, uid:gid, command.
set -eu
room=$1 asset=$2 runtime=$3 certificates=$4 node=$5 storage=$6 account=$7
shift 7
function_path=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin

read_only() { mount --bind "$1" "$2" && mount -o remount,bind,ro "$2"; }

mount --make-rprivate /
mount -t tmpfs -o mode=0755 room "$room"
cd "$room"
mkdir -p usr etc proc dev tmp var/task var/runtime/client var/lang/bin
for each in bin sbin lib lib32 lib64; do
  if [ -L "/$each" ]; then cp -P "/$each" .; elif [ -d "/$each" ]; then mkdir "$each" && read_only "/$each" "$each"; fi
done
read_only /usr usr
read_only /etc etc
read_only "$asset" var/task
read_only "$runtime" var/runtime/client
touch var/lang/bin/node var/runtime/ca-cert.pem
read_only "$certificates" var/runtime/ca-cert.pem
read_only "$node" var/lang/bin/node
for each in null zero full random urandom; do
  touch "dev/$each"
  mount --bind "/dev/$each" "dev/$each"
done
ln -s /proc/self/fd dev/fd
mount -t proc proc proc
mount -t tmpfs -o "size=${storage}m,mode=1777" tmp tmp
mount -o remount,ro "$room"
PATH=$function_path
# Somebody must be the first process and take in orphans; the runtime is not it.
exec /usr/sbin/chroot --userspec="$account" "$room" /bin/sh -c 'cd /var/task && "$@" & wait' sh "$@"
