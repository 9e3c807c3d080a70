# Rows of: name, median, p10 and p90 in ns, peak KiB, system calls, instructions, file bytes. Prints the table and the limits; writes JSON to `json`.
BEGIN { FS = "\t" }

{
    name[NR] = $1; median[NR] = $2; p10[NR] = $3; p90[NR] = $4; peak[NR] = $5; calls[NR] = $6; instructions[NR] = $7; bytes[NR] = $8
    row[$1] = NR
}

END {
    helper = row["aws-cred"]; c = median[row["C"]]; go = median[row["Go"]]
    print "| contestant | median ms | p10 | p90 | × of C | × of Go | instructions | system calls | peak resident KiB | file bytes |"
    print "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (i = 1; i <= NR; i++)
        printf "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %d | %d | %d | %d |\n", name[i], median[i] / 1e6, p10[i] / 1e6, p90[i] / 1e6, \
            median[i] / c, median[i] / go, instructions[i], calls[i], peak[i], bytes[i]
    print ""

    printf "{\n  \"date\": \"%s\",\n  \"cpu\": \"%s\",\n  \"cores\": %d,\n  \"kernel\": \"%s\",\n  \"load\": %s,\n  \"tools\": \"%s\",\n  \"runs\": %d,\n", \
        date, cpu, cores, kernel, load, tools, runs > json
    printf "  \"contestants\": [\n" > json
    for (i = 1; i <= NR; i++)
        printf "    { \"name\": \"%s\", \"medianMs\": %.4f, \"p10Ms\": %.4f, \"p90Ms\": %.4f, \"timesOfC\": %.3f, \"timesOfGo\": %.3f, \"instructions\": %d, \"systemCalls\": %d, \"peakResidentKiB\": %d, \"fileBytes\": %d }%s\n", \
            name[i], median[i] / 1e6, p10[i] / 1e6, p90[i] / 1e6, median[i] / c, median[i] / go, instructions[i], calls[i], peak[i], bytes[i], i < NR ? "," : "" > json
    printf "  ],\n  \"reach\": [\n" > json
    limit("medianMs / Go's", median[helper] / go, 0.5, ",")
    limit("medianMs / C's", median[helper] / c, 2.5, ",")
    limit("system calls", calls[helper], 40, ",")
    limit("resident MB", peak[helper] * 1024 / 1e6, 2.5, ",")
    limit("file MB", bytes[helper] / 1e6, 6, "")
    printf "  ]\n}\n" > json
}

function limit(what, value, most, comma) {
    printf "[%s] %s: %.3g, reach ≤ %s\n", value <= most ? " OK " : "MISS", what, value, most
    printf "    { \"what\": \"%s\", \"value\": %.3f, \"limit\": %s, \"holds\": %s }%s\n", what, value, most, value <= most ? "true" : "false", comma > json
}
