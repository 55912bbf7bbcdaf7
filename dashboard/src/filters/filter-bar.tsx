import { X } from "lucide-react";
import type { ReactNode } from "react";
import { focusTitle } from "../navigation/focus-heading.ts";
import { Button } from "../ui/button.tsx";

type FilterBarProps = { isFiltered: boolean; onClear: () => void; children: ReactNode };

/** A list's filters side by side; two per line on phones. */
export function FilterBar({ isFiltered, onClear, children }: FilterBarProps) {
  const clear = () => {
    focusTitle(); // the button disappears, and so may the row that would get focus
    onClear();
  };
  return (
    <search
      aria-label="Filters"
      className="mb-4 grid grid-cols-2 gap-2 md:grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))]"
    >
      {children}
      {isFiltered && (
        <Button variant="quiet" onClick={clear}>
          <X aria-hidden className="size-4" />
          Clear filters
        </Button>
      )}
    </search>
  );
}
