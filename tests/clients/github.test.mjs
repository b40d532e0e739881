// GitHub, as @octokit/webhooks-methods signs every payload of @octokit/webhooks-examples.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import { sign } from "@octokit/webhooks-methods";
import { assertAccepted, assertDuplicateOf, assertRefused, changed, post } from "./kit.mjs";

const examples = createRequire(import.meta.url)("@octokit/webhooks-examples");
const secret = process.env.GITHUB_SECRET;

async function deliver(event, body, { signedBody = body, signedWith = secret, id = randomUUID() } = {}) {
  return post("github", body, {
    "x-github-event": event,
    "x-github-delivery": id,
    "x-hub-signature-256": await sign(signedWith, signedBody),
  });
}

for (const { name, examples: payloads } of examples) {
  test(`github ${name}: ${payloads.length} payloads`, async () => {
    for (const payload of payloads) {
      const body = JSON.stringify(payload);
      assertAccepted(await deliver(name, body));
      assertRefused(await deliver(name, body, { signedWith: `${secret}!` }));
      assertRefused(await deliver(name, changed(body), { signedBody: body }));
    }
  });
}

test("github: as pretty-printed bytes, since the raw body is what is signed", async () => {
  const [{ examples: payloads }] = examples;
  assertAccepted(await deliver("push", JSON.stringify(payloads[0], null, 2)));
});

test("github: the same delivery twice is one execution", async () => {
  const id = randomUUID();
  const body = JSON.stringify({ zen: "Keep it logically awesome.", hook_id: 1 });
  const first = await deliver("ping", body, { id });
  assertAccepted(first);
  assertDuplicateOf(first, await deliver("ping", body, { id }));
});

test("github: no signature, or the old SHA-1 one alone, is refused", async () => {
  assertRefused(await post("github", "{}", { "x-github-event": "ping" }));
  const sha1 = { "x-github-event": "ping", "x-hub-signature": "sha1=0000000000000000000000000000000000000000" };
  assertRefused(await post("github", "{}", sha1));
});

test("github: there are hundreds of payloads", () => {
  const count = examples.reduce((sum, { examples: payloads }) => sum + payloads.length, 0);
  assert.ok(count > 300, `${count}`);
});
