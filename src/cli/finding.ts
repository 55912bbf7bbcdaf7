export type Finding = {
  readonly state: "ok" | "warn" | "fail";
  readonly check: string;
  readonly text: string;
  readonly fix: string | null;
};

export function ok(check: string, text: string): Finding {
  return { state: "ok", check, text, fix: null };
}

export function warn(check: string, text: string, fix: string): Finding {
  return { state: "warn", check, text, fix };
}

export function fail(check: string, text: string, fix: string): Finding {
  return { state: "fail", check, text, fix };
}
