import { Link } from "@tanstack/react-router";
import { ScanSearch } from "lucide-react";
import { buttonStyle } from "../ui/button-style.ts";
import { Card } from "../ui/card.tsx";

/** Offers the inspector as a receiver to people who have none yet. */
export function InspectorCard() {
  return (
    <Card aria-labelledby="inspector" className="flex flex-wrap items-center gap-4 p-5">
      <span className="flex size-10 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent">
        <ScanSearch aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-64">
        <h2 id="inspector" className="text-card font-semibold">
          Built-in inspector
        </h2>
        <p className="mt-1 max-w-prose text-muted">
          A receiver inside OpenSend for trying things out. See each request as it arrives and whether its
          signature is valid, and choose the response.
        </p>
      </div>
      <Link to="/integrations/inspector" className={buttonStyle("secondary", "w-full md:w-auto")}>
        Open the inspector
      </Link>
    </Card>
  );
}
