import { useState } from "react";
import { later } from "../../ui/later.tsx";
import type { BulkBarProps } from "./bulk-bar.tsx";

const BulkBar = later("The actions", async () => (await import("./bulk-bar.tsx")).BulkBar);

/** Loaded with the first selection. The bar remains after the last one because it also shows the result. */
export function BulkBarLater(props: BulkBarProps) {
  const { ids, isAll } = props.selection.state;
  const [isWanted, setIsWanted] = useState(false);
  if (!isWanted && (ids.size > 0 || isAll)) setIsWanted(true);
  return isWanted && <BulkBar {...props} />;
}
