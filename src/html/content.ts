import type { Block, Inline } from "../domain/content.ts";
import { type Html, html } from "./html.ts";

/** Only the scheme that the content promises; anything else would be a hole, so it stays words. */
const link = (href: string, words: readonly Html[]): Html =>
  href.startsWith("https://")
    ? html`<a href="${href}" rel="noopener noreferrer" target="_blank">${words}</a>`
    : html`${words}`;

const inline = (node: Inline): Html => {
  switch (node.kind) {
    case "text":
      return html`${node.text}`;
    case "break":
      return html`<br>`;
    case "code":
      return html`<code>${node.text}</code>`;
    case "strong":
      return html`<strong>${node.children.map(inline)}</strong>`;
    case "emphasis":
      return html`<em>${node.children.map(inline)}</em>`;
    case "link":
      return link(node.href, node.children.map(inline));
  }
};

const block = (node: Block): Html => {
  switch (node.kind) {
    case "paragraph":
      return html`<p>${node.children.map(inline)}</p>`;
    case "heading":
      return html`<h4>${node.children.map(inline)}</h4>`;
    case "quote":
      return html`<blockquote>${node.children.map(inline)}</blockquote>`;
    case "rule":
      return html`<hr>`;
    case "list": {
      const items = node.items.map((item) => html`<li>${item.map(inline)}</li>`);
      return node.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
  }
};

/** The words of a notice. Their headings stand below the card's own title. */
export const content = (blocks: readonly Block[]): Html => html`${blocks.map(block)}`;
