import { type Html, html, prose } from "../html.ts";
import { codeBlock, type Heading, headingHtml, type Passage } from "../render-markdown.ts";
import { accessOf, type Call } from "../samples/call.ts";
import { samplesOf } from "../samples/samples.ts";
import type { Site } from "../site.ts";
import { slugOf } from "../slug.ts";
import { exampleValue } from "./example-value.ts";
import { type FieldRow, fieldRows, parameterRow } from "./field-rows.ts";
import {
  bodySchemaOf,
  type Document,
  errorsOf,
  listOperations,
  type Operation,
  successOf,
} from "./operations.ts";

export type ReferencePage = {
  readonly path: string;
  readonly title: string;
  readonly body: Html;
  readonly headings: readonly Heading[];
  readonly passages: readonly Passage[];
};

const NOTHING = html``;

const ACCESS: Readonly<Record<Call["access"], string>> = {
  key: "Authenticate with an API key or a dashboard session.",
  session: "Needs a dashboard session; API keys are refused.",
  none: "Needs no credentials.",
};

/** The API reference: an index, and a page per tag. */
export function renderReference(site: Site, document: Document): ReferencePage[] {
  const operations = listOperations(document);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const ofTag = (tag: string) => operations.filter((one) => one.tag === tag);
  return [
    renderIndex(
      site,
      document,
      tags.map((tag) => ({ tag, operations: ofTag(tag) })),
    ),
    ...tags.map((tag) => renderTag(site, document, { tag, operations: ofTag(tag) })),
  ];
}

type Tagged = { readonly tag: string; readonly operations: readonly Operation[] };

export function operationUrl(site: Site, { tag, id }: Operation): string {
  return `${site.url(`api/${slugOf(tag)}`)}#${id}`;
}

function renderIndex(site: Site, document: Document, tagged: readonly Tagged[]): ReferencePage {
  const headings = tagged.map(({ tag }) => ({ depth: 2, text: tag, anchor: slugOf(tag) }));
  const intro = `Version ${document.info.version}. ${document.info.description ?? ""}`;
  const body = html`<h1>API reference</h1>
<p>${prose(intro)}</p>
<p>Send an API key as <code>Authorization: Bearer os_…</code>. The samples read the server from <code>OPENSEND_URL</code>, such as <code>http://127.0.0.1:3015</code>, and the key from <code>OPENSEND_API_KEY</code>. <a href="${site.url("errors")}">Errors</a> lists every error code. For code generators: <a href="${site.openApiUrl}">openapi.json</a> (OpenAPI 3.1).</p>
${tagged.map(
  ({ tag, operations }) =>
    html`${headingHtml({ depth: 2, text: tag, anchor: slugOf(tag) }, html`${tag}`)}<ul class="operations">${operations.map((one) => renderIndexLine(site, one))}</ul>`,
)}`;
  return { path: "api", title: "API reference", body, headings, passages: [{ heading: null, text: intro }] };
}

function renderIndexLine(site: Site, operation: Operation): Html {
  const { method, path, details } = operation;
  return html`<li><a href="${operationUrl(site, operation)}"><span class="method">${method}</span> <strong>${details.summary ?? ""}</strong> <span class="path">${path}</span></a></li>`;
}

function renderTag(site: Site, document: Document, { tag, operations }: Tagged): ReferencePage {
  const headings = operations.map((one) => ({
    depth: 2,
    text: one.details.summary ?? one.id,
    anchor: one.id,
  }));
  const body = html`<h1>${tag}</h1>
<p class="muted"><a href="${site.url("api")}">API reference</a></p>
${operations.map((one) => renderOperation(site, document, one))}`;
  const passages = operations.map((one, index) => ({
    heading: headings[index] ?? null,
    text: searchText(one),
    names: namesOf(one),
  }));
  return { path: `api/${slugOf(tag)}`, title: tag, body, headings, passages };
}

function namesOf({ method, path, id }: Operation): string[] {
  return [`${method} ${path}`, path, id];
}

function searchText({ method, path, id, details, parameters }: Operation): string {
  const names = parameters.map(({ name }) => name).join(" ");
  return `${method} ${path} ${id} ${details.description ?? ""} ${names}`;
}

function renderOperation(site: Site, document: Document, operation: Operation): Html {
  const { id, method, path, details, parameters } = operation;
  const heading = { depth: 2, text: details.summary ?? id, anchor: id };
  const schema = bodySchemaOf(operation);
  return html`<section class="operation">
${headingHtml(heading, html`${heading.text}`)}
<p class="endpoint"><span class="method">${method}</span> <code>${path}</code></p>
${details.description === undefined ? NOTHING : html`<p>${prose(details.description)}</p>`}
<p class="muted">${ACCESS[accessOf(operation)]}</p>
${renderFields(
  "Parameters",
  parameters.map((one) => parameterRow(document, one)),
)}
${schema === undefined ? NOTHING : renderFields("Body", fieldRows(document, schema))}
${renderSamples(document, operation)}
${renderSuccess(document, operation)}
${renderErrors(site, operation)}
</section>`;
}

function renderFields(title: string, rows: readonly FieldRow[]): Html {
  if (rows.length === 0) return NOTHING;
  return html`<h3>${title}</h3>${fieldTable(title, rows)}`;
}

function fieldTable(title: string, rows: readonly FieldRow[]): Html {
  return html`<div class="scroll fields" tabindex="0" role="region" aria-label="${title}"><table><thead><tr><th>Name</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.map(
    ({ name, type, need, text }) =>
      html`<tr><td><code>${name}</code></td><td>${type}${need === "" ? NOTHING : html`<br><span class="muted">${need}</span>`}</td><td>${prose(text)}</td></tr>`,
  )}</tbody></table></div>`;
}

function renderSamples(document: Document, operation: Operation): Html {
  const samples = samplesOf(document, operation);
  const choices = samples.map(({ language, label }, index) =>
    index === 0
      ? html`<label><input type="radio" name="language-${operation.id}" value="${language}" checked> ${label}</label>`
      : html`<label><input type="radio" name="language-${operation.id}" value="${language}"> ${label}</label>`,
  );
  return html`<fieldset class="samples"><legend>Sample</legend>${choices}${samples.map(({ text, language }) => codeBlock(text, language))}</fieldset>`;
}

function renderSuccess(document: Document, operation: Operation): Html {
  const { status, type, schema } = successOf(operation);
  if (type === null) return html`<h3>Response ${status}</h3><p>No body.</p>`;
  if (!type.includes("json") || schema === undefined)
    return html`<h3>Response ${status}</h3><p><code>${type}</code></p>`;
  const example = JSON.stringify(exampleValue(document, schema, "response"), null, 2);
  // Responses always contain every field; only requests can omit some.
  const rows = fieldRows(document, schema).map((row) => ({ ...row, need: "" }));
  return html`<h3>Response ${status}</h3>${codeBlock(example, "json")}
<details><summary>Fields of the response</summary>${fieldTable("Fields of the response", rows)}</details>`;
}

function renderErrors(site: Site, operation: Operation): Html {
  const rows = errorsOf(operation).map(({ status, codes }) => {
    const links = codes.map((code) => html`<a href="${site.url(`errors/${code}`)}"><code>${code}</code></a>`);
    return html`<tr><td>${status}</td><td>${links}</td></tr>`;
  });
  return html`<details><summary>Errors</summary><table><thead><tr><th>Status</th><th>Codes</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}
