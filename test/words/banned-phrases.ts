type BannedPhrase = {
  readonly pattern: RegExp;
  readonly instead: string;
};

/** Phrases that readers stumble over, and what to write instead. */
const BANNED_PHRASES: readonly BannedPhrase[] = [
  { pattern: /\bat once\b/i, instead: "immediately, or concurrently" },
  {
    pattern:
      /\b(?:once|twice|times|requests?|events?|deliver(?:y|ies)|calls?|probes?|attempts?|tries|\d[\d,]*) an? (?:second|minute|hour|day)\b/i,
    instead: "per second, per minute",
  },
  { pattern: /\bow(?:e|es|ed|ing)\b/i, instead: "pending deliveries, backlog" },
  { pattern: /\b(?:came|became|comes|becomes|become) of\b/i, instead: "the result, the outcome" },
  { pattern: /\b(?:is|are|was|were|be|been) told\b/i, instead: "name who says what" },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, instead: "fix" },
  { pattern: /\b(?:stands|stood)\b|\bas (?:it|they) stands?\b/i, instead: "is, or the plain verb" },
  { pattern: /\bholds\b|\bdoes not hold\b/i, instead: "is valid, contains, keeps" },
  { pattern: /\bmade\b/i, instead: "created" },
  {
    pattern: /\bmak(?:e|es|ing) (?:an? )?(?:\w+ )?(?:key|keys|account|connection|workspace|secret)\b/i,
    instead: "create",
  },
  { pattern: /\b(?:is|was|are) over\b/i, instead: "has ended, has expired" },
  { pattern: /\b(?:rests|rested|resting|a rest|let it rest)\b/i, instead: "pause, backoff" },
  { pattern: /\bof itself\b/i, instead: "redaction, redacted URL" },
  { pattern: /\banswer(?:s|ed|ing)?\b/i, instead: "response, responds, returns" },
  { pattern: /\bleased ahead\b|\bpeers?\b|\blanes?\b|\blast beat\b/i, instead: "the term in CONTRIBUTING" },
  { pattern: /\b(?:give|gives|given|hand|hands|handed) back\b/i, instead: "release, return" },
  { pattern: /\bpass of retention\b|\blast pass\b/i, instead: "cleanup" },
  { pattern: /\bthe very\b/i, instead: "the same" },
  {
    pattern: /\b(?:somebody|everybody|nobody|whoever)\b/i,
    instead: "someone, anyone, no one, or name who",
  },
  {
    pattern: /\b(?:as fast as it goes|to the digit|holds up|in a state for this)\b/i,
    instead: "plain words",
  },
  { pattern: /\bas many as there may be\b|\bsettle the account\b|\bits time was\b/i, instead: "plain words" },
  { pattern: /\bmay be shown of\b|\bto see what it takes\b/i, instead: "plain words" },
  { pattern: /(?:^|[.!?] )What (?!changed\b)[^.!?]*[.!]/, instead: "the noun" },
  {
    pattern:
      /\b(?:behaviou|colou|favou|honou)r|\blicence\b|\b(?:recogni|organi|authori|summari)s(?:e|ed|es|ing)\b/i,
    instead: "American spelling",
  },
  { pattern: /[\p{L}]!(?:\s|$)/u, instead: "a full stop" },
];

/** Each banned phrase in a text, with what to write instead. */
export function findBanned(text: string): string[] {
  return BANNED_PHRASES.flatMap(({ pattern, instead }) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`"${found.trim()}": write ${instead}`];
  });
}
