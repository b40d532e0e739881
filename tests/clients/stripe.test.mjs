// Stripe, as its own SDK makes test headers.
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import Stripe from "stripe";
import { assertAccepted, assertDuplicateOf, assertRefused, changed, nowInSeconds, post, staleSeconds } from "./kit.mjs";

const { webhooks } = new Stripe("sk_test_is_never_sent");
const secret = process.env.STRIPE_SECRET;

const event = (id = `evt_${randomUUID()}`) =>
  JSON.stringify({ id, object: "event", type: "invoice.payment_failed", data: { object: { amount_due: 4900 } } }, null, 2);

const header = (payload, options = {}) => webhooks.generateTestHeaderString({ payload, secret, ...options });

const deliver = (body, signature) => post("stripe", body, { "stripe-signature": signature });

test("stripe: a test header is accepted", async () => {
  const body = event();
  assertAccepted(await deliver(body, header(body)));
});

test("stripe: the same event twice is one execution", async () => {
  const body = event();
  const first = await deliver(body, header(body));
  assertAccepted(first);
  assertDuplicateOf(first, await deliver(body, header(body)));
});

test("stripe: a wrong secret, a changed byte and a stale timestamp are refused", async () => {
  const body = event();
  assertRefused(await deliver(body, header(body, { secret: "whsec_another" })));
  assertRefused(await deliver(changed(body), header(body)));
  assertRefused(await deliver(body, header(body, { timestamp: nowInSeconds() - staleSeconds })));
  assertRefused(await deliver(body, header(body, { scheme: "v0" })));
});

test("stripe: one valid signature of two is enough, as while a secret is rolled", async () => {
  const body = event();
  const timestamp = nowInSeconds();
  const other = header(body, { secret: "whsec_another", timestamp }).split(",")[1];
  assertAccepted(await deliver(body, `${header(body, { timestamp })},${other}`));
});
