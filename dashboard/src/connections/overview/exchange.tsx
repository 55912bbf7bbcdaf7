import type { ReactNode } from "react";
import type { TestDelivery } from "../../api/types.ts";
import { BodyPanel } from "../../exchange/body-panel.tsx";
import { HeaderList } from "../../exchange/header-list.tsx";
import { Card } from "../../ui/card.tsx";
import { UntrustedText } from "../../ui/untrusted-text.tsx";

/** Both sides of a test: OpenSend's request on the left, the receiver's response on the right. */
export function Exchange({ delivery }: { delivery: TestDelivery }) {
  const { request, response } = delivery;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Side
        title="Request"
        line={
          <>
            <span className="font-semibold">{request.method}</span> {request.url_preview}
          </>
        }
      >
        <HeaderList headers={request.headers} />
        <BodyPanel what="request body" body={request.body} exactWord="As sent" />
      </Side>
      <Side
        title="Response"
        line={
          response === null ? (
            "No response"
          ) : (
            <UntrustedText text={[delivery.status, delivery.status_text].filter(Boolean).join(" ")} />
          )
        }
      >
        {response === null ? (
          <p className="text-muted">
            {delivery.error ? (
              <UntrustedText text={delivery.error.message} />
            ) : (
              "The connection ended before a response arrived."
            )}
          </p>
        ) : (
          <>
            <HeaderList headers={response.headers} />
            <BodyPanel what="response body" body={response.body} exactWord="As received" />
            {response.truncated && (
              <p className="text-table text-muted">The response is longer. Only its start is kept.</p>
            )}
          </>
        )}
      </Side>
    </div>
  );
}

function Side({ title, line, children }: { title: string; line: ReactNode; children: ReactNode }) {
  return (
    <Card aria-label={title} className="flex min-w-0 flex-col gap-3 p-5">
      <div>
        <h3 className="font-semibold">{title}</h3>
        <p className="mt-1 font-mono text-table [overflow-wrap:anywhere]">{line}</p>
      </div>
      {children}
    </Card>
  );
}
