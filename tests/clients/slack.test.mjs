// Slack, signed as https://api.slack.com/authentication/verifying-requests-from-slack documents it.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { test } from "node:test";
import { assertRefused, changed, nowInSeconds, post, staleSeconds } from "./kit.mjs";

function deliver(body, { at = nowInSeconds(), secret = process.env.SLACK_SECRET, signedBody = body } = {}) {
  const digest = createHmac("sha256", secret).update(`v0:${at}:${signedBody}`).digest("hex");
  return post("slack", body, { "x-slack-request-timestamp": `${at}`, "x-slack-signature": `v0=${digest}` });
}

const challenge = JSON.stringify({
  token: "Jhj5dZrVaK7ZwHHjRyZWjbDl",
  challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
  type: "url_verification",
});

const message = () =>
  JSON.stringify({
    type: "event_callback",
    event_id: `Ev${randomUUID()}`,
    event: { type: "app_mention", text: "hello", channel: "C024BE91L" },
  });

test("slack: url_verification is answered with the challenge", async () => {
  const answer = await deliver(challenge);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, JSON.parse(challenge).challenge);
});

test("slack: url_verification without a valid signature is refused", async () => {
  assertRefused(await deliver(challenge, { secret: "another" }));
});

test("slack: an event gets an empty 200, also the second time", async () => {
  const body = message();
  for (const time of ["first", "second"]) {
    const answer = await deliver(body);
    assert.equal(answer.status, 200, time);
    assert.equal(answer.text, "", time);
  }
});

test("slack: a wrong secret, a changed byte and a stale timestamp are refused", async () => {
  const body = message();
  assertRefused(await deliver(body, { secret: "another" }));
  assertRefused(await deliver(changed(body), { signedBody: body }));
  assertRefused(await deliver(body, { at: nowInSeconds() - staleSeconds }));
});
