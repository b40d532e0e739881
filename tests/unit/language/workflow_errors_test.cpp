// What is wrong with a workflow is said with its place and a stable code.

#include "tests/unit/language/workflow_case.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

struct Row {
  std::string_view text;
  std::string_view expected;
};

void check(const std::vector<Row>& rows, std::string (*wrap)(std::string_view)) {
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(problems(wrap(row.text)) == row.expected);
  }
}

std::string as_is(std::string_view text) { return std::string(text); }

}  // namespace

TEST_CASE("keys of the top level are checked") {
  check({{"", "1:1 empty_document"},
         {"# nothing\n---\n", "1:1 empty_document"},
         {"- a\n", "1:1 wrong_type"},
         {"text\n", "1:1 wrong_type"},
         {"name: a\n", "1:1 missing_key, 1:1 missing_key"},
         {"nmae: a\non: { manual: {} }\nsteps: [ { log: x } ]\n", "1:1 unknown_key, 1:1 missing_key"},
         {"name: Big\non: { manual: {} }\nsteps: [ { log: x } ]\n", "1:7 bad_name"},
         {"name: -a\non: { manual: {} }\nsteps: [ { log: x } ]\n", "1:7 bad_name"},
         {"name: 12\non: { manual: {} }\nsteps: [ { log: x } ]\n", "1:7 wrong_type"},
         {"name:\non: { manual: {} }\nsteps: [ { log: x } ]\n", "1:1 wrong_type"},
         {"name: a\non: {}\nsteps: [ { log: x } ]\n", "2:1 missing_value"},
         {"name: a\non: push\nsteps: [ { log: x } ]\n", "2:5 wrong_type"},
         {"name: a\non: { manual: {} }\nsteps: []\n", "3:8 missing_value"},
         {"name: a\non: { manual: {} }\nsteps:\n", "3:1 wrong_type"},
         {"name: a\non: { manual: { a: 1 } }\nsteps: [ { log: x } ]\n", "2:17 unknown_key"},
         {"name: a\nx-y: [ { z: 1 } ]\non: { manual: }\nsteps: [ { log: x } ]\n", ""}},
        as_is);
}

