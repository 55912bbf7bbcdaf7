import { ChevronRight } from "lucide-react";
import { memo, useId, useState } from "react";
import type { InspectedRequest } from "../api/types.ts";
import { Status, type StatusName } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { RequestDetail } from "./request-detail.tsx";
import { sentResponseWords } from "./responses.ts";

/** One request in a line that expands to its details. */
export const RequestRow = memo(({ request }: { request: InspectedRequest }) => {
  const [isOpen, setIsOpen] = useState(false);
  const detailId = useId();
  return (
    <li>
      <button
        type="button"
        data-row
        aria-expanded={isOpen}
        aria-controls={isOpen ? detailId : undefined}
        onClick={() => setIsOpen(!isOpen)}
        className="group flex min-h-11 w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-left text-table hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <ChevronRight aria-hidden className="size-4 text-muted group-aria-expanded:rotate-90" />
        <VerdictStatus request={request} />
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{request.event_type}</span>
        <span className="text-muted">{sentResponseWords(request.answer)}</span>
        <span className="ml-auto text-muted">
          <TimeAgo at={request.created_at} />
        </span>
      </button>
      {isOpen && (
        <div id={detailId} className="border-t border-line p-4">
          <RequestDetail request={request} />
        </div>
      )}
    </li>
  );
});

function VerdictStatus({ request: { signature } }: { request: InspectedRequest }) {
  return <Status name={statusOf(signature.code)} words={signature.title} />;
}

/** A signature that could not be verified is not a failure. */
const NOT_VERIFIED: ReadonlySet<string> = new Set(["unsigned", "no_secret", "secret_unreadable"]);

function statusOf(code: InspectedRequest["signature"]["code"]): StatusName {
  if (code === "valid") return "signature_holds";
  return NOT_VERIFIED.has(code) ? "not_signed" : "signature_fails";
}
