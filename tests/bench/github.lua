-- One GitHub push, signed, with a delivery id of its own each time.
local body = '{"ref":"refs/heads/main","repository":{"full_name":"octo/hello"},"head_commit":{"id":"6dcb09b5b57875f334f61aebed695e2e4193db5e","message":"Fix all the bugs"},"pusher":{"name":"octocat"}}'
local thread_count = 0
function setup(thread)
  thread:set("thread_id", thread_count)
  thread_count = thread_count + 1
end
function init(args)
  path, signature, run = args[1], args[2], args[3]
  sent = 0
  headers = { ["Content-Type"] = "application/json", ["X-Hub-Signature-256"] = "sha256=" .. signature, ["X-GitHub-Event"] = "push" }
end
function request()
  sent = sent + 1
  headers["X-GitHub-Delivery"] = run .. "-" .. thread_id .. "-" .. sent
  return wrk.format("POST", path, headers, body)
end
function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), latency:percentile(99.9), summary.errors.status, errors))
end
