-- Executions that sleep until an instant of their own: `rate` a second, beginning at `first` (seconds since 1970).
function init(args)
  path, first, rate, most = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  sent = 0
end
function request()
  if sent == most then wrk.thread:stop() end
  local due = first + sent / rate
  sent = sent + 1
  local text = os.date("!%Y-%m-%dT%H:%M:%S", math.floor(due)) .. string.format(".%03dZ", math.floor(due % 1 * 1000))
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, '{"due":"' .. text .. '"}')
end
