import { readRequest } from "./read-request.ts";

const TOLERANCE_S = 5 * 60;

export type Verdict = { readonly holds: boolean; readonly text: string };

/** Whether the signature of a pasted request holds, in words. All of it happens here: nothing is sent. */
export async function checkRequest(pasted: string, secret: string, nowMs: number): Promise<Verdict> {
  const { headers, body } = readRequest(pasted);
  const signature = headers.get("x-opensend-signature");
  if (signature === undefined) return refuse("No x-opensend-signature header in what you pasted.");
  const timestamp = headers.get("x-opensend-timestamp");
  if (timestamp === undefined) return refuse("No x-opensend-timestamp header in what you pasted.");
  if (!/^\d{1,12}$/.test(timestamp)) return refuse("The timestamp is not a whole number of seconds.");
  if (body === "") return refuse("No body in what you pasted. It follows the headers after an empty line.");

  const matching = await firstMatch(headers, secret, `${timestamp}.`, body);
  if (matching === null) return refuse("The body was changed or the secret is another.");
  const ageS = Math.round(nowMs / 1000) - Number(timestamp);
  if (ageS > TOLERANCE_S) {
    return refuse(`Signed ${span(ageS)} ago: receivers refuse what is older than 5 min.`);
  }
  if (ageS < -TOLERANCE_S) {
    return refuse(`Signed ${span(-ageS)} ahead of this clock: receivers refuse more than 5 min.`);
  }
  return matching === "x-opensend-signature"
    ? { holds: true, text: "The signature holds." }
    : { holds: true, text: "The signature holds, with the secret before the rotation." };
}

/** Copying often adds line breaks at the end, which no body of OpenSend's ends in by itself. */
async function firstMatch(
  headers: ReadonlyMap<string, string>,
  secret: string,
  prefix: string,
  body: string,
) {
  for (const candidate of new Set([body, body.replace(/[\r\n]+$/, "")])) {
    const expected = await hmacHex(secret, prefix + candidate);
    for (const name of ["x-opensend-signature", "x-opensend-signature-previous"]) {
      if (headers.get(name) === expected) return name;
    }
  }
  return null;
}

async function hmacHex(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function span(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

function refuse(text: string): Verdict {
  return { holds: false, text };
}
