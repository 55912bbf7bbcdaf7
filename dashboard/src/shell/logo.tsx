export function Logo() {
  return (
    <span className="flex items-center gap-2 text-card font-semibold">
      <svg viewBox="0 0 32 32" aria-hidden="true" className="size-6">
        <rect width="32" height="32" rx="8" className="fill-accent" />
        <path
          d="M9 16h12M16 10l6 6-6 6"
          fill="none"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
          className="stroke-accent-on"
        />
      </svg>
      OpenSend
    </span>
  );
}
