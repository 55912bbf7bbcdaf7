/** `${NAME}`, or `$${` for a literal `${`. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Returns a variable's value, or null if it is not set. */
export type Lookup = (name: string) => string | null;

/**
 * Replaces `${NAME}` in every string of a parsed file. Replacing after parsing keeps values from changing the
 * structure.
 *
 * @param problems Collects faults by place, never with a value.
 */
export function substitute(value: unknown, lookup: Lookup, problems: string[], path = ""): unknown {
  if (typeof value === "string") return substituteText(value, lookup, problems, path);
  if (Array.isArray(value)) {
    return value.map((item, index) => substitute(item, lookup, problems, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      substitute(member, lookup, problems, path === "" ? key : `${path}.${key}`),
    ]),
  );
}

/** Whether a string refers to the environment. */
export function hasReference(text: string): boolean {
  return [...text.matchAll(REFERENCE)].some(([found]) => found !== "$${");
}

function substituteText(text: string, lookup: Lookup, problems: string[], path: string): string {
  return text.replace(REFERENCE, (found, name: string | undefined) => {
    if (name === undefined) return "${";
    if (!NAME.test(name)) {
      problems.push(`${path}: \${…} must name an environment variable. Write $\${ for a plain \${.`);
      return found;
    }
    const value = lookup(name);
    if (value === null) problems.push(`${path}: the environment variable ${name} is not set.`);
    return value ?? found;
  });
}
