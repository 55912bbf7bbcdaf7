/** The state of a new workspace. */
export type OnboardingState = {
  readonly connectionId: string | null;
  readonly isTested: boolean;
  readonly isSigned: boolean;
  readonly hasEvents: boolean;
  readonly isShared: boolean;
};

export type StepName = "connect" | "test" | "verify" | "event" | "invite";

/** The steps in order, each with whether it is done. */
export function firstSteps(
  onboarding: OnboardingState,
): readonly { readonly name: StepName; readonly isDone: boolean }[] {
  const { connectionId, isTested, isSigned, hasEvents, isShared } = onboarding;
  return [
    { name: "connect", isDone: connectionId !== null },
    { name: "test", isDone: isTested },
    { name: "verify", isDone: isSigned },
    { name: "event", isDone: hasEvents },
    { name: "invite", isDone: isShared },
  ];
}
