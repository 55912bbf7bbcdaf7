import type { Receiver } from "./detect-receiver.ts";

/** What a person can do next; the dashboard turns each into a link or a hint. */
export type ActionCode =
  | "none"
  | "replace_url"
  | "open_make"
  | "open_verify"
  | "use_final_url"
  | "receiver_settings"
  | "replay"
  | "answer_first"
  | "check_spelling"
  | "is_it_running"
  | "fix_certificate"
  | "allow_list"
  | "add_key";

export type Explanation = {
  /** Stable name of the rule that matched. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What to do, ready to show; empty when there is nothing to do. */
  readonly action: string;
  readonly action_code: ActionCode;
};

export type ExplainContext = {
  readonly receiver: Receiver;
  /** Host as it may be shown (token labels masked). */
  readonly host: string;
  readonly port: string;
  readonly isN8nTestUrl: boolean;
  readonly bodyBytes: number;
  /** Seconds the receiver asked to wait, when it did. */
  readonly retryAfterSeconds: number | null;
  /** Host a redirect points to, as it may be shown. */
  readonly redirectHost: string | null;
  /** What the connection gives one request; null where that is not known. */
  readonly timeoutSeconds: number | null;
  readonly isTest: boolean;
  /** Whether the request was signed: the connection has a signing secret. */
  readonly isSigned: boolean;
};

/** One row of the rules: what happened, what it means, what to do. */
export function rule(
  code: string,
  title: string,
  detail: string,
  action: string,
  actionCode: ActionCode,
): Explanation {
  return { code, title, detail, action, action_code: actionCode };
}
