import { Marked, type RendererObject, type Tokens } from "marked";
import { Html, html } from "./html.ts";
import type { Site } from "./site.ts";
import { slugOf } from "./slug.ts";

export type Heading = { readonly depth: number; readonly text: string; readonly anchor: string };

/** A searchable part of a page. */
export type Passage = {
  readonly heading: Heading | null;
  readonly text: string;
  /** Names that people may type in full, such as an operation's method and path. */
  readonly names?: readonly string[];
};

type RenderedPage = {
  readonly title: string;
  readonly body: Html;
  readonly headings: readonly Heading[];
  readonly passages: readonly Passage[];
};

const SEARCHABLE_DEPTH = 3;
/** Comments in a page are only for its authors and tests. */
const COMMENT = /^<!--.*-->\s*$/s;

/** A Markdown file as HTML, with links between files converted to links of the site. */
export function renderMarkdown(site: Site, source: string, markdown: string): RenderedPage {
  const headings: Heading[] = [];
  const marked = new Marked({ gfm: true, renderer: rendererFor(site, source, headings) });
  const tokens = marked.lexer(markdown);
  const body = new Html(marked.parser(tokens));
  return { title: headings[0]?.text ?? source, body, headings, passages: readPassages(tokens) };
}

function rendererFor(site: Site, source: string, headings: Heading[]): RendererObject {
  const seen = new Map<string, number>();
  return {
    heading({ tokens, depth }) {
      const heading = { depth, text: plainText(tokens), anchor: uniqueAnchor(seen, plainText(tokens)) };
      headings.push(heading);
      return headingHtml(heading, new Html(this.parser.parseInline(tokens))).text;
    },
    link({ href, tokens }) {
      const label = new Html(this.parser.parseInline(tokens));
      return html`<a href="${site.resolve(source, href)}">${label}</a>`.text;
    },
    paragraph({ tokens }) {
      const content = this.parser.parseInline(tokens);
      return content === "" ? "" : `<p>${content}</p>\n`;
    },
    image({ href, text }) {
      // Readers on an instance have the dashboard itself, and leaving out pictures makes the package a fifth smaller.
      if (site.isOnInstance) return "";
      return html`<img src="${site.resolve(source, href)}" alt="${text}" loading="lazy">`.text;
    },
    code({ text, lang }) {
      return codeBlock(text, lang ?? "").text;
    },
    table(token) {
      return html`<div class="scroll" tabindex="0" role="region" aria-label="Table">${new Html(tableHtml(this.parser, token))}</div>`
        .text;
    },
    html({ text }) {
      return COMMENT.test(text) ? "" : html`${text}`.text;
    },
  };
}

type Parser = { readonly parseInline: (tokens: Tokens.TableCell["tokens"]) => string };

function tableHtml(parser: Parser, { header, rows }: Tokens.Table): string {
  const cell = (name: "th" | "td") => (one: Tokens.TableCell) =>
    `<${name}>${parser.parseInline(one.tokens)}</${name}>`;
  // A column of row names may have no title, and an empty header cell means nothing to a screen reader.
  const head = header.map((one) => (one.text === "" ? "<td></td>" : cell("th")(one))).join("");
  const body = rows.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`).join("\n");
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A heading with a link to itself. */
export function headingHtml({ depth, text, anchor }: Heading, content: Html): Html {
  const name = new Html(`h${depth}`);
  if (depth === 1) return html`<h1>${content}</h1>`;
  return html`<${name} id="${anchor}">${content} <a class="anchor" href="#${anchor}" aria-label="Link to ${text}">#</a></${name}>`;
}

/** A script adds the copy button. */
export function codeBlock(text: string, language: string): Html {
  return html`<div class="code"><pre tabindex="0" data-language="${language}"><code>${text}</code></pre></div>`;
}

function uniqueAnchor(seen: Map<string, number>, text: string): string {
  const slug = slugOf(text);
  const before = seen.get(slug) ?? 0;
  seen.set(slug, before + 1);
  return before === 0 ? slug : `${slug}-${before}`;
}

/** Sections down to the third level, each with the text below its heading. */
function readPassages(tokens: readonly Tokens.Generic[]): Passage[] {
  const seen = new Map<string, number>();
  const passages: { heading: Heading | null; text: string }[] = [{ heading: null, text: "" }];
  for (const token of tokens) {
    if (token.type === "heading") {
      const text = plainText((token as Tokens.Heading).tokens);
      const heading = { depth: (token as Tokens.Heading).depth, text, anchor: uniqueAnchor(seen, text) };
      if (heading.depth > 1 && heading.depth <= SEARCHABLE_DEPTH) passages.push({ heading, text: "" });
      continue;
    }
    const last = passages.at(-1);
    if (last !== undefined) last.text += `${plainText([token])} `;
  }
  return passages.map(({ heading, text }) => ({ heading, text: text.replace(/\s+/g, " ").trim() }));
}

function plainText(tokens: readonly Tokens.Generic[]): string {
  return tokens.map(textOf).join("");
}

function textOf(token: Tokens.Generic): string {
  if (token.type === "table") {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].map((row) => row.map((cell) => plainText(cell.tokens)).join(" ")).join(" ");
  }
  if (token.type === "list")
    return (token as Tokens.List).items.map((item) => plainText(item.tokens)).join(" ");
  if (token.tokens !== undefined) return plainText(token.tokens);
  return token.type === "code" ||
    token.type === "codespan" ||
    token.type === "text" ||
    token.type === "escape"
    ? String(token["text"])
    : " ";
}
