import { OptionError } from "./option-error.ts";

const LOG_FORMATS = ["json", "pretty"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export function parseText(text: string): string {
  return text;
}

export function parseInteger(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new OptionError(`must be a whole number from ${min} to ${max}`);
  }
  return value;
}

export function parsePort(text: string): number {
  return parseInteger(text, 0, 65_535);
}

export function parseSwitch(text: string): boolean {
  const value = text.toLowerCase();
  if (value !== "true" && value !== "false") throw new OptionError("must be `true` or `false`");
  return value === "true";
}

export function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((level) => level === text.toLowerCase());
  if (level === undefined) throw new OptionError(`must be one of ${LOG_LEVELS.join(", ")}`);
  return level;
}

export function parseLogFormat(text: string): LogFormat {
  const format = LOG_FORMATS.find((format) => format === text.toLowerCase());
  if (format === undefined) throw new OptionError(`must be one of ${LOG_FORMATS.join(", ")}`);
  return format;
}

export function parseSessionSecret(text: string): string {
  if (text.length < 32) throw new OptionError("must have at least 32 random characters");
  return text;
}

export function parseMetricsToken(text: string): string {
  if (!/^\S{16,}$/.test(text))
    throw new OptionError("must have at least 16 random characters, without spaces");
  return text;
}

export function parseDays(text: string): number {
  return parseInteger(text, 0, 36_500);
}
