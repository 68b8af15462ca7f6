-- The requests that wrk sends. Arguments: method, token, first id, number of ids, body.
-- {id} in the path walks through the ids, {n} in the body is another number each time.

local method, headers, first, count, body
local counter = 0

function init(args)
   method = args[1]
   headers = { ["Authorization"] = "Bearer " .. args[2] }
   first, count = tonumber(args[3]), tonumber(args[4])
   body = args[5]
   if body then headers["Content-Type"] = "application/json" end
end

function request()
   -- 7919 is a prime: the ids come in no order, each of them once before any comes again.
   local id = string.format("%d", first + (counter * 7919) % count)
   local path = string.gsub(wrk.path, "{id}", id)
   local sent = body and string.gsub(body, "{n}", tostring(counter % 100000))
   counter = counter + 1
   return wrk.format(method, path, headers, sent)
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "microseconds": %d, "mean_latency": %.3f, "failed": %d}\n',
      summary.requests, summary.duration, latency.mean,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
