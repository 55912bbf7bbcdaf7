import { useState } from "react";

const STORAGE_KEY = "opensend.first-steps";

/** Whether the first steps are hidden in this browser, and a function that hides them. */
export function useHiddenSteps(): { readonly isHidden: boolean; readonly hide: () => void } {
  const [isHidden, setIsHidden] = useState(() => localStorage.getItem(STORAGE_KEY) === "hidden");
  return {
    isHidden,
    hide: () => {
      localStorage.setItem(STORAGE_KEY, "hidden");
      setIsHidden(true);
    },
  };
}
