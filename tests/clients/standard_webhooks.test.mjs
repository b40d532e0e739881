// Standard Webhooks, as the library of the specification's authors signs.
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { assertAccepted, assertDuplicateOf, assertRefused, changed, nowInSeconds, post, staleSeconds } from "./kit.mjs";

const signer = new Webhook(process.env.STANDARD_SECRET);
const otherSigner = new Webhook(`whsec_${Buffer.from("another secret of enough bytes").toString("base64")}`);

const body = JSON.stringify({ type: "invoice.paid", timestamp: "2026-11-21T20:35:00Z", data: { id: 1 } });

function headers({ id = `msg_${randomUUID()}`, at = nowInSeconds(), by = [signer] } = {}) {
  return {
    "webhook-id": id,
    "webhook-timestamp": `${at}`,
    "webhook-signature": by.map((one) => one.sign(id, new Date(at * 1000), body)).join(" "),
  };
}

test("standard webhooks: a signed message is accepted", async () => {
  assertAccepted(await post("standard-webhooks", body, headers()));
});

test("standard webhooks: the same message twice is one execution", async () => {
  const id = `msg_${randomUUID()}`;
  const first = await post("standard-webhooks", body, headers({ id }));
  assertAccepted(first);
  assertDuplicateOf(first, await post("standard-webhooks", body, headers({ id })));
});

test("standard webhooks: a wrong secret, a changed byte and another message's signature are refused", async () => {
  assertRefused(await post("standard-webhooks", body, headers({ by: [otherSigner] })));
  assertRefused(await post("standard-webhooks", changed(body), headers()));
  assertRefused(await post("standard-webhooks", body, { ...headers(), "webhook-id": "msg_other" }));
});

test("standard webhooks: a timestamp that is stale or ahead is refused", async () => {
  assertRefused(await post("standard-webhooks", body, headers({ at: nowInSeconds() - staleSeconds })));
  assertRefused(await post("standard-webhooks", body, headers({ at: nowInSeconds() + staleSeconds + 5 })));
});

test("standard webhooks: one valid signature of two is enough, as while a secret is rolled", async () => {
  assertAccepted(await post("standard-webhooks", body, headers({ by: [otherSigner, signer] })));
});
