import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Problem } from "../api/problem.ts";
import type { InspectedRequest } from "../api/types.ts";
import { BodyPanel } from "../exchange/body-panel.tsx";
import { HeaderList } from "../exchange/header-list.tsx";
import { count } from "../text/count.ts";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { inspectedRequestQuery } from "./queries.ts";

/** A request's headers and body, whether its signature is valid, and why not. */
export function RequestDetail({ request }: { request: InspectedRequest }) {
  const { signature } = request;
  return (
    <div className="flex flex-col gap-4">
      <div className="max-w-prose">
        <p>{signature.detail}</p>
        {signature.action && (
          <p className="mt-1">
            <span className="font-medium">What to do: </span>
            {signature.action}
          </p>
        )}
        <p className="mt-1">
          <Link
            to="/deliveries/$id"
            params={{ id: request.delivery_id }}
            className="inline-flex min-h-11 items-center font-medium text-accent hover:underline md:min-h-0"
          >
            Open delivery
          </Link>
        </p>
      </div>
      <RequestContent id={request.id} />
    </div>
  );
}

function RequestContent({ id }: { id: string }) {
  const query = useQuery(inspectedRequestQuery(id));
  if (query.error instanceof Problem && query.error.code === "not_found") {
    return (
      <p className="text-muted">
        Newer requests have replaced this one. The delivery still has its headers and body.
      </p>
    );
  }
  if (query.error) {
    return <LoadProblem what="The request" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) return <Skeleton className="h-48" />;
  const { headers, body, body_bytes: bytes, truncated } = query.data;
  return (
    <>
      <HeaderList title="Request headers" headers={headers} />
      <BodyPanel
        title={`Body, ${count(bytes)} bytes`}
        what="request body"
        body={body}
        exactWord="As received"
      />
      {truncated && (
        <p className="text-table text-muted">
          Only the start of the body is kept here. The signature was checked against the whole body.
        </p>
      )}
    </>
  );
}
