import { phrase } from "../dialogue/phrase.ts";
import type { Block, Inline } from "../domain/content.ts";
import { type Html, html } from "./html.ts";
import type { Say } from "./say.ts";

/** Only the scheme that the content promises; anything else would be a hole, so it stays words. */
const link = (href: string, words: readonly Html[]): Html =>
  href.startsWith("https://")
    ? html`<a href="${href}" rel="noopener noreferrer" target="_blank">${words}</a>`
    : html`${words}`;

/** A stroke and a line do not say what they mean to somebody who hears the page: the words do. */
const change = (kind: "deleted" | "inserted", words: readonly Html[], say: Say): Html => {
  const [begin, end] = [say(phrase(`web.${kind}`)), say(phrase(`web.${kind}.end`))];
  const inside = html`<span class="vh">${begin} </span>${words}<span class="vh"> ${end}</span>`;
  return kind === "deleted" ? html`<del>${inside}</del>` : html`<ins>${inside}</ins>`;
};

const inline = (node: Inline, say: Say): Html => {
  const inner = (nodes: readonly Inline[]): readonly Html[] => nodes.map((each) => inline(each, say));
  switch (node.kind) {
    case "deleted":
    case "inserted":
      return change(node.kind, inner(node.children), say);
    case "text":
      return html`${node.text}`;
    case "break":
      return html`<br>`;
    case "code":
      return html`<code>${node.text}</code>`;
    case "strong":
      return html`<strong>${inner(node.children)}</strong>`;
    case "emphasis":
      return html`<em>${inner(node.children)}</em>`;
    case "link":
      return link(node.href, inner(node.children));
  }
};

const block = (node: Block, say: Say): Html => {
  const inner = (nodes: readonly Inline[]): readonly Html[] => nodes.map((each) => inline(each, say));
  switch (node.kind) {
    case "paragraph":
      return html`<p>${inner(node.children)}</p>`;
    case "heading":
      return html`<h4>${inner(node.children)}</h4>`;
    case "quote":
      return html`<blockquote>${inner(node.children)}</blockquote>`;
    case "rule":
      return html`<hr>`;
    case "list": {
      const items = node.items.map((item) => html`<li>${inner(item)}</li>`);
      return node.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
  }
};

/** The words of a notice. Their headings stand below the card's own title; `say` speaks the language of the words. */
export const content = (blocks: readonly Block[], say: Say): Html => html`${blocks.map((each) => block(each, say))}`;
