import type { InspectorAnswer } from "../../../src/domain/inspector.ts";

type AnswerOption = {
  readonly value: InspectorAnswer;
  readonly label: string;
  readonly description: string;
};

/** What each answer makes OpenSend do with a real event. */
export const ANSWER_OPTIONS: readonly AnswerOption[] = [
  { value: "200", label: "200 OK", description: "Delivered. The connection is healthy." },
  { value: "404", label: "404 Not Found", description: "Tried again: ten attempts over three days." },
  {
    value: "410",
    label: "410 Gone",
    description: "The connection pauses. What it owes waits until you resume.",
  },
  {
    value: "429",
    label: "429 Too Many Requests",
    description: "The whole connection waits as long as Retry-After asks.",
  },
  { value: "500", label: "500 Internal Server Error", description: "Tried again by the same schedule." },
  {
    value: "redirect",
    label: "302 Redirect",
    description: "Not followed. Counts as a failure, and is tried again.",
  },
  {
    value: "timeout",
    label: "No answer",
    description: "The attempt ends after 15 s, and is tried again.",
  },
];

/** What the next request gets: "404", "no answer". */
export function answerWords(answer: InspectorAnswer): string {
  if (answer === "timeout") return "no answer";
  return answer === "redirect" ? "302" : answer;
}

/** What one that came got: "Answered 404", "Not answered". */
export function answeredWords(answer: InspectorAnswer): string {
  return answer === "timeout" ? "Not answered" : `Answered ${answerWords(answer)}`;
}
