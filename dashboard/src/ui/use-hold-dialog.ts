import { createContext, useContext, useEffect } from "react";

/** Provided by the surrounding dialog. */
export const HoldDialog = createContext<(isHeld: boolean) => void>(() => {});

/** Keeps the surrounding dialog open while `isHeld`, such as during a request whose result is shown only once. */
export function useHoldDialog(isHeld: boolean): void {
  const hold = useContext(HoldDialog);
  useEffect(() => {
    hold(isHeld);
    return () => hold(false);
  }, [hold, isHeld]);
}
