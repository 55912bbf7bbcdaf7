import { useState } from "react";
import { lazyPart } from "../../ui/lazy-part.tsx";
import type { BulkBarProps } from "./bulk-bar.tsx";

const BulkBar = lazyPart("The actions", async () => (await import("./bulk-bar.tsx")).BulkBar);

/** Loaded with the first selection. The bar remains after the last one because it also shows the result. */
export function LazyBulkBar(props: BulkBarProps) {
  const { ids, isAll } = props.selection.state;
  const [isShown, setIsShown] = useState(false);
  if (!isShown && (ids.size > 0 || isAll)) setIsShown(true);
  return isShown && <BulkBar {...props} />;
}
