# Removes the temporary cluster in folder $1 once its owner has ended or closed our standard input.
trap '' HUP INT TERM
cluster=$1/postgres

# The postmaster has the cluster's path among its arguments; another process with a recycled id has not.
is_postmaster() {
    if [ -r /proc/self/cmdline ]; then
        tr '\0' '\n' <"/proc/$1/cmdline" | grep -qxF -- "$cluster"
    else
        ps -ww -o args= -p "$1" | grep -qF -- "$cluster"
    fi
}

while read -r _; do :; done

attempt=0
while [ -e "$1" ] && [ "$attempt" -lt 200 ]; do
    attempt=$((attempt + 1))
    pid=
    read -r pid <"$cluster/postmaster.pid"
    if [ -n "$pid" ] && is_postmaster "$pid"; then
        if [ "$attempt" -lt 100 ]; then kill -QUIT "$pid"; else kill -KILL "$pid"; fi
        sleep 0.1
    else
        # Fails while a back end or an initdb of the killed owner still writes.
        rm -rf -- "$1" || sleep 0.1
    fi
done
