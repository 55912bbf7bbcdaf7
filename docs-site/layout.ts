import { type Html, html } from "./html.ts";
import type { Heading } from "./render-markdown.ts";
import type { Site } from "./site.ts";

export type NavigationSection = {
  readonly title: string;
  readonly links: readonly { readonly path: string; readonly label: string }[];
};

/** Files that every page loads, by their published paths. */
export type Assets = {
  readonly style: string;
  readonly script: string;
  readonly theme: string;
  readonly icon: string;
};

export type Shell = {
  readonly site: Site;
  readonly sections: readonly NavigationSection[];
  readonly assets: Assets;
  readonly searchIndex: string;
};

type Content = {
  readonly path: string;
  readonly title: string;
  readonly body: Html;
  readonly headings: readonly Heading[];
};

const NOTHING = html``;

/** A complete page. Scripts and styles are files, so that a strict Content-Security-Policy needs no nonce. */
export function renderPage(shell: Shell, { path, title, body, headings }: Content): string {
  const { site, assets } = shell;
  const contents = headings.filter(({ depth }) => depth === 2);
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${path === "" ? "OpenSend documentation" : `${title} · OpenSend`}</title>
<link rel="icon" type="image/svg+xml" href="${site.url(assets.icon)}">
<link rel="stylesheet" href="${site.url(assets.style)}">
<script src="${site.url(assets.theme)}"></script>
<script type="module" src="${site.url(assets.script)}"></script>
</head>
<body>
<a class="skip" href="#site-content">Skip to content</a>
${renderHeader(shell)}
<div class="columns">
${renderNavigation(shell, path)}
<main id="site-content" tabindex="-1">
${body}
</main>
${contents.length < 2 ? NOTHING : renderContents(contents)}
</div>
</body>
</html>
`.text
  }`;
}

function renderHeader({ site, searchIndex }: Shell): Html {
  const dashboard = site.isOnInstance ? html`<a class="plain" href="/">Dashboard</a>` : NOTHING;
  return html`<header class="top">
<button class="menu-button" type="button" popovertarget="site-navigation">Menu</button>
<a class="brand" href="${site.url("")}">OpenSend <span>Docs</span></a>
<form class="search" role="search" data-search="${site.url(searchIndex)}" hidden>
<label class="hidden-label" for="site-search">Search the documentation</label>
<input id="site-search" type="search" placeholder="Search docs and API" autocomplete="off" spellcheck="false" role="combobox" aria-expanded="false" aria-controls="site-search-results" aria-autocomplete="list" aria-keyshortcuts="/">
<ul id="site-search-results" role="listbox" aria-label="Search results" hidden></ul>
<p class="hidden-label" role="status"></p>
</form>
<button class="theme" type="button" hidden><span>Dark</span> <span class="wide-only">theme</span></button>
${dashboard}
</header>`;
}

function renderNavigation({ site, sections }: Shell, current: string): Html {
  return html`<nav id="site-navigation" popover aria-label="Documentation">${sections.map(
    ({ title, links }) =>
      html`<p class="group">${title}</p><ul>${links.map(({ path, label }) =>
        path === current
          ? html`<li><a href="${site.url(path)}" aria-current="page">${label}</a></li>`
          : html`<li><a href="${site.url(path)}">${label}</a></li>`,
      )}</ul>`,
  )}</nav>`;
}

function renderContents(headings: readonly Heading[]): Html {
  return html`<nav class="contents" aria-label="On this page"><p class="group">On this page</p><ul>${headings.map(
    ({ text, anchor }) => html`<li><a href="#${anchor}">${text}</a></li>`,
  )}</ul></nav>`;
}
