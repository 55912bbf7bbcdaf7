/** What a list of one connection, or of one event, leaves out. */
export type Omitted = "connection" | "event";

/*
 * The list asks for its own width, not the window's: a panel beside it, or the sidebar, takes its share. Below 34 rem rows
 * are cards, which show all values; beside an open delivery, which tells the rest, they stay rows down to 24 rem. The
 * variants are in app.css. Columns come in the order of their worth: what happened to which event for
 * which connection and with which response first, then when, how long, the status in all its words, the next attempt, and
 * the number of attempts.
 */
const ROW = "dense:grid dense:items-center dense:gap-x-3";

const ALL = [
  ROW,
  "dense:grid-cols-[6.5rem_minmax(0,1.3fr)_minmax(0,1fr)_4.5rem]",
  "fit-40:grid-cols-[6.5rem_minmax(0,1.3fr)_minmax(0,1fr)_4.5rem_5.5rem]",
  "fit-46:grid-cols-[7rem_minmax(0,1.3fr)_minmax(0,1fr)_5.5rem_6rem]",
  "fit-54:grid-cols-[7rem_minmax(0,1.3fr)_minmax(0,1fr)_5.5rem_4.5rem_6rem]",
  "fit-60:grid-cols-[12.5rem_minmax(0,1.3fr)_minmax(0,1fr)_5.5rem_4.5rem_6rem]",
  "fit-66:grid-cols-[12.5rem_minmax(0,1.3fr)_minmax(0,1fr)_5.5rem_4.5rem_5.5rem_6rem]",
  "fit-72:grid-cols-[12.5rem_minmax(0,1.3fr)_minmax(0,1fr)_5.5rem_4.5rem_3.5rem_5.5rem_6rem]",
].join(" ");

const ONE = [
  ROW,
  "dense:grid-cols-[6.5rem_minmax(0,1fr)_4.5rem]",
  "fit-40:grid-cols-[6.5rem_minmax(0,1fr)_4.5rem_5.5rem]",
  "fit-46:grid-cols-[7rem_minmax(0,1fr)_5.5rem_6rem]",
  "fit-54:grid-cols-[7rem_minmax(0,1fr)_5.5rem_4.5rem_6rem]",
  "fit-60:grid-cols-[12.5rem_minmax(0,1fr)_5.5rem_4.5rem_6rem]",
  "fit-66:grid-cols-[12.5rem_minmax(0,1fr)_5.5rem_4.5rem_5.5rem_6rem]",
  "fit-72:grid-cols-[12.5rem_minmax(0,1fr)_5.5rem_4.5rem_3.5rem_5.5rem_6rem]",
].join(" ");

export const GRIDS: Readonly<Record<Omitted | "none", string>> = { none: ALL, connection: ONE, event: ONE };

/** From which width on a column is shown, for those that are not always. */
export const SHOWN: Readonly<Record<string, string>> = {
  Created: "flex dense:hidden fit-40:block",
  Duration: "flex dense:hidden fit-54:block",
  "Next attempt": "flex dense:hidden fit-66:block",
  Attempt: "flex dense:hidden fit-72:block",
};

export const CARD_ONLY = "flex dense:hidden";
