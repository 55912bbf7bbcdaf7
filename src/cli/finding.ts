export type Finding = {
  readonly state: "ok" | "warn" | "fail";
  readonly check: string;
  readonly text: string;
  readonly cure: string | null;
};

export function ok(check: string, text: string): Finding {
  return { state: "ok", check, text, cure: null };
}

export function warn(check: string, text: string, cure: string): Finding {
  return { state: "warn", check, text, cure };
}

export function fail(check: string, text: string, cure: string): Finding {
  return { state: "fail", check, text, cure };
}
