import type { Mail, MailContent, MailItem } from "./mail.ts";

const SUBJECT_LENGTH_MAX = 150;
/** Line breaks would end a header; the other characters are invisible or change the text's direction. */
const NOT_OF_ONE_LINE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** Writes a mail as text and as simple HTML with the same content. */
export function composeMail({ to, subject, paragraphs, items = [], link, footer }: MailContent): Mail {
  const text = [
    ...paragraphs,
    ...items.map(({ title, detail, url }) => `- ${toLine(title)}: ${toLine(detail)}\n  ${url}`),
    ...(link === undefined ? [] : [`${link.label}:\n${link.url}`]),
    `--\n${footer}`,
  ].join("\n\n");
  return {
    to,
    subject: toSubject(subject),
    text: `${text}\n`,
    html: toHtml({ paragraphs, items, link, footer }),
  };
}

function toSubject(text: string): string {
  const characters = [...toLine(text)];
  if (characters.length <= SUBJECT_LENGTH_MAX) return characters.join("");
  return `${characters.slice(0, SUBJECT_LENGTH_MAX - 1).join("")}…`;
}

function toLine(text: string): string {
  return text.replaceAll(NOT_OF_ONE_LINE, " ").trim();
}

type HtmlParts = {
  readonly paragraphs: readonly string[];
  readonly items: readonly MailItem[];
  readonly link: MailContent["link"];
  readonly footer: string;
};

function toHtml({ paragraphs, items, link, footer }: HtmlParts): string {
  const list = items.map(
    ({ title, detail, url }) =>
      `<li style="margin:0 0 8px"><a href="${escapeHtml(url)}">${escapeHtml(title)}</a>: ${escapeHtml(detail)}</li>`,
  );
  const body = [
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...(list.length === 0 ? [] : [`<ul style="padding-left:20px">${list.join("")}</ul>`]),
    ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`]),
    `<p style="color:#666;font-size:13px">${escapeHtml(footer)}</p>`,
  ].join("\n");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"></head>
<body style="font:15px/1.5 system-ui,sans-serif;color:#111;max-width:640px">
${body}
</body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
