import type { Shelf } from "../shelf.ts";

/** Commands that are processes of their own. */
export const addProcesses = ({ command, words, read, ask }: Shelf): void => {
  command("demo", "cli.demo", "demo", "demo --fresh --locale en")
    .option("--fresh", words("cli.demo.fresh"))
    .option("--port <port>", words("cli.demo.port"), read.port)
    .option("--locale <locale>", words("cli.demo.locale"), read.locale)
    .action(({ fresh = false, port = null, locale = null }) => ask({ kind: "demo", fresh, port, locale }));
  command("serve", "cli.serve", "serve", "serve --roles worker")
    .option("--roles <roles>", words("cli.serve.roles"), read.roles)
    .action(({ roles = ["web", "worker"] }) => ask({ kind: "serve", roles }));
  command("migrate", "cli.migrate", "migrate").action(() => ask({ kind: "migrate" }));
};
