# Rows of: "resident", sessions, KiB now, KiB at the most; and of: contestant, live sessions, connections, requests/s, p50 and p99 in µs, errors.
# Prints the table and the limits; writes JSON to `json`.
BEGIN { FS = "\t" }

$1 == "resident" { resident[$2] = $3; peak[$2] = $4; next }

{
    name = $1 FS $2 FS $3
    if (!(name in runs)) order[++names] = name
    i = ++runs[name]
    rate[name, i] = $4; p50[name, i] = $5; p99[name, i] = $6; errors[name] += $7
}

END {
    print "| contestant | live sessions | connections | requests/s | × of nginx | p50 ms | p99 ms | resident MB | errors |"
    print "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (n = 1; n <= names; n++) {
        name = order[n]
        split(name, part, FS)
        isBroker = part[1] == "cred-broker" # and not the one without a disk
        beside = "nginx" FS part[2] FS part[3]
        # Of each round, as the machine's other guests come and go.
        for (i = 1; i <= runs[name]; i++) share[name, i] = rate[name, i] / rate[beside, i]
        r[name] = median(rate, name); l[name] = median(p50, name) / 1000; h[name] = median(p99, name) / 1000; ratio[name] = median(share, name)
        printf "| %s | %s | %d | %d | %.2f | %.2f | %.2f | %s | %d |\n", part[1], part[1] == "nginx" ? "beside " part[2] : part[2], part[3], r[name], ratio[name], l[name], h[name], isBroker ? sprintf("%.0f", resident[part[2]] * 1024 / 1e6) : "", errors[name]
        failures += errors[name]
        if (!isBroker) continue
        if (!(part[3] in least) || ratio[name] < least[part[3]]) least[part[3]] = ratio[name]
        if (h[name] > worst[part[3]]) worst[part[3]] = h[name]
    }
    print ""

    printf "{\n  \"date\": \"%s\",\n  \"cpu\": \"%s\",\n  \"cores\": %d,\n  \"kernel\": \"%s\",\n  \"load\": %s,\n  \"tools\": \"%s\",\n  \"contestants\": [\n", date, cpu, cores, kernel, load, tools > json
    for (n = 1; n <= names; n++) {
        name = order[n]
        split(name, part, FS)
        printf "    { \"name\": \"%s\", \"liveSessions\": %d, \"connections\": %d, \"requestsPerSecond\": %.0f, \"timesOfNginx\": %.3f, \"p50Ms\": %.3f, \"p99Ms\": %.3f, \"errors\": %d }%s\n", part[1], part[2], part[3], r[name], ratio[name], l[name], h[name], errors[name], n < names ? "," : "" > json
    }
    printf "  ],\n  \"reach\": [\n" > json
    limit("requests/s of nginx's at 64 connections, the least", least[64], ">=", 0.4, ",")
    limit("requests/s of nginx's at 256 connections, the least", least[256], ">=", 0.4, ",")
    limit("p99 ms at 64 connections, the most", worst[64], "<=", 10, ",")
    limit("resident MB with 10,000 sessions", resident[10000] * 1024 / 1e6, "<=", 150, ",")
    limit("of nginx's requests/s with 10,000 sessions / with 1, at 64 connections", ratio["cred-broker" FS 10000 FS 64] / ratio["cred-broker" FS 1 FS 64], ">=", 0.9, ",")
    limit("STS calls of 1,000 cold requests at once", cold, "==", 1, ",")
    limit("ms from start to the first answer, 1 session stored", start_one / 1e6, "<=", 300, ",")
    limit("ms from start to the first answer, 10,000 sessions stored", start / 1e6, "<=", 300, ",")
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
