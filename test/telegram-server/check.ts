import type { Field, Spec } from "./spec.ts";

/** A file of a multipart body. */
export interface Upload {
  readonly upload: string;
  readonly bytes: number;
}

const isUpload = (value: unknown): value is Upload => typeof value === "object" && value !== null && "upload" in value;

const PRIMITIVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  Number: (value) => typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)),
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  True: (value) => value === true,
  InputFile: isUpload,
};

interface Limit {
  readonly min: number;
  readonly max: number;
  readonly of: "characters" | "bytes" | "items" | "value";
}

/** The documentation says its limits in words, always the same ones. */
const limitOf = (description: string): Limit | null => {
  const text = description.replace(/,(?=\d{3})/g, "");
  const range = /(\d+)-(\d+) (characters|bytes)/.exec(text);
  if (range) return { min: Number(range[1]), max: Number(range[2]), of: range[3] as "characters" | "bytes" };
  const most = /up to (\d+) (characters|bytes)/i.exec(text);
  if (most) return { min: 0, max: Number(most[1]), of: most[2] as "characters" | "bytes" };
  const items = /(?:include|list of) (\d+)-(\d+)/.exec(text);
  if (items) return { min: Number(items[1]), max: Number(items[2]), of: "items" };
  const value = /(?:Values between|webhook for update delivery,) (\d+)-(\d+)/.exec(text);
  return value ? { min: Number(value[1]), max: Number(value[2]), of: "value" } : null;
};

const measure = (value: unknown, of: Limit["of"]): number | null => {
  if (of === "items") return Array.isArray(value) ? value.length : null;
  if (of === "value") return Number(value);
  if (typeof value !== "string") return null;
  return of === "bytes" ? Buffer.byteLength(value) : value.length;
};

type Types = Spec["types"];

const limits = (value: unknown, field: Field, path: string): readonly string[] => {
  // What counts is what is left after parsing; the server looks at that itself.
  if (/after entities parsing/.test(field.description)) return [];
  const limit = limitOf(field.description);
  const size = limit && measure(value, limit.of);
  if (!limit || size === null || (size >= limit.min && size <= limit.max)) return [];
  return [`${path}: ${size} ${limit.of}, allowed are ${limit.min} to ${limit.max}`];
};

const one = (types: Types, value: unknown, type: string, path: string): readonly string[] => {
  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) return [`${path}: expected an array`];
    return value.flatMap((each, at) => one(types, each, type.slice(2), `${path}[${at}]`));
  }
  if (type.startsWith("=")) return value === type.slice(1) ? [] : [`${path}: expected "${type.slice(1)}"`];
  const primitive = PRIMITIVES[type];
  if (primitive) return primitive(value) ? [] : [`${path}: expected ${type}, got ${typeof value}`];
  const fields = types.get(type);
  if (!fields) return [`${path}: unknown type ${type}`];
  if (typeof value !== "object" || value === null) return [`${path}: expected an object ${type}`];
  return all(types, value as Readonly<Record<string, unknown>>, fields, path);
};

const any = (types: Types, value: unknown, field: Field, path: string): readonly string[] => {
  const faults = field.types.map((type) => one(types, value, type, path));
  const fewest = faults.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return fewest.length > 0 ? fewest : limits(value, field, path);
};

const all = (
  types: Types,
  values: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  path: string,
): readonly string[] => {
  const known = new Map(fields.map((field) => [field.name, field]));
  const missing = fields.filter(({ name, required }) => required && values[name] === undefined);
  const faults = Object.entries(values).flatMap(([name, value]) => {
    const field = known.get(name);
    // A part of the body that another field speaks of as attach://name.
    if (!field) return isUpload(value) ? [] : [`${path}.${name}: unknown field`];
    return value === undefined || value === null ? [] : any(types, value, field, `${path}.${name}`);
  });
  return [...missing.map(({ name }) => `${path}.${name}: is missing`), ...faults];
};

const read = (value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

/** Checks calls against the whole description: unknown methods and fields, missing ones, types, choices, lengths. */
export const checker = ({ methods, types }: Spec) => ({
  knows: (method: string): boolean => methods.has(method),
  /** Every fault of a call. */
  faults: (method: string, values: Readonly<Record<string, unknown>>): readonly string[] =>
    all(types, values, methods.get(method) ?? [], method),
  /** In forms and query strings everything is text: what is no text is read as JSON, as the server does. */
  untext: (method: string, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    const fields = new Map((methods.get(method) ?? []).map((field) => [field.name, field]));
    const isText = (name: string): boolean =>
      fields.get(name)?.types.some((type) => type === "String" || type.startsWith("=")) ?? true;
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === "string" && !isText(name) ? read(value) : value,
      ]),
    );
  },
});

export type Checker = ReturnType<typeof checker>;
