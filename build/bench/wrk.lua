-- One request for each token of the file in TOKENS, in turn; the answer's figures as one line.
local requests, next = {}, 0

function init(arguments)
    for token in io.lines(os.getenv("TOKENS")) do
        requests[#requests + 1] = wrk.format("GET", wrk.path, { ["Authorization"] = "Bearer " .. token })
    end
    next = math.random(#requests)
end

function request()
    next = next % #requests + 1
    return requests[next]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("FIGURES\t%.0f\t%.0f\t%.0f\t%d\n", summary.requests / summary.duration * 1e6,
        latency:percentile(50), latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
