/** One series of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) \\S.*$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`);
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\n"])*"';
// prom-client writes "Nan", which Prometheus reads like every other case of it.
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (Na[nN]|[+-]Inf|-?[0-9.]+(?:e[+-]?[0-9]+)?)$`);

const labelsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );

/** Takes the lines of one family: its help, its type, and its samples, each series once. */
const readFamily = ([help = "", typed = "", ...lines]: readonly string[]) => {
  const [, name = ""] = HELP.exec(help) ?? [];
  const [, same, type = ""] = TYPE.exec(typed) ?? [];
  if (name === "" || same !== name) throw new Error(`no family: ${help} / ${typed}`);
  const member = new RegExp(`^${name}${type === "histogram" ? "(_bucket|_sum|_count)" : ""}$`);
  const samples = lines.map((line): Sample => {
    const [, sample = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    if (!member.test(sample)) throw new Error(`no sample of ${name}: ${line}`);
    return { name: sample, labels: labelsOf(labels), value: Number(value.replace("Inf", "Infinity")) };
  });
  const series = new Set(samples.map((sample) => JSON.stringify([sample.name, sample.labels])));
  if (series.size < samples.length) throw new Error(`a series of ${name} comes twice`);
  return { name, type, samples };
};

/**
 * Reads Prometheus' text format 0.0.4, strictly: every family comes once and in one piece, with help and type before its
 * samples. Throws at the first line that is not so.
 */
export const readExposition = (text: string) => {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const lines = text.split("\n").filter((line) => line !== "");
  const starts = lines.flatMap((line, at) => (line.startsWith("# HELP") ? [at] : []));
  if (starts[0] !== 0) throw new Error(`no family: ${lines[0]}`);
  const families = starts.map((start, at) => readFamily(lines.slice(start, starts[at + 1])));
  const types = new Map(families.map(({ name, type }) => [name, type]));
  if (types.size < families.length) throw new Error("a family comes twice");
  return { types, samples: families.flatMap(({ samples }) => samples) };
};
