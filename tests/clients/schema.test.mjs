// The JSON Schema as editors read it: ajv judges what `ipaas validate` judges.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import Ajv from "ajv";
import { parseAllDocuments } from "yaml";

const ipaas = process.env.IPAAS;
assert.ok(ipaas, "set by run.sh");

function run(args, input) {
  return spawnSync(ipaas, args, { input, encoding: "utf8" });
}

const schema = JSON.parse(run(["schema"]).stdout);
const accepts = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** What an editor would say of a text: the first complaint, or nothing. */
function complaint(text) {
  for (const document of parseAllDocuments(text, { version: "1.2", schema: "core" })) {
    assert.deepEqual(document.errors, []);
    const value = document.toJS();
    if (value === null) continue;
    if (!accepts(value)) return new Ajv().errorsText(accepts.errors);
  }
  return null;
}

const passesParser = (text) => run(["validate", "-f", "-"], text).status === 0;

const head = "name: a\non: { manual: {} }\n";
const step = (text) => `${head}steps:\n  - ${text}\n`;
const hook = (text) => `name: a\non:\n  webhook: ${text}\nsteps: [ { log: x } ]\n`;

const everything = `
name: order-alerts
description: Tell ops about large orders
on:
  webhook:
    verify: { scheme: github, credential: github-hook }
    filter: \${{ event.body.type == 'paid' }}
    dedupe: \${{ event.body.id }}
  schedule:
    - { cron: "30 7 * * MON-FRI", timezone: Europe/Berlin, catchup: all, catchup-window: 2d, jitter: 30s, inputs: { city: Paris } }
  manual:
  workflow: { names: [import-orders, "*"], when: [succeeded] }
inputs:
  city: { type: choice, options: [Berlin, Paris], default: Berlin }
  token: { type: string, sensitive: true }
concurrency: { group: "orders-\${{ event.body.customer }}", limit: 2, on-limit: queue, queue-limit: 10 }
timeout: 10m
retention: { executions: 30d, payloads: 7d }
priority: high
labels: { team: shop }
x-anchors: &a { anything: 1 }
defaults:
  credentials: { slack: slack-ops }
  retry: { max-attempts: 7 }
steps:
  - id: orders
    uses: http/request
    with: { url: https://shop.example/v1/orders, follow-redirects: "\${{ true }}" }
    rate-limit: { key: shop-api, limit: 10/s }
    idempotency-key: \${{ execution.id }}
    sensitive: true
  - parallel:
      - { id: fx, uses: http/request, with: { url: https://fx.example/latest }, timeout: 5s }
    fail-fast: true
  - id: notify
    for-each: \${{ steps.orders.outputs.body.items }}
    max-parallel: 4
    steps:
      - switch: \${{ item.total > 1000 }}
        cases:
          true: [ { uses: slack/post-message, with: { channel: "#ops", text: "Order" } } ]
        default: [ { log: 5 } ]
  - wait-for: { approval: { roles: [operator], message: "Ship?" }, timeout: 4h, on-timeout: fail, notify: [ { log: x } ] }
  - wait-for: { callback: {} }
  - sleep: 30s
  - sleep: \${{ inputs.city }}
  - { call: ship-orders, with: { ids: 5 } }
  - log: { level: warn, message: hello }
on-failure: [ { log: "\${{ failure.step }}" } ]
finally: [ { log: y } ]
outputs: { shipped: "\${{ steps.fx.outcome }}" }
`;

test("a workflow that uses every key passes both", () => {
  assert.equal(run(["validate", "-f", "-"], everything).stderr.includes("error"), false);
  assert.equal(complaint(everything), null);
});

test("every example passes", () => {
  const files = readdirSync(process.env.IPAAS_EXAMPLES).filter((name) => /\.yaml$/.test(name) && !/\.test\.yaml$/.test(name));
  assert.ok(files.length >= 5);
  for (const file of files) assert.equal(complaint(readFileSync(join(process.env.IPAAS_EXAMPLES, file), "utf8")), null, file);
});

