import type { Block, Inline } from "../../domain/content.ts";

/**
 * Telegram's HTML (core.telegram.org/bots/api#html-style). Only this room makes values of it, so that nothing a person
 * wrote reaches a message unescaped.
 */
export type TelegramHtml = string & { readonly brand: "telegram-html" };

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escaped = (text: string): TelegramHtml =>
  text.replace(/[&<>"]/gu, (letter) => ESCAPES[letter] ?? letter) as TelegramHtml;

export const tagged = (tag: "b" | "i" | "s" | "u" | "code" | "blockquote", inside: TelegramHtml): TelegramHtml =>
  (inside === "" ? "" : `<${tag}>${inside}</${tag}>`) as TelegramHtml;

/** Shown folded, with a few lines of it; the reader unfolds it. */
export const folded = (inside: TelegramHtml): TelegramHtml =>
  `<blockquote expandable>${inside}</blockquote>` as TelegramHtml;

export const lines = (parts: readonly TelegramHtml[]): TelegramHtml =>
  parts.filter((part) => part !== "").join("\n") as TelegramHtml;

const inline = (node: Inline): TelegramHtml => {
  switch (node.kind) {
    case "text":
      return escaped(node.text);
    case "break":
      return "\n" as TelegramHtml;
    case "code":
      return tagged("code", escaped(node.text));
    case "strong":
      return tagged("b", inlines(node.children));
    case "emphasis":
      return tagged("i", inlines(node.children));
    case "deleted":
      return tagged("s", inlines(node.children));
    case "inserted":
      return tagged("u", inlines(node.children));
    case "link":
      return node.href.startsWith("https://")
        ? (`<a href="${escaped(node.href)}">${inlines(node.children)}</a>` as TelegramHtml)
        : inlines(node.children);
  }
};

const inlines = (nodes: readonly Inline[]): TelegramHtml => nodes.map(inline).join("") as TelegramHtml;

const block = (node: Block): TelegramHtml => {
  switch (node.kind) {
    case "paragraph":
      return inlines(node.children);
    case "heading":
      return tagged("b", inlines(node.children));
    // A quote within a quote is no entity of Telegram's; guillemets would be words of ours.
    case "quote":
      return tagged("i", inlines(node.children));
    case "rule":
      return escaped("———");
    case "list":
      return lines(
        node.items.map((item, at) => `${escaped(node.ordered ? `${at + 1}. ` : "• ")}${inlines(item)}` as TelegramHtml),
      );
  }
};

export const content = (blocks: readonly Block[]): TelegramHtml => lines(blocks.map(block));

/** The characters that count against the limits: what is left when tags and entities are read (UTF-16 units, as Telegram counts). */
export const shownLength = (html: TelegramHtml): number =>
  html.replace(/<[^>]*>/gu, "").replace(/&(amp|lt|gt|quot);/gu, "x").length;
