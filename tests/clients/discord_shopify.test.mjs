// Discord and Shopify, signed as their documentation describes.
import assert from "node:assert/strict";
import { createHmac, createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertAccepted, assertDuplicateOf, assertRefused, changed, nowInSeconds, post } from "./kit.mjs";

const key = createPrivateKey(readFileSync(process.env.JWT_EDDSA_KEY));

function interact(body, { at = `${nowInSeconds()}`, signedBody = body, sentAt = at } = {}) {
  const signature = sign(null, Buffer.from(at + signedBody), key).toString("hex");
  return post("discord", body, { "x-signature-ed25519": signature, "x-signature-timestamp": sentAt });
}

test("discord: PING is answered with PONG, a command with a deferred answer", async () => {
  const pong = await interact(JSON.stringify({ id: randomUUID(), type: 1, version: 1 }));
  assert.deepEqual([pong.status, pong.json], [200, { type: 1 }]);
  const deferred = await interact(JSON.stringify({ id: randomUUID(), type: 2, data: { name: "deploy" } }));
  assert.deepEqual([deferred.status, deferred.json], [200, { type: 5 }]);
});

test("discord: a changed body or timestamp is refused, as Discord checks before it saves the address", async () => {
  const body = JSON.stringify({ id: randomUUID(), type: 1 });
  assertRefused(await interact(changed(body), { signedBody: body }));
  assertRefused(await interact(body, { sentAt: "1" }));
  assertRefused(await post("discord", body, {}));
});

function shopify(body, { secret = process.env.SHOPIFY_SECRET, signedBody = body, id = randomUUID() } = {}) {
  const digest = createHmac("sha256", secret).update(signedBody, "utf8").digest("base64");
  return post("shopify", body, { "x-shopify-hmac-sha256": digest, "x-shopify-topic": "orders/create", "x-shopify-event-id": id });
}

test("shopify: an event is accepted once", async () => {
  const id = randomUUID();
  const body = JSON.stringify({ id: 820982911946154508, email: "jön@example.com" });
  const first = await shopify(body, { id });
  assertAccepted(first);
  assertDuplicateOf(first, await shopify(body, { id }));
});

test("shopify: a wrong secret and a changed byte are refused", async () => {
  const body = JSON.stringify({ id: 1 });
  assertRefused(await shopify(body, { secret: "another" }));
  assertRefused(await shopify(changed(body), { signedBody: body }));
});
