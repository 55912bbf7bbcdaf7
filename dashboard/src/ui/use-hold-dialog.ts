import { createContext, useContext, useEffect } from "react";

/** Set by the dialog around. */
export const HoldDialog = createContext<(isHeld: boolean) => void>(() => {});

/** Keeps the dialog around from being dismissed for as long as it is said, such as while what it asked for is created. */
export function useHoldDialog(isHeld: boolean): void {
  const hold = useContext(HoldDialog);
  useEffect(() => {
    hold(isHeld);
    return () => hold(false);
  }, [hold, isHeld]);
}