TEST_CASE("triggers are checked") {
  check({{"  webhook: {}\n", "3:3 missing_key"},
         {"  webhook:\n", "3:3 missing_key"},
         {"  webhook: { verify: { scheme: github } }\n", "3:14 missing_key"},
         {"  webhook: { verify: {} }\n", "3:14 missing_key"},
         {"  webhook: { verify: github }\n", "3:22 wrong_type"},
         {"  webhook: { verify: { scheme: gihtub, credential: c } }\n", "3:32 bad_value"},
         {"  webhook: { verify: { scheme: twilio, credential: c } }\n", ""},
         {"  webhook: { verify: { scheme: jwt, credential: c } }\n", "3:14 missing_key"},
         {"  webhook: { verify: { scheme: jwt, credential: c, algorithm: none } }\n", "3:63 bad_value"},
         {"  webhook: { verify: { scheme: jwt, credential: c, algorithm: sha256 } }\n", "3:63 bad_value"},
         {"  webhook: { verify: { scheme: jwt, credential: c, algorithm: RS256, audience: us, issuer: me, leeway: 0s } }\n", ""},
         {"  webhook: { verify: { scheme: jwt, credential: c, algorithm: RS256, leeway: 2h } }\n", "3:78 out_of_range"},
         {"  webhook: { verify: { scheme: jwt, credential: c, algorithm: RS256, audience: '' } }\n", "3:80 bad_value"},
         {"  webhook: { verify: { scheme: jwt, credential: c, algorithm: RS256, header: X } }\n", "3:70 unexpected_key"},
         {"  webhook: { verify: { scheme: hmac, credential: c, algorithm: HS256 } }\n", "3:64 bad_value"},
         {"  webhook: { verify: { scheme: hmac, credential: c, audience: us } }\n", "3:53 unexpected_key"},
         {"  webhook: { verify: { scheme: none }, allow-from: [203.0.113.7, 203.0.113.0/24, '2001:db8::/32', '::1'] }\n", ""},
         {"  webhook: { verify: { scheme: none }, allow-from: [203.0.113.0/33, host.example, 1.2.3, ''] }\n",
          "3:53 bad_value, 3:69 bad_value, 3:83 bad_value, 3:90 bad_value"},
         {"  webhook: { verify: { scheme: none }, allow-from: 203.0.113.7 }\n", "3:52 wrong_type"},
         {"  webhook: { verify: { scheme: none }, allow-from: [] }\n", "3:52 missing_value"},
         {"  webhook: { verify: { scheme: none }, max-body: 64KiB }\n", ""},
         {"  webhook: { verify: { scheme: none }, max-body: 1MB }\n", "3:50 bad_value"},
         {"  webhook: { verify: { scheme: none }, max-body: 1023 }\n", "3:50 out_of_range"},
         {"  webhook: { verify: { scheme: none }, max-body: 33MiB }\n", "3:50 out_of_range"},
         {"  webhook: { verify: { scheme: none }, max-body: -1 }\n", "3:50 bad_value"},
         {"  webhook: { verify: { scheme: none }, max-body: [] }\n", "3:50 wrong_type"},
         {"  webhook: { verify: { scheme: none, credential: c } }\n", "3:38 unexpected_key"},
         {"  webhook: { verify: { scheme: github, credential: c, header: X } }\n", "3:55 unexpected_key"},
         {"  webhook: { verify: { scheme: hmac, credential: c, algorithm: md5 } }\n", "3:64 bad_value"},
         {"  webhook: { verify: { scheme: hmac, credential: c, header: 'X Y' } }\n", "3:61 bad_value"},
         {"  webhook: { verify: { scheme: hmac, credential: c, tolerance: 0s } }\n", "3:64 out_of_range"},
         {"  webhook: { verify: { scheme: hmac, credential: c, timestamp-header: T } }\n", "3:53 bad_value"},
         {"  webhook: { verify: { scheme: hmac, credential: c, payload: '{timestamp}' } }\n", "3:62 bad_value, 3:62 missing_key"},
         {"  webhook: { verify: { scheme: github, credential: 'a b' } }\n", "3:52 bad_name"},
         {"  webhook: { verify: { scheme: github, credential: \"${{ event.x }}\" } }\n", "3:52 bad_name"},
         {"  webhook: { verify: { scheme: none }, filter: \"${{ inputs.x }}\" }\n", "3:53 unknown_context"},
         {"  webhook:\n    verify: { scheme: none }\n    dedupe: a-${{ steps.x.outputs }}\n", "5:19 unknown_context"},
         {"  schedule: []\n", "3:13 missing_value"},
         {"  schedule: { cron: x }\n", "3:13 wrong_type"},
         {"  schedule: [ { timezone: UTC } ]\n", "3:15 missing_key"},
         {"  schedule: [ { cron: '61 * * * *' } ]\n", "3:23 bad_cron"},
         {"  schedule: [ { cron: '0 0 30 2 *' } ]\n", "3:23 bad_cron"},
         {"  schedule: [ { cron: '0 7 * * *', timezone: Europe/Berln } ]\n", "3:46 unknown_time_zone"},
         {"  schedule: [ { cron: '0 7 * * *', jitter: 2d } ]\n", "3:44 out_of_range"},
         {"  schedule: [ { cron: '0 7 * * *', catchup: some } ]\n", "3:45 bad_value"},
         {"  schedule: [ { cron: '0 7 * * *', inputs: { a: 1 } } ]\n", "3:46 unknown_input"},
         {"  workflow: {}\n", "3:3 missing_key"},
         {"  workflow: { names: [] }\n", "3:22 missing_value"},
         {"  workflow: { names: [Big, \"*\", demo] }\n", "3:23 bad_name, 3:33 bad_value"},
         {"  workflow: { names: [b], when: [finished] }\n", "3:34 bad_value"},
         {"  workflow_dispatch: {}\n", "3:3 unknown_key"},
         {"  schedule: [ { cron: '0 7 * * *' }, { cron: '0 7 * * *', timezone: UTC } ]\n", "3:38 duplicate_schedule"}},
        [](std::string_view text) { return with_triggers(text); });
}