const wrong = {
  "a misspelt key": `${head}stpes: []\nsteps: [ { log: x } ]\n`,
  "no steps": head,
  "an empty list of steps": `${head}steps: []\n`,
  "a name with capitals": "name: Big\non: { manual: {} }\nsteps: [ { log: x } ]\n",
  "an unknown trigger": "name: a\non: { push: {} }\nsteps: [ { log: x } ]\n",
  "a key of GitHub Actions": step("run: ls"),
  "two things in one step": step("{ log: x, set: y }"),
  "nothing in a step": step("{ id: a }"),
  "a misspelt key in a loop": step("{ for-each: [1], steps: [ { lgo: x } ] }"),
  "an unknown action": step("{ uses: http/reqest, with: { url: x } }"),
  "an unknown input": step("{ uses: http/request, with: { ulr: x } }"),
  "a missing input": step("{ uses: http/request, with: { method: GET } }"),
  "no inputs where some are needed": step("{ uses: http/request }"),
  "an input of the wrong type": step("{ uses: http/request, with: { url: 5 } }"),
  "inputs that exclude each other": step("{ uses: http/request, with: { url: x, json: 1, text: a } }"),
  "a part of another kind": step("{ log: x, cases: {} }"),
  "a credential beside log": step("{ log: x, credential: c }"),
  "a duration without unit": step("{ uses: http/request, with: { url: x }, timeout: 30 }"),
  "a rate without time": step("{ uses: http/request, with: { url: x }, rate-limit: { key: a, limit: 10 } }"),
  "too many attempts": step("{ uses: http/request, with: { url: x }, retry: { max-attempts: 1000 } }"),
  "an unknown level": step("{ log: { level: loud, message: x } }"),
  "a log without message": step("{ log: { level: info } }"),
  "a switch without expression": step("{ switch: x, cases: { a: [ { log: x } ] } }"),
  "an unknown role": step("{ wait-for: { approval: { roles: [boss] } } }"),
  "a webhook without verify": hook("{}"),
  "an unknown scheme": hook("{ verify: { scheme: gihtub, credential: c } }"),
  "a scheme without credential": hook("{ verify: { scheme: github } }"),
  "a choice without options": `${head}inputs: { a: { type: choice } }\nsteps: [ { log: x } ]\n`,
  "options without choice": `${head}inputs: { a: { options: [b] } }\nsteps: [ { log: x } ]\n`,
  "an unknown priority": `${head}priority: urgent\nsteps: [ { log: x } ]\n`,
};

for (const [name, text] of Object.entries(wrong)) {
  test(`${name} is flagged by both`, () => {
    assert.equal(passesParser(text), false, "the parser lets it pass");
    assert.notEqual(complaint(text), null, "the schema lets it pass");
  });
}

test("what the schema flags the parser refuses, over the fuzzers' seeds", () => {
  for (const name of readdirSync(process.env.IPAAS_CORPUS)) {
    const text = readFileSync(join(process.env.IPAAS_CORPUS, name), "utf8");
    if (passesParser(text)) assert.equal(complaint(text), null, name);
  }
});

test("completion has every action with what it does", () => {
  const actions = schema.definitions.step.properties.uses.anyOf;
  assert.ok(actions.some((action) => action.const === "slack/post-message" && action.description.length > 0));
  assert.ok(schema.definitions.step.properties.uses.description.length > 0);
});

test("a connector's schema holds its actions; an unknown connector is not found", () => {
  const slack = JSON.parse(run(["schema", "slack"]).stdout);
  assert.ok(new Ajv({ strict: false }).compile(slack.definitions["slack/post-message"])({ channel: "#a", text: "b" }));
  const none = run(["schema", "slak"]);
  assert.equal(none.status, 5);
  assert.match(none.stderr, /did you mean `slack`/);
});
