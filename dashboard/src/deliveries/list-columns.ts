/** The column that a list of one connection, or of one event, leaves out. */
export type OmittedColumn = "connection" | "event";

/* The layout depends on the list's own width, not the window's, because the sidebar and an open panel take their
   share. Below 34 rem, rows become cards, which show all values; beside an open delivery, which shows the rest, rows
   remain rows down to 24 rem. The variants are in app.css. Columns appear in order of importance: status, event,
   connection and response first, then the time, duration, full status, next attempt and number of attempts. */
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

export const GRIDS: Readonly<Record<OmittedColumn | "none", string>> = {
  none: ALL,
  connection: ONE,
  event: ONE,
};

/** The minimum width of each column that is not always visible. */
export const SHOWN_FROM: Readonly<Record<string, string>> = {
  Created: "flex dense:hidden fit-40:block",
  Duration: "flex dense:hidden fit-54:block",
  "Next attempt": "flex dense:hidden fit-66:block",
  Attempt: "flex dense:hidden fit-72:block",
};

export const CARD_ONLY = "flex dense:hidden";