TEST_CASE("steps are checked") {
  check({{"  - {}\n", "4:5 missing_kind"},
         {"  - hello\n", "4:5 wrong_type"},
         {"  -\n  - log: x\n", "4:3 wrong_type"},
         {"  - { log: a, set: b }\n", "4:15 several_kinds"},
         {"  - { lgo: a }\n", "4:5 missing_kind, 4:7 unknown_key"},
         {"  - { log: a, rate-limit: 5 }\n", "4:15 unexpected_key"},
         {"  - { run: ls }\n", "4:5 missing_kind, 4:7 unknown_key"},
         {"  - { log: a, retry: {}, timeout: 5s }\n", "4:15 unexpected_key, 4:26 unexpected_key"},
         {"  - { id: 1a, log: a }\n", "4:11 bad_name"},
         {"  - { id: a, log: a }\n  - { id: A, log: a }\n", "5:11 duplicate_id"},
         {"  - { id: step-2, log: a }\n  - { log: a }\n", "4:11 duplicate_id"},
         {"  - { id: step-1, log: a }\n  - { id: step-3, log: a }\n", ""},
         {"  - { log: { message: a, level: loud } }\n", "4:33 bad_value"},
         {"  - { log: { level: info } }\n", "4:7 missing_key"},
         {"  - { log: [a] }\n", "4:12 wrong_type"},
         {"  - { fail: { message: a } }\n", ""},
         {"  - { fail: { mesage: a } }\n", "4:7 missing_key, 4:15 unknown_key"},
         {"  - { log: a, continue-on-error: yes }\n", "4:34 wrong_type"},
         {"  - { set: { '${{ x }}': 1 } }\n", "4:14 expression_in_key"},
         {"  - { set: { a: .inf } }\n", "4:17 wrong_type"},
         {"  - log:\n", "4:5 wrong_type"}},
        [](std::string_view text) { return with_steps(text); });
}

TEST_CASE("actions, their inputs and credentials are checked") {
  check({{"  - uses: request\n", "4:11 bad_value"},
         {"  - uses: htpp/request\n", "4:11 unknown_connector"},
         {"  - uses: http/reqest\n", "4:11 unknown_action"},
         {"  - uses: http/request\n", "4:11 missing_key"},
         {"  - uses: http/request\n    with:\n", "4:11 missing_key"},
         {"  - uses: http/request\n    with: { method: GET }\n", "5:5 missing_key"},
         {"  - uses: http/request\n    with: [a]\n", "5:11 wrong_type"},
         {"  - uses: http/request\n    with: { url: x, methd: GET }\n", "5:21 unknown_key"},
         {"  - uses: http/request\n    with: { url: x, method: get }\n", "5:29 bad_value"},
         {"  - uses: http/request\n    with: { url: 5 }\n", "5:18 wrong_type"},
         {"  - uses: http/request\n    with: { url: x, query: a }\n", "5:28 wrong_type"},
         {"  - uses: http/request\n    with: { url: x, follow-redirects: \"a${{ event.id }}\" }\n", "5:39 wrong_type"},
         {"  - uses: http/request\n    with: { url: x, follow-redirects: \"${{ event.id }}\" }\n", ""},
         {"  - uses: http/request\n    with: { url: x, json: 1, text: a }\n", "5:30 exclusive_keys"},
         {"  - uses: http/request\n    with: { url: x, success: status < }\n", "5:38 unexpected_end"},
         {"  - uses: http/request\n    with: { url: x, success: event.id }\n", "5:30 unknown_context"},
         {"  - uses: slack/webhook\n    with: { text: hi }\n", ""},
         {"  - uses: slack/webhook\n    with: {}\n", "5:5 missing_key, 5:5 missing_key"},
         {"  - uses: slack/webhook\n    credential: c\n    with: { text: hi }\n", "5:5 unexpected_key"},
         {"  - uses: slack/post-message\n    with: { channel: '#a', text: hi }\n", "4:11 missing_key"},
         {"  - uses: http/request\n    with: { url: x }\n    timeout: 30\n", "6:14 bad_duration"},
         {"  - uses: http/request\n    with: { url: x }\n    timeout: 2h\n", "6:14 out_of_range"},
         {"  - uses: http/request\n    with: { url: x }\n    retry: { max-attempts: 0 }\n", "6:28 out_of_range"},
         {"  - uses: http/request\n    with: { url: x }\n    retry: { max-attempts: two }\n", "6:28 wrong_type"},
         {"  - uses: http/request\n    with: { url: x }\n    retry: { backof: linear }\n", "6:14 unknown_key"},
         {"  - uses: http/request\n    with: { url: x }\n    retry: { delay: 5s, max-delay: 1s }\n", "6:36 out_of_range"},
         {"  - uses: http/request\n    with: { url: x }\n    retry: 5\n", "6:12 wrong_type"}},
        [](std::string_view text) { return with_steps(text); });
}

