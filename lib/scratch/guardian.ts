/**
 * A shell script that runs the server ("$@" after the folder) for as long as its standard input stays open, then removes the folder.
 * The pipe closes when the parent asks for it and when the parent dies, however it dies: nothing is left behind.
 * A shell starts what it runs in the background with SIGQUIT ignored, so the server is told until it has learnt to listen and is gone.
 * It tells of a server that dies of a signal, and would die of telling a parent that is gone: hence no stderr of its own.
 * Run it as `sh -c GUARDIAN guardian FOLDER PROGRAM ARGUMENTS…`.
 */
export const GUARDIAN = `
folder=$1
shift
exec 3<&0
"$@" </dev/null &
server=$!
exec 2>/dev/null
( read -r _ <&3; while kill -QUIT "$server" 2>/dev/null; do sleep 0.1; done ) &
watcher=$!
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
rm -rf "$folder"
exit "$status"
`
