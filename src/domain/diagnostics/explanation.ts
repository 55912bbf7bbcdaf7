import type { Receiver } from "./detect-receiver.ts";

/** Next steps for a person; the dashboard turns each into a link or a hint. */
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
  /** The action to take, ready to show; empty when there is nothing to do. */
  readonly action: string;
  readonly action_code: ActionCode;
};

export type ExplainContext = {
  readonly receiver: Receiver;
  /** Redacted host (token labels masked). */
  readonly host: string;
  readonly port: string;
  readonly isN8nTestUrl: boolean;
  readonly bodyBytes: number;
  /** Seconds the receiver asked to wait; null if it did not. */
  readonly retryAfterSeconds: number | null;
  /** Redacted host that a redirect points to. */
  readonly redirectHost: string | null;
  /** Timeout of one request; null when unknown. */
  readonly timeoutSeconds: number | null;
  readonly isTest: boolean;
  /** Whether the request was signed: the connection has a signing secret. */
  readonly isSigned: boolean;
};

/** Builds the explanation of one rule: what happened, what it means, what to do. */
export function rule(
  code: string,
  title: string,
  detail: string,
  action: string,
  actionCode: ActionCode,
): Explanation {
  return { code, title, detail, action, action_code: actionCode };
}
