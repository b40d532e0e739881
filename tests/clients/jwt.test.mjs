// JSON Web Tokens, as jose makes them.
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SignJWT, importPKCS8 } from "jose";
import { assertAccepted, assertRefused, nowInSeconds, post } from "./kit.mjs";

const keys = {
  HS256: new TextEncoder().encode(process.env.JWT_SECRET),
  RS256: await importPKCS8(readFileSync(process.env.JWT_RS256_KEY, "utf8"), "RS256"),
  ES256: await importPKCS8(readFileSync(process.env.JWT_ES256_KEY, "utf8"), "ES256"),
  EdDSA: await importPKCS8(readFileSync(process.env.JWT_EDDSA_KEY, "utf8"), "EdDSA"),
};

function token(alg, { audience = "ipaas", issuer = "sender", expires = nowInSeconds() + 60, header = {}, more = {}, key = keys[alg] } = {}) {
  return new SignJWT({ jti: "1", ...more })
    .setProtectedHeader({ alg, typ: "JWT", ...header })
    .setIssuedAt()
    .setAudience(audience)
    .setIssuer(issuer)
    .setExpirationTime(expires)
    .sign(key);
}

const deliver = (alg, bearer) => post(`jwt-${alg.toLowerCase()}`, "{}", { authorization: `Bearer ${bearer}` });

for (const alg of Object.keys(keys)) {
  test(`jwt ${alg}: a token is accepted, for one audience or several`, async () => {
    assertAccepted(await deliver(alg, await token(alg)));
    assertAccepted(await deliver(alg, await token(alg, { audience: ["other", "ipaas"], header: { kid: "2026" } })));
  });

  test(`jwt ${alg}: expired, early, for others, from others and changed ones are refused`, async () => {
    assertRefused(await deliver(alg, await token(alg, { expires: nowInSeconds() - 1 })));
    assertRefused(await deliver(alg, await token(alg, { more: { nbf: nowInSeconds() + 30 } })));
    assertRefused(await deliver(alg, await token(alg, { audience: "other" })));
    assertRefused(await deliver(alg, await token(alg, { issuer: "other" })));
    const good = await token(alg);
    assertRefused(await deliver(alg, `${good}A`));
    assertRefused(await deliver(alg, `${good.slice(0, -6)}${good.slice(-6) === "AAAAAA" ? "BBBBBB" : "AAAAAA"}`));
  });

  test(`jwt ${alg}: the token of another algorithm is refused`, async () => {
    for (const other of Object.keys(keys).filter((one) => one !== alg)) assertRefused(await deliver(alg, await token(other)));
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${(await token(alg)).split(".")[1]}.`;
    assertRefused(await deliver(alg, none));
  });
}
