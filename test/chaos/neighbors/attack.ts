import type { ApiClient } from "../../support/api-client.ts";

/** The attacker: a workspace on the victim's instance, with its own receiver. */
export type Attacker = {
  readonly serverUrl: string;
  /** Several keys of its workspace, for limits per key. */
  readonly keys: readonly [string, ...string[]];
  readonly workspaceId: string;
  readonly receiverUrl: string;
  /** For history that would take hours to create through the API. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Only checks that the attack works, without measuring. */
  readonly isShort: boolean;
};

/** Counts of the responses an attack got, to see that it was an attack. */
export type Tally = Readonly<Record<string, number>>;
export type Stop = () => Promise<Tally>;

/** An attack by one workspace on a server that it shares with others. */
export type Attack = {
  readonly title: string;
  /** Needs a name server that never responds. */
  readonly needsOwnNames?: true;
  /** Also measures events that the attacker's own picky receiver accepts. */
  readonly measuresAttacker?: true;
  /** Called once, before anything is measured. */
  readonly prepare?: (attacker: Attacker) => Promise<void>;
  /** Resolves when the attack is running. Can be started again after it has stopped. */
  readonly start: (attacker: Attacker) => Promise<Stop>;
  /** Does what the victim must be able to do during the attack. Returns why that failed, or null. */
  readonly check?: (victim: Victim) => Promise<string | null>;
};

export type Victim = {
  readonly api: ApiClient;
  readonly key: string;
  /** `{path}` of the victim's receiver, under a name that has not been resolved before if the name server is ours. */
  readonly newReceiverUrl: (path: string) => string;
};
