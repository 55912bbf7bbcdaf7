import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Comparison, DeliveryDetail } from "../../api/types.ts";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { UntrustedText } from "../../ui/untrusted-text.tsx";
import { comparisonQuery } from "../queries.ts";
import {
  changeWords,
  differenceName,
  mayHaveOwnChange,
  moreChangesWords,
  shownDifferences,
  valueWords,
} from "./comparison-words.ts";

const LINK =
  "inline-flex min-h-11 min-w-11 items-center font-medium text-accent underline md:min-h-0 md:min-w-0";

/** Differences from the connection's last successful delivery: first those on OpenSend's side, then the receiver's. */
export function ComparisonSection({ delivery }: { delivery: DeliveryDetail }) {
  const query = useQuery(comparisonQuery(delivery));
  const { data: comparison, reason } = query.data ?? { data: null, reason: null };
  if (reason === "has_not_failed") return null;
  return (
    <section aria-labelledby="comparison" className="flex flex-col gap-3">
      <h3 id="comparison" className="font-semibold">
        What changed since it last worked
      </h3>
      {query.error && !query.data && (
        <LoadProblem what="The comparison" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton className="h-24" />}
      {reason === "never_delivered" && (
        <p className="text-muted">
          Nothing to compare with: no earlier delivery to this connection succeeded.
        </p>
      )}
      {reason === "not_delivered_lately" && (
        <p className="text-muted">
          Nothing to compare with: none of the last 10,000 deliveries to this connection succeeded. Earlier
          ones were not searched.
        </p>
      )}
      {reason === "details_deleted" && (
        <p className="text-muted">
          A delivery succeeded before, but the details of that attempt are deleted. Only the status is kept.
        </p>
      )}
      {comparison && <Differences comparison={comparison} delivery={delivery} />}
    </section>
  );
}

function Differences({ comparison, delivery }: { comparison: Comparison; delivery: DeliveryDetail }) {
  const { last_success: success, connection_changes: changes } = comparison;
  const isSameType = success.event_type === delivery.event_type;
  const differences = shownDifferences(comparison.differences, isSameType);
  const isOwn = success.delivery_id === delivery.id;
  return (
    <>
      <p className="text-muted">
        {isOwn ? (
          <>Attempt {success.attempt_number} of this delivery succeeded </>
        ) : (
          <>
            <Link to="/deliveries/$id" params={{ id: success.delivery_id }} search={true} className={LINK}>
              The last delivered {success.event_type}
            </Link>{" "}
            was sent{" "}
          </>
        )}
        <TimeAgo at={success.at} />.
      </p>
      {!mayHaveOwnChange(comparison) && (
        <p className="rounded-control bg-sunken p-3 font-medium">Nothing changed on OpenSend's side.</p>
      )}
      {(changes.length > 0 || comparison.has_more_changes) && (
        <Group title="Changed by people">
          {changes.map((change) => (
            <li key={change.at + change.action} className="flex flex-wrap justify-between gap-x-4 px-3 py-2">
              <span className="font-medium">{changeWords(change)}</span>
              <span className="text-muted">
                <UntrustedText text={change.by.name} />, <TimeAgo at={change.at} />
              </span>
            </li>
          ))}
          {comparison.has_more_changes && (
            <li className="px-3 py-2 text-muted">{moreChangesWords(comparison)}</li>
          )}
        </Group>
      )}
      {differences.length > 0 && (
        <Group
          title={isSameType ? "Then and now" : "Then and now, without the payloads of two different types"}
        >
          {differences.map((difference) => (
            <li key={`${difference.part} ${difference.name}`} className="flex flex-col gap-1 px-3 py-2">
              <span className="font-medium [overflow-wrap:anywhere]">
                <UntrustedText text={differenceName(difference)} />
              </span>
              <span className="grid grid-cols-1 gap-x-4 gap-y-1 md:grid-cols-2">
                <Value label="Then" text={valueWords(difference, difference.before)} />
                <Value label="Now" text={valueWords(difference, difference.after)} />
              </span>
            </li>
          ))}
        </Group>
      )}
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h4 className="mb-1 text-table font-medium text-muted">{title}</h4>
      <ul className="divide-y divide-line rounded-card border border-line text-table">{children}</ul>
    </div>
  );
}

function Value({ label, text }: { label: string; text: string }) {
  return (
    <span className="flex min-w-0 gap-2">
      <span className="w-9 shrink-0 text-muted">{label} </span>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <UntrustedText text={text} />
      </span>
    </span>
  );
}