TEST_CASE("expressions are checked where they stand") {
  check({{"  - log: a ${{ event.x + }} b\n", "4:24 unexpected_symbol"},
         {"  - log: \"é ${{ evnt.x }}\"\n", "4:17 unknown_context"},
         {"  - log: ${{ item }}\n", "4:14 unknown_context"},
         {"  - log: ${{ lenght(event) }}\n", "4:14 unknown_function"},
         {"  - log: ${{ failure() }}\n", "4:14 unknown_function"},
         {"  - log: ${{ event.x\n", "4:10 unclosed_expression"},
         {"  - log: |\n      one\n      two ${{ nope }}\n", "6:15 unknown_context"},
         {"  - log: >\n      one\n      two ${{ nope }}\n", "4:10 unknown_context"},
         {"  - log: \"\\t${{ nope }}\"\n", "4:10 unknown_context"},
         {"  - log: 'a ${{ nope }}'\n", "4:17 unknown_context"},
         {"  - { log: a, if: \"yes ${{ true }}\" }\n", "4:20 text_around_condition"},
         {"  - { log: a, if: true }\n", ""},
         {"  - { log: a, if: }\n", "4:15 wrong_type"},
         {"  - log: ${{ steps.b.outputs }}\n  - { id: b, log: x }\n", "4:20 unknown_step"},
         {"  - { id: b, log: \"${{ steps.b.outputs }}\" }\n", "4:30 unknown_step"},
         {"  - { id: fetch, log: x }\n  - log: ${{ steps.fech.outputs }}\n", "5:20 unknown_step"},
         {"  - { id: fetch, log: x }\n  - log: ${{ steps.FETCH.outputs }} ${{ steps['fetch'].outcome }}\n", ""},
         {"  - { id: fetch, log: x }\n  - log: ${{ steps.fetch.output }}\n", "5:20 unknown_property"},
         {"  - log: x\noutputs:\n  a: ${{ steps.step-1.outputs }}\n  b: ${{ steps.step-2.outputs }}\n", "7:16 unknown_step"}},
        [](std::string_view text) { return with_steps(text); });
}

