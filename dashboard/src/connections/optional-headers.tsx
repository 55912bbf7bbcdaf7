import { type RefObject, useState } from "react";
import { Button } from "../ui/button.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";
import type { ReadHeaders } from "./header-form.tsx";

/** Loaded separately: few receivers need custom headers. */
const HeaderForm = lazyPart("Custom headers", async () => (await import("./header-form.tsx")).HeaderForm);

/** The custom headers of a form. `reader` reads them once the section is open. */
export function OptionalHeaders({ reader }: { reader: RefObject<ReadHeaders | null> }) {
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen) return <HeaderForm reader={reader} />;
  return (
    <div>
      <Button variant="quiet" opens={HeaderForm} onClick={() => setIsOpen(true)}>
        Add custom header
      </Button>
    </div>
  );
}
