import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { openBroker } from "../setup/broker.ts";
import { findPrograms } from "../setup/programs.ts";
import type { Bench, Row } from "./bench.ts";
import { machine } from "./machine.ts";

const say = (line: string): void => console.error(line);

const known = readdirSync(new URL(".", import.meta.url))
  .flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [])
  .sort();

const { positionals, values } = parseArgs({ allowPositionals: true, options: { "at-most": { type: "string" } } });
const unknown = positionals.find((name) => !known.includes(name));
const atMost = Number(values["at-most"] ?? Number.POSITIVE_INFINITY);
if (unknown !== undefined || Number.isNaN(atMost)) {
  say(`npm run bench -- [NAME...] [--at-most SIZE], where a name is one of ${known.join(", ")}`);
  process.exit(2);
}

const written = (value: string | number): string => (typeof value === "number" ? value.toLocaleString("en") : value);

const table = (rows: readonly Row[]): string => {
  const columns = Object.keys(rows[0] ?? {});
  const rules = columns.map((column) => (typeof rows[0]?.[column] === "number" ? "---:" : "---"));
  const cells = rows.map((row) => columns.map((column) => written(row[column] ?? "")));
  return [columns, rules, ...cells].map((line) => `| ${line.join(" | ")} |`).join("\n");
};

const programs = findPrograms();
const close = await openBroker(programs, true);
console.log(`On ${machine(programs)}.`);
try {
  for (const name of positionals.length > 0 ? positionals : known) {
    say(`${name} …`);
    const { bench } = (await import(`./${name}.bench.ts`)) as { bench: Bench };
    const found = await bench.run({ say: (line) => say(`  ${line}`), atMost });
    console.log(`\n### ${name}\n\n${bench.shows}\n\n${typeof found === "string" ? found : table(found)}`);
  }
} finally {
  await close();
}
