import type { ApiClient } from "../../support/api-client.ts";

/** Who attacks: a workspace of its own beside the victim's, with a receiver of its own. */
export type Attacker = {
  readonly serverUrl: string;
  /** Several keys of its workspace, for limits that count by key. */
  readonly keys: readonly [string, ...string[]];
  readonly workspaceId: string;
  readonly receiverUrl: string;
  /** For a past that would take hours to create through the API. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** To see that it works, not to measure. */
  readonly isShort: boolean;
};

/** How often an attack was given which response, to see that it was one. */
export type Tally = Readonly<Record<string, number>>;
export type Stop = () => Promise<Tally>;

/** What one party can do to a server that it shares with others. */
export type Attack = {
  readonly title: string;
  /** Needs a name server that stays silent. */
  readonly needsOwnNames?: true;
  /** Measures events that the attacker's own picky receiver accepts, beside the victim's. */
  readonly measuresItself?: true;
  /** Once, before anything is measured. */
  readonly prepare?: (attacker: Attacker) => Promise<void>;
  /** Resolves when the attack is under way. It may be started again after it has stopped. */
  readonly start: (attacker: Attacker) => Promise<Stop>;
  /** What the victim must be able to do meanwhile. Returns why it could not, or null. */
  readonly check?: (victim: Victim) => Promise<string | null>;
};

export type Victim = {
  readonly api: ApiClient;
  readonly key: string;
  /** `{path}` of the victim's receiver, by a name that no one has looked up before where names are ours. */
  readonly newReceiverUrl: (path: string) => string;
};
