import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A field as the Bot API describes it. */
export interface Field {
  readonly name: string;
  readonly types: readonly string[];
  readonly required: boolean;
  readonly description: string;
}

/** The Bot API as data: every method's parameters, every type's fields. */
export interface Spec {
  readonly methods: ReadonlyMap<string, readonly Field[]>;
  readonly types: ReadonlyMap<string, readonly Field[]>;
}

const folder = "node_modules/@gramio/types/out";

/** The package holds declarations alone, generated from core.telegram.org/bots/api. */
const sourceOf = (name: string): ts.SourceFile =>
  ts.createSourceFile(name, readFileSync(join(folder, name), "utf8"), ts.ScriptTarget.Latest, true);

const describe = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => (typeof comment === "string" ? comment : (comment ?? []).map(({ text }) => text).join("")))
    .join("\n")
    .replace(/\\([_*`[\]().!~>#+=|{}-])/g, "$1");

const bare = (name: string): string => name.replace(/^(Objects|Params)\./, "").replace(/^Telegram(?=[A-Z])/, "");

type Aliases = ReadonlyMap<string, ts.TypeAliasDeclaration>;

const literal = (node: ts.LiteralTypeNode): string =>
  node.literal.kind === ts.SyntaxKind.TrueKeyword ? "True" : `=${node.literal.getText().replace(/["']/g, "")}`;

const FILES = new Set(["File", "Blob", "Promise", "APIMethodParams"]);

const reference = (node: ts.TypeReferenceNode, aliases: Aliases): readonly string[] => {
  const name = node.typeName.getText().replace(/^(Objects|Params)\./, "");
  const [first] = node.typeArguments ?? [];
  if (name === "SoftString" && first) return [...typesOf(first, aliases), "String"];
  if (name === "Exclude" || name === "Extract") return ["String"];
  if (FILES.has(name) || /InputFile$/.test(name)) return ["InputFile"];
  const alias = aliases.get(name);
  return alias && !alias.typeParameters ? typesOf(alias.type, aliases) : [bare(name)];
};

const KEYWORDS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.StringKeyword, "String"],
  [ts.SyntaxKind.NumberKeyword, "Number"],
  [ts.SyntaxKind.BooleanKeyword, "Boolean"],
]);

const typesOf = (node: ts.TypeNode, aliases: Aliases): readonly string[] => {
  if (ts.isUnionTypeNode(node)) return node.types.flatMap((each) => typesOf(each, aliases));
  if (ts.isParenthesizedTypeNode(node)) return typesOf(node.type, aliases);
  if (ts.isTypeOperatorNode(node)) return typesOf(node.type, aliases);
  if (ts.isArrayTypeNode(node)) return typesOf(node.elementType, aliases).map((each) => `[]${each}`);
  if (ts.isLiteralTypeNode(node)) return [literal(node)];
  if (ts.isTypeReferenceNode(node)) return reference(node, aliases);
  const keyword = KEYWORDS.get(node.kind);
  return keyword ? [keyword] : [];
};

const fieldsOf = ({ members }: ts.InterfaceDeclaration, aliases: Aliases): readonly Field[] =>
  members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText().replace(/["']/g, ""),
    types: [...new Set(member.type ? typesOf(member.type, aliases) : [])],
    required: !member.questionToken,
    description: describe(member),
  }));

const read = (): Spec => {
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  const aliases = new Map<string, ts.TypeAliasDeclaration>();
  for (const name of ["objects.d.ts", "params.d.ts"])
    sourceOf(name).forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, node);
      if (ts.isTypeAliasDeclaration(node)) aliases.set(node.name.text, node);
    });
  const methods = new Map<string, readonly Field[]>();
  sourceOf("methods.d.ts").forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== "APIMethods") return;
    for (const member of node.members.filter(ts.isPropertySignature)) {
      const params = /Params\.(\w+)/.exec(member.type?.getText() ?? "")?.[1];
      const found = params === undefined ? undefined : interfaces.get(params);
      methods.set(member.name.getText(), found ? fieldsOf(found, aliases) : []);
    }
  });
  const types = new Map([...interfaces].map(([name, node]) => [bare(name), fieldsOf(node, aliases)]));
  return { methods, types };
};

let known: Spec | null = null;

/** Bot API 10.3, read once a process. */
export const spec = (): Spec => (known ??= read());