TEST_CASE("inputs are checked") {
  check({{"inputs: []\n", "1:9 wrong_type"},
         {"inputs: { a: string }\n", "1:14 wrong_type"},
         {"inputs: { 1a: {} }\n", "1:11 bad_name"},
         {"inputs: { a: { type: text } }\n", "1:22 bad_value"},
         {"inputs: { a: { type: choice } }\n", "1:11 missing_key"},
         {"inputs: { a: { options: [b] } }\n", "1:16 unexpected_key"},
         {"inputs: { a: { type: choice, options: [b, b] } }\n", "1:43 bad_value"},
         {"inputs: { a: { type: choice, options: [1] } }\n", "1:40 wrong_type"},
         {"inputs: { a: { type: choice, options: [b], default: c } }\n", "1:53 wrong_type"},
         {"inputs: { a: { type: number, default: \"5\" } }\n", "1:39 wrong_type"},
         {"inputs: { a: { default: 5 } }\n", "1:25 wrong_type"},
         {"inputs: { a: { type: json, default: { b: [1] } } }\n", ""},
         {"inputs: { a: { default: \"${{ event.x }}\" } }\n", "1:25 bad_value, 1:25 wrong_type"},
         {"inputs: { a: { required: maybe } }\n", "1:26 wrong_type"},
         {"inputs: { a: { defualt: x } }\n", "1:16 unknown_key"}},
        [](std::string_view text) { return std::string(text) + "name: a\non: { manual: {} }\nsteps: [ { log: x } ]\n"; });
}

TEST_CASE("errors say what would be right") {
  CHECK(first_error("name: a\non: { manual: {} }\nsteps: [ { log: x } ]\ntimout: 5m\n") ==
        "flow.yaml:4:1: a workflow has no key `timout`: did you mean `timeout`? [unknown_key]");
  CHECK(first_error("name: a\non: { manual: {} }\njobs: {}\nsteps: [ { log: x } ]\n") ==
        "flow.yaml:3:1: a workflow has no key `jobs`: a workflow is one list: write `steps` at the top, and `parallel` for "
        "what runs at once [unknown_key]");
  CHECK(first_error(with_steps("  - log: ${{ item.id }}\n")) ==
        "flow.yaml:4:14: `item` is seen only inside `for-each`: name an input or an output of a step [unknown_context]");
  CHECK(first_error(with_steps("  - uses: slak/webhook\n")) ==
        "flow.yaml:4:11: there is no connector `slak`: did you mean `slack`? [unknown_connector]");
  CHECK(first_error(with_steps("  - uses: slack/post-mesage\n")) ==
        "flow.yaml:4:11: the connector `slack` has no action `post-mesage`: did you mean `slack/post-message`? [unknown_action]");
  CHECK(first_error(with_steps("  - { id: fetch, log: x }\n  - log: ${{ steps.fech.outputs }}\n")) ==
        "flow.yaml:5:20: there is no step `fech`: did you mean `fetch`? [unknown_step]");
  CHECK(first_error(with_triggers("  webhook: {}\n")).find("`scheme: none` lets anyone start it and must be written out") !=
        std::string::npos);
}

TEST_CASE("an error never shows a long value or a control character") {
  const std::string secret = "sk_live_" + std::string(60, 'x');
  const std::string text = first_error("name: \"" + secret + "\"\non: { manual: {} }\nsteps: [ { log: x } ]\n");
  CHECK(text.find(secret) == std::string::npos);
  CHECK(text.find("…`") != std::string::npos);
  CHECK(first_error(with_steps("  - { uses: \"a\\e[31m\" }\n")).find('\x1b') == std::string::npos);
}

TEST_CASE("all errors are said at once, in order, up to a hundred") {
  std::string steps;
  for (int i = 0; i < 150; ++i) steps += "  - lgo: x\n";
  const auto parsed = parse(with_steps(steps));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().size() == 101);
  CHECK(parsed.error().back().code == "too_many_errors");
  CHECK(parsed.error().front().file == "flow.yaml");
}

TEST_CASE("a workflow has at most 500 steps") {
  std::string steps;
  for (int i = 0; i < 500; ++i) steps += "  - log: x\n";
  CHECK(problems(with_steps(steps)).empty());
  CHECK(problems(with_steps(steps + "  - log: x\n")) == "504:5 too_many_steps");
}
