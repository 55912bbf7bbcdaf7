import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { chosenRange, type IntervalChoice, moveByKey, NO_CHOICE } from "./interval-choice.ts";

type Choosing = {
  readonly intervals: number;
  /** The interval at a horizontal position in the window. */
  readonly intervalAt: (clientX: number) => number;
  /** Called with the first and the last interval of the selection. */
  readonly onSelect: ((first: number, last: number) => void) | undefined;
};

/** Handles pointer and keys over the intervals of a chart: moving shows an interval, and dragging selects a range. */
export function useIntervalChoice({ intervals, intervalAt, onSelect }: Choosing) {
  const [choice, setChoice] = useState<IntervalChoice>(NO_CHOICE);
  const [isDrawing, setIsDrawing] = useState(false);
  const range = chosenRange(choice, intervals);
  const select = (next: IntervalChoice) => {
    const selected = chosenRange(next, intervals);
    if (selected !== null) onSelect?.(selected.first, selected.last);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && choice.at !== null) select(choice);
    else if (event.key === "Escape" && choice.at !== null) setChoice(NO_CHOICE);
    else {
      const moved = moveByKey(choice, event, intervals);
      if (moved === null) return;
      setChoice(moved);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || intervals === 0) return;
    const at = intervalAt(event.clientX);
    event.currentTarget.setPointerCapture(event.pointerId);
    setIsDrawing(true);
    // A finger cannot hover: the first touch shows the numbers, and a second touch at the same place selects.
    const isFirstTouch = event.pointerType !== "mouse" && choice.at !== at;
    setChoice({ at, anchor: isFirstTouch ? null : at });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (intervals === 0) return;
    const at = intervalAt(event.clientX);
    if (at === choice.at) return;
    setChoice({ at, anchor: isDrawing ? (choice.anchor ?? choice.at) : null });
  };
  const onPointerUp = () => {
    if (!isDrawing) return;
    setIsDrawing(false);
    if (choice.anchor !== null) select(choice);
    setChoice({ ...choice, anchor: null });
  };
  const leave = () => {
    setIsDrawing(false);
    setChoice(NO_CHOICE);
  };
  const onPointerLeave = (event: PointerEvent) => {
    if (!isDrawing && event.pointerType === "mouse") leave();
  };
  return {
    range,
    handlers: {
      onKeyDown,
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: leave,
      onPointerLeave,
      onFocus: (event: { currentTarget: Element }) => {
        if (choice.at === null && event.currentTarget.matches(":focus-visible"))
          setChoice({ at: intervals - 1, anchor: null });
      },
      onBlur: leave,
    },
  };
}
