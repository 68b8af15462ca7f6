-- People at work, each on a connection of their own: they ask, read the answer, think, and ask something else.
-- Arguments: token, people for each thread, least and most milliseconds of thinking, first id, number of ids, and then
-- for each kind of request how often it comes, its method, its path and its body, which may be empty.
-- {id} in a path is any of the ids, {n} in a body is another number each time.
-- PORTS in the environment names the servers' ports; each thread asks one of them.

local kinds, total, counter = {}, 0, 0
local first, count
local threads = 0

function setup(thread)
   local ports = {}
   for port in string.gmatch(os.getenv("PORTS"), "%d+") do ports[#ports + 1] = port end
   thread.addr = wrk.lookup("127.0.0.1", ports[threads % #ports + 1])[1]
   threads = threads + 1
   thread:set("seed", threads)
end

function init(args)
   math.randomseed(seed)
   local headers = { ["Authorization"] = "Bearer " .. args[1] }
   local new = tonumber(args[2])
   local least, most = tonumber(args[3]), tonumber(args[4])
   first, count = tonumber(args[5]), tonumber(args[6])
   for n = 7, #args, 4 do
      total = total + tonumber(args[n])
      kinds[#kinds + 1] = { upto = total, method = args[n + 1], path = args[n + 2], body = args[n + 3], headers = headers }
      if args[n + 3] ~= "" then
         kinds[#kinds].headers = { ["Authorization"] = headers["Authorization"], ["Content-Type"] = "application/json" }
      end
   end
   if most > 0 then
      -- wrk waits so long before each request. The first ones find people in the middle of their thinking.
      function delay()
         new = new - 1
         if new >= 0 then return math.random(0, (least + most) / 2) end
         return math.random(least, most)
      end
   end
end

function request()
   local drawn, kind = math.random() * total, 1
   while kinds[kind].upto < drawn do kind = kind + 1 end
   local chosen = kinds[kind]
   local id = string.format("%d", first + math.random(0, count - 1))
   counter = counter + 1
   local path = string.gsub(chosen.path, "{id}", id)
   local body = chosen.body ~= "" and string.gsub(chosen.body, "{n}", tostring(counter % 100000)) or nil
   return wrk.format(chosen.method, path, chosen.headers, body)
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "microseconds": %d, "p50": %d, "p95": %d, "p99": %d, "refused": %d, "broken": %d}\n',
      summary.requests, summary.duration,
      latency:percentile(50), latency:percentile(95), latency:percentile(99),
      errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
