# Rows of: "resident", sessions, KiB now, KiB at the most; and of: contestant, requests/s, p50 and p99 in µs, errors. Prints the table and the limits; writes JSON to `json`.
BEGIN { FS = "\t" }

$1 == "resident" { resident[$2] = $3; peak[$2] = $4; next }

{
    if (!($1 in runs)) order[++names] = $1
    i = ++runs[$1]
    rate[$1, i] = $2; p50[$1, i] = $3; p99[$1, i] = $4; errors[$1] += $5
}

END {
    print "| contestant | requests/s | × of nginx | p50 ms | p99 ms | resident MB | errors |"
    print "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (n = 1; n <= names; n++) {
        name = order[n]
        r[name] = median(rate, name); l[name] = median(p50, name) / 1000; h[name] = median(p99, name) / 1000
        sessions = name; sub(/.*[, ]/, "", sessions)
        isBroker = name ~ /^cred-broker/
        ratio[name] = r[name] / r["nginx, beside " sessions]
        printf "| %s | %d | %.2f | %.2f | %.2f | %s | %d |\n", name (isBroker ? (sessions == 1 ? " session" : " sessions") : ""), r[name], ratio[name], l[name], h[name], isBroker ? sprintf("%.0f", resident[sessions] * 1024 / 1e6) : "", errors[name]
    }
    print ""

    printf "{\n  \"date\": \"%s\",\n  \"cpu\": \"%s\",\n  \"cores\": %d,\n  \"kernel\": \"%s\",\n  \"load\": %s,\n  \"tools\": \"%s\",\n  \"contestants\": [\n", date, cpu, cores, kernel, load, tools > json
    for (n = 1; n <= names; n++) {
        name = order[n]
        printf "    { \"name\": \"%s\", \"requestsPerSecond\": %.0f, \"timesOfNginx\": %.3f, \"p50Ms\": %.3f, \"p99Ms\": %.3f, \"errors\": %d }%s\n", name, r[name], ratio[name], l[name], h[name], errors[name], n < names ? "," : "" > json
    }
    printf "  ],\n  \"reach\": [\n" > json
    least = worst = ""
    for (n = 1; n <= names; n++) {
        name = order[n]
        failures += errors[name]
        if (name !~ /^cred-broker/) continue
        if (least == "" || ratio[name] < least) least = ratio[name]
        if (worst == "" || h[name] > worst) worst = h[name]
    }
    limit("requests/s of nginx's, the least", least, ">=", 0.4, ",")
    limit("p99 ms at 64 connections, the most", worst, "<=", 10, ",")
    limit("resident MB with 10,000 sessions", resident[10000] * 1024 / 1e6, "<=", 150, ",")
    limit("requests/s with 10,000 sessions / with 1", ratio["cred-broker, 10000"] / ratio["cred-broker, 1"], ">=", 0.9, ",")
    limit("STS calls of 1,000 cold requests at once", cold, "==", 1, ",")
    limit("ms from start to the first answer", start / 1e6, "<=", 300, ",")
    limit("failed requests", failures, "==", 0, "")
    printf "  ]\n}\n" > json
}

function median(values, name,    i, j, sorted, count, value) {
    count = runs[name]
    for (i = 1; i <= count; i++) {
        value = values[name, i]
        for (j = i - 1; j >= 1 && sorted[j] > value; j--) sorted[j + 1] = sorted[j]
        sorted[j + 1] = value
    }
    return count % 2 ? sorted[(count + 1) / 2] : (sorted[count / 2] + sorted[count / 2 + 1]) / 2
}

function limit(what, value, sign, bound, comma,    holds) {
    holds = sign == ">=" ? value >= bound : sign == "<=" ? value <= bound : value == bound
    printf "[%s] %s: %.3g, reach %s %s\n", holds ? " OK " : "MISS", what, value, sign, bound
    printf "    { \"what\": \"%s\", \"value\": %.3f, \"limit\": \"%s %s\", \"holds\": %s }%s\n", what, value, sign, bound, holds ? "true" : "false", comma > json
}
