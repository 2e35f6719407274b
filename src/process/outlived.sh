# Runs a program and writes which processes of it still live a second after its end: ports on which each listens, a tab, its command line.
out=$1
shift
"$@"
code=$?
[ -r /proc/self/environ ] || exit $code
mark=${PATH##*:}
# Before a sandbox the first process is ours, and so are all others.
boxed=
grep -qsF -- "$mark" /proc/1/environ && boxed=yes
turn=0
while [ $turn -lt 10 ]; do
  left=
  for one in /proc/[0-9]*; do
    pid=${one#/proc/}
    [ "$pid" = 1 ] || [ "$pid" = $$ ] && continue
    [ -n "$boxed" ] || grep -qsF -- "$mark" "$one/environ" || continue
    [ -n "$(tr '\0' ' ' 2>/dev/null < "$one/cmdline")" ] && left="$left $pid"
  done
  [ -z "$left" ] && exit $code
  turn=$((turn + 1))
  sleep 0.1
done
for pid in $left; do
  ports=
  for inode in $(ls -l "/proc/$pid/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p'); do
    ports="$ports $(awk -v inode="$inode" '$4 == "0A" && $10 == inode { split($2, at, ":"); print at[2] }' "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null)"
  done
  printf '%s\t%s\n' "$(echo $ports)" "$(tr '\0\n\t' '   ' 2>/dev/null < "/proc/$pid/cmdline" | cut -c 1-300)"
done > "$out"
exit $code
