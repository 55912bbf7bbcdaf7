import { z } from "zod";
import {
  changeHeaders,
  findHeaderNameFault,
  findHeadersFault,
  findHeaderValueFault,
  HEADER_CHANGES_MAX,
  HEADER_NAME_LENGTH_MAX,
  HEADER_NAME_PATTERN,
  HEADER_VALUE_LENGTH_MAX,
  HEADER_VALUE_PATTERN,
  type HeaderChanges,
} from "../../domain/custom-headers.ts";

const DESCRIPTION =
  "Headers to send with each request, such as `Authorization`, by name; up to 20. A name with null is removed, and null alone removes all; those left out stay. The values are encrypted, and no response contains them. Names compare without case; those that HTTP or OpenSend sets are refused.";

const byName = z
  .record(
    z.string().max(HEADER_NAME_LENGTH_MAX).meta({ pattern: HEADER_NAME_PATTERN }),
    z.string().max(HEADER_VALUE_LENGTH_MAX).meta({ pattern: HEADER_VALUE_PATTERN }).nullable(),
  )
  .meta({ maxProperties: HEADER_CHANGES_MAX });

/** Custom headers of a request. Messages name the position, and never a value or a name that might contain one. */
export const customHeaders = z
  .preprocess((given, { issues }) => {
    for (const { path, message } of findFaults(given)) {
      issues.push({ code: "custom", path, message, input: undefined });
    }
    return given;
  }, byName.nullable())
  .meta({
    description: DESCRIPTION,
    writeOnly: true,
    examples: [{ Authorization: "Bearer 0123456789abcdef" }],
  });

export function toHeaderChanges(given: z.infer<typeof customHeaders>): HeaderChanges {
  return given === null ? null : Object.entries(given).map(([name, value]) => ({ name, value }));
}

type Fault = { readonly path: string[]; readonly message: string };

function findFaults(given: unknown): Fault[] {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return [];
  const entries = Object.entries(given);
  if (entries.length > HEADER_CHANGES_MAX) {
    return [{ path: [], message: `At most ${HEADER_CHANGES_MAX} headers in one request.` }];
  }
  const faults = entries.flatMap(([name, value]) => faultsOf(name, value));
  if (faults.length > 0) return faults;
  const names = new Set(entries.map(([name]) => name.toLowerCase()));
  if (names.size < entries.length) return [{ path: [], message: "Name each header once, in one case." }];
  const texts = entries.flatMap(([name, value]) => (typeof value === "string" ? [{ name, value }] : []));
  const message = findHeadersFault(changeHeaders([], texts));
  return message === null ? [] : [{ path: [], message }];
}

function faultsOf(name: string, value: unknown): Fault[] {
  const nameFault = findHeaderNameFault(name);
  // The path omits a name that may be a pasted line with its value.
  if (nameFault !== null) return [{ path: isShown(name) ? [name] : [], message: nameFault }];
  const valueFault = typeof value === "string" ? findHeaderValueFault(value) : null;
  return valueFault === null ? [] : [{ path: [name], message: valueFault }];
}

const WORD = /^[A-Za-z][A-Za-z0-9-]{0,40}$/;

function isShown(name: string): boolean {
  return WORD.test(name);
}
