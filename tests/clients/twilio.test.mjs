// Twilio, as its own SDK computes signatures: over the public URL, with the form's parameters or the body's digest.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import webhooks from "twilio/lib/webhooks/webhooks.js";
import { assertRefused, post } from "./kit.mjs";

const token = process.env.TWILIO_SECRET;
const url = `${process.env.PUBLIC_URL}/api/webhooks/default/twilio`;
const params = { From: "+14158675309", To: "+18005551212", Body: "grüße & co = 100%", Empty: "" };

function deliver(body, signature, { query = "", type = "application/x-www-form-urlencoded", id = randomUUID() } = {}) {
  return post(`twilio${query}`, body, { "content-type": type, "x-twilio-signature": signature, "i-twilio-idempotency-token": id });
}

function assertTaken(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.text, "<Response/>");
}

test("twilio: a form is accepted, with the port in the signed URL and without", async () => {
  const form = new URLSearchParams(params).toString();
  for (const signedUrl of [url, url.replace("hooks.example", "hooks.example:443")]) {
    assertTaken(await deliver(form, webhooks.getExpectedTwilioSignature(token, signedUrl, params)));
  }
});

test("twilio: names that occur twice are accepted", async () => {
  const twice = { Digits: ["5678", "1234", "1234"], Sid: "CA123", SidAccount: "AC123" };
  const form = "Digits=5678&Digits=1234&Digits=1234&Sid=CA123&SidAccount=AC123";
  assertTaken(await deliver(form, webhooks.getExpectedTwilioSignature(token, url, twice)));
});

test("twilio: JSON is accepted under its digest in the query, and no other JSON", async () => {
  const body = JSON.stringify({ property: "value", boolean: true });
  const query = `?bodySHA256=${webhooks.getExpectedBodyHash(body)}`;
  const signature = webhooks.getExpectedTwilioSignature(token, url + query, {});
  assertTaken(await deliver(body, signature, { query, type: "application/json" }));
  assertRefused(await deliver(body.replace("value", "other"), signature, { query, type: "application/json" }));
  assertRefused(await deliver(body, signature, { type: "application/json" }));
});

test("twilio: another token, another URL and a changed parameter are refused", async () => {
  const form = new URLSearchParams(params).toString();
  assertRefused(await deliver(form, webhooks.getExpectedTwilioSignature("another", url, params)));
  assertRefused(await deliver(form, webhooks.getExpectedTwilioSignature(token, url.replace("hooks", "other"), params)));
  assertRefused(await deliver(`${form}&More=1`, webhooks.getExpectedTwilioSignature(token, url, params)));
  assertRefused(await deliver(form, webhooks.getExpectedTwilioSignature(token, url, params), { query: "?a=1" }));
});
