-- Ask for the paths of a file in turn, each thread from another place; tell the percentiles.
local paths, place = {}, 0
local threads = 0
function setup(thread) thread:set("offset", threads * 7); threads = threads + 1 end
function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  place = offset
  wrk.headers["Accept"] = "text/html"
  wrk.headers["Accept-Encoding"] = "gzip"
  wrk.headers["Cookie"] = "language=" .. args[2]
  local pause = tonumber(args[3]) or 0
  if pause > 0 then delay = function() return pause end end -- one request of a connection each pause
end
function request()
  place = place + 1
  return wrk.format("GET", paths[place % #paths + 1])
end
function done(summary, latency, requests)
  io.write(string.format(
    'RESULT {"requests": %d, "duration_s": %.3f, "p50_ms": %.2f, "p95_ms": %.2f, "p99_ms": %.2f, "max_ms": %.2f, "status": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, summary.errors.status, summary.errors.connect,
    summary.errors.read, summary.errors.write, summary.errors.timeout))
end
