// Workflows as drawings.
#include "core/language/graph/graph.h"

#include <algorithm>

#include "tests/unit/language/workflow_case.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

constexpr std::string_view kFlow = R"(name: orders
description: Large orders
on:
  webhook: { verify: { scheme: github, credential: hook }, filter: event.body.ok }
  schedule: [ { cron: "30 7 * * *", timezone: Europe/Berlin } ]
steps:
  - { id: get, uses: http/request, with: { url: https://x.example }, continue-on-error: true, retry: { max-attempts: 5 } }
  - id: both
    parallel:
      - { id: a, log: one }
      - { id: b, sleep: 5s }
  - id: each
    for-each: ${{ steps.get.outputs.body }}
    max-parallel: 4
    steps:
      - id: which
        switch: ${{ item.kind }}
        cases:
          paid: [ { id: paid, log: paid } ]
        default: [ { id: other, fail: other } ]
  - id: ok
    if: event.id
    wait-for: { approval: { roles: [operator, admin] }, notify: [ { id: ask, log: "${{ wait.url }}" } ] }
on-failure: [ { id: tell, call: tell-ops } ]
finally: [ { id: ping, log: end } ]
)";

}  // namespace

TEST_CASE("a terminal shows order, lanes, loops and branches") {
  CHECK(language::draw_text(*only_workflow(kFlow)) == R"(orders: Large orders
▶ webhook, verified by github, if event.body.ok
▶ schedule 30 7 * * * Europe/Berlin
├─ get: http/request  [may fail]  [up to 5 attempts]
├─ both: all at once
│  ╟─ a: log one
│  ╙─ b: sleep 5s
├─ each: for each of ${{ steps.get.outputs.body }}, 4 at once
│  └─ which: switch ${{ item.kind }}
│     ├─ = paid
│     │  └─ paid: log paid
│     └─ otherwise
│        └─ other: fail other
└─ ok: wait for approval by operator or admin, 1d at most  [if event.id]
   └─ notify
      └─ ask: log ${{ wait.url }}
on failure
└─ tell: call tell-ops
finally
└─ ping: log end
)");
}

TEST_CASE("a Mermaid chart has a node for each step and an arrow for each way") {
  const std::string chart = language::draw_mermaid(*only_workflow(R"(name: a
on: { manual: {} }
steps:
  - { id: one, log: hello }
  - id: two
    switch: ${{ event.id }}
    cases: { y: [ { id: three, log: z } ] }
  - { id: four, log: end }
)"));
  CHECK(chart == R"(flowchart TD
  n1(["manual"])
  n2["<b>one</b><br>log hello"]
  n3{"<b>two</b><br>switch ${{ event.id }}"}
  n4["<b>three</b><br>log z"]
  n5["<b>four</b><br>log end"]
  n1 --> n2
  n2 --> n3
  n3 -->|"= y"| n4
  n4 --> n5
  n3 -->|"otherwise"| n5
)");
}

TEST_CASE("no text of a workflow adds to a drawing") {
  const auto workflow = only_workflow(with_steps("  - log: \"x\\\"] --> n9; <script> \\e[31m\\nnext | `${{ 1 }}` %% #\"\n"));
  const std::string chart = language::draw_mermaid(*workflow);
  CHECK(chart.find("<script>") == std::string::npos);
  CHECK(chart.find("x\"]") == std::string::npos);
  CHECK(chart.find('\x1b') == std::string::npos);
  CHECK(std::count(chart.begin(), chart.end(), '\n') == 4);
  const std::string text = language::draw_text(*workflow);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("everything that holds steps is in both drawings") {
  const auto workflow = only_workflow(kFlow);
  for (const std::string& drawing : {language::draw_text(*workflow), language::draw_mermaid(*workflow)}) {
    for (const char* id : {"get", "both", "each", "which", "paid", "other", "ask", "tell", "ping"}) {
      INFO(id);
      CHECK(drawing.find(id) != std::string::npos);
    }
  }
}
