import { useState } from "react";
import { later } from "../../ui/later.tsx";
import type { BulkBarProps } from "./bulk-bar.tsx";

const BulkBar = later("The actions", async () => (await import("./bulk-bar.tsx")).BulkBar);

/** Fetched with the first selection; it stays for what it has to say after the last one. */
export function BulkBarLater(props: BulkBarProps) {
  const { ids, isAll } = props.selection.state;
  const [isWanted, setIsWanted] = useState(false);
  if (!isWanted && (ids.size > 0 || isAll)) setIsWanted(true);
  return isWanted && <BulkBar {...props} />;
}
