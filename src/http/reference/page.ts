import { type Html, html } from "./html.ts";

const STYLE = `
:root { color-scheme: light dark; --bg: #F7F8FA; --surface: #FFFFFF; --sunken: #EEF0F4; --line: #DFE2E8; --fg: #14171F; --muted: #525967; --accent: #4A3FD6; --soft: #ECEBFD; }
@media (prefers-color-scheme: dark) { :root { --bg: #0B0D12; --surface: #12151C; --sunken: #1A1E27; --line: #272C38; --fg: #F1F3F7; --muted: #AAB2C0; --accent: #A5A0FF; --soft: #211F45; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 16px; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 14px/20px system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); } a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main { max-width: 960px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 8px; } h2 { font-size: 16px; line-height: 24px; margin: 32px 0 12px; } h3 { font-size: 14px; line-height: 20px; margin: 0 0 4px; }
p { margin: 0 0 12px; } .muted { color: var(--muted); }
code, pre { font: 12px/16px ui-monospace, monospace; } code { background: var(--sunken); border-radius: 4px; padding: 1px 4px; }
pre { background: var(--sunken); border-radius: 6px; padding: 12px; overflow-x: auto; margin: 0 0 12px; } pre code { padding: 0; }
section.call { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 16px; margin: 0 0 16px; }
.line { display: flex; flex-wrap: wrap; gap: 8px; align-items: baseline; margin: 0 0 8px; }
.method { font: 600 12px/16px ui-monospace, monospace; color: var(--accent); background: var(--soft); border-radius: 4px; padding: 2px 6px; }
table { width: 100%; border-collapse: collapse; margin: 0 0 12px; } th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); } th { font-weight: 500; color: var(--muted); }
ul.index { list-style: none; margin: 0 0 12px; padding: 0; } ul.index a { display: inline-block; padding: 6px 0; text-decoration: none; }
ul.index a:hover span { text-decoration: underline; } summary { cursor: pointer; padding: 6px 0; color: var(--muted); }
td:first-child code { white-space: nowrap; }
@media (max-width: 767px) { ul.index a, summary { padding: 12px 0; } table, tbody, tr, td { display: block; } thead { display: none; } td { border: 0; padding: 2px 0; } tr { border-bottom: 1px solid var(--line); padding: 8px 0; } }
`;

/** A whole page that needs no script. The nonce is put in when it is sent. */
export function renderPage(title: string, body: Html): string {
  return `<!doctype html>${
    html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · OpenSend</title><link rel="icon" href="data:,"><style nonce="__CSP_NONCE__">`
      .text
  }${STYLE}${html`</style></head><body><main>${body}</main></body></html>`.text}`;
}
