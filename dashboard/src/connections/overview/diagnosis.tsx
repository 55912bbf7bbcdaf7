import { Link } from "@tanstack/react-router";
import type { Connection } from "../../api/types.ts";
import { buttonStyle } from "../../ui/button-style.ts";
import { Notice } from "../../ui/notice.tsx";
import { PastTime } from "../../ui/past-time.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { UntrustedText } from "../../ui/untrusted-text.tsx";
import { useNow } from "../../ui/use-now.ts";
import { replacesUrl } from "../replaces-url.ts";
import { useTestRun } from "../test-run.ts";
import { nextTryWords } from "./failing-words.ts";
import { ReceiverWords } from "./receiver-words.tsx";

const TICK_MS = 1000;

/** Explains what is wrong with a connection and since when, how OpenSend reacts, and what a person can do. */
export function Diagnosis({ connection }: { connection: Connection }) {
  const { state, last_error: error } = connection;
  const run = useTestRun(connection.id);
  if (state === "disconnected") return null;
  const isStuck = state === "failing" || state === "held";
  // The test panel below already shows this error in more detail.
  const isShownBelow = run?.state === "done" && run.delivery.id === error?.delivery_id;
  if (!isStuck && (error === null || isShownBelow)) return null;
  return (
    <Notice
      tone={state === "held" ? "warn" : "err"}
      title={titleOf(connection)}
      action={<FixLink connection={connection} />}
    >
      {isStuck && <StateDetails connection={connection} />}
      {error && !isShownBelow && <Explanation error={error} />}
    </Notice>
  );
}

function titleOf({ state, last_error: error }: Connection): string {
  if (state === "held") return "The receiver asked for a pause";
  return error?.explanation?.title ?? (state === "failing" ? "The receiver is failing" : "Last error");
}

/** Since when the connection has been failing or held, and what happens next. */
function StateDetails({ connection }: { connection: Connection }) {
  const nowMs = useNow(TICK_MS);
  const { state, state_since: since } = connection;
  return (
    <p>
      {since && (
        <span>
          {state === "failing" ? "Failing" : "Held"} since <PastTime at={since} />.{" "}
        </span>
      )}
      <span role="timer" aria-live="off">
        {nextTryWords(connection, nowMs)}
      </span>
    </p>
  );
}

function Explanation({ error }: { error: NonNullable<Connection["last_error"]> }) {
  const { explanation } = error;
  return (
    <>
      <p className="mt-1">
        {explanation === null ? (
          <UntrustedText text={error.message} />
        ) : (
          <>
            <UntrustedText text={explanation.detail} />
            {explanation.action && (
              <>
                {" "}
                <span className="font-medium">What to do: </span>
                <span>{explanation.action}</span>
              </>
            )}
          </>
        )}
      </p>
      {error.delivery_id !== null && (
        <>
          <ReceiverWords deliveryId={error.delivery_id} />
          <p className="mt-2">
            <Link
              to="/deliveries/$id"
              params={{ id: error.delivery_id }}
              className="inline-flex min-h-11 items-center font-medium text-accent underline md:min-h-0"
            >
              Open the last failure
            </Link>{" "}
            <span className="text-muted">
              <TimeAgo at={error.at} />
            </span>
          </p>
        </>
      )}
    </>
  );
}

function FixLink({ connection }: { connection: Connection }) {
  const code = connection.last_error?.explanation?.action_code;
  const params = { id: connection.id };
  if (code !== undefined && replacesUrl(code)) {
    return (
      <Link to="/integrations/connections/$id/settings" params={params} className={buttonStyle("secondary")}>
        Replace URL
      </Link>
    );
  }
  if (code !== "open_verify") return null;
  return (
    <Link to="/integrations/connections/$id/verify" params={params} className={buttonStyle("secondary")}>
      Open Verify
    </Link>
  );
}
