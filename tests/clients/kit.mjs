// What the tests of all senders share: where the daemon is, and how it is asked.
import assert from "node:assert/strict";

const webhooks = process.env.IPAAS_WEBHOOKS;
assert.ok(webhooks, "set by run.sh, which starts the daemon");

/** Posts `body` to the workflow `name`; gives back status, parsed JSON where it is some, and text. */
export async function post(name, body, headers) {
  const answer = await fetch(`${webhooks}/${name}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  const text = await answer.text();
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Some answers are plain text.
  }
  return { status: answer.status, json, text };
}

export function assertAccepted(answer) {
  assert.equal(answer.status, 202, answer.text);
  assert.match(answer.json.data.execution_id, /^ex_/);
}

export function assertRefused(answer) {
  assert.equal(answer.status, 401, answer.text);
  assert.equal(answer.json.success, false);
}

/** The second answer to one delivery: 200, with the execution of the first. */
export function assertDuplicateOf(first, answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.data.execution_id, first.json.data.execution_id);
}

/** The same text with one byte changed. */
export function changed(text) {
  const at = text.lastIndexOf("}") - 1;
  const other = text[at] === "0" ? "1" : "0";
  return text.slice(0, at) + other + text.slice(at + 1);
}

export const nowInSeconds = () => Math.floor(Date.now() / 1000);
export const staleSeconds = 301;
