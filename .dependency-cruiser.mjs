/** Who may know whom. Read it top to bottom: each room may use only the rooms named. */
const rooms = {
  domain: [],
  dialogue: ["domain"],
  ports: ["domain", "dialogue"],
  services: ["domain", "dialogue", "ports"],
  html: ["domain", "dialogue"],
  locale: ["domain", "dialogue", "ports"],
  log: ["ports"],
  calendar: ["domain", "ports"],
  keys: ["domain", "dialogue", "ports"],
  ledger: ["domain", "ports"],
  print: ["ports"],
  files: ["domain", "ports"],
  database: ["domain", "ports"],
  queue: ["domain", "ports"],
  metrics: ["domain", "dialogue", "ports"],
  http: ["ports"],
  store: ["domain", "dialogue", "ports"],
  platforms: ["domain", "dialogue", "ports", "html"],
  web: ["domain", "dialogue", "ports", "html"],
  demo: ["domain", "dialogue", "ports", "services", "html"],
  cli: ["domain", "dialogue", "ports", "services"],
};

/** Which rooms own which library. Nobody else may import it. */
const owners = {
  bullmq: ["queue", "database"],
  ioredis: ["queue"],
  "bullmq-otel": ["queue"],
  "@opentelemetry": ["queue"],
  "prom-client": ["metrics"],
  pg: ["database", "store", "queue"],
  "@electric-sql": ["database"],
  "fs-native-extensions": ["database"],
  "@prisma": ["store"],
  hono: ["web"],
  "@hono": ["web"],
  "rate-limiter-flexible": ["web"],
  "csv-parse": ["files"],
  "csv-stringify": ["files"],
  hucre: ["files"],
  yauzl: ["files"],
  yaml: ["files"],
  "tar-stream": ["files"],
  "mdast-util-from-markdown": ["files"],
  "chinese-days": ["calendar"],
  canonicalize: ["ledger"],
  pdfkit: ["print"],
  qrcode: ["print"],
  "intl-messageformat": ["locale"],
  diff: ["locale"],
  pino: ["log"],
  undici: ["http"],
  telegraf: ["platforms/telegram"],
  "@slack": ["platforms/slack"],
  commander: ["cli"],
  ora: ["cli"],
};

const pure = "domain|dialogue|ports|services|html";
const error = (name, from, to) => ({ name, severity: "error", from, to });

export default {
  forbidden: [
    error("no-cycles", {}, { circular: true }),
    error("no-orphans", { orphan: true, path: "^src/", pathNot: "^src/(main\\.ts|web/assets/.*|.*\\.d\\.ts)$" }, {}),
    ...Object.entries(rooms).map(([room, may]) =>
      error(
        `${room}-knows-only-${may.join("-") || "itself"}`,
        { path: `^src/${room}/` },
        { path: "^src/", pathNot: `^src/(${[room, ...may].join("|")})/` },
      ),
    ),
    ...Object.entries(owners).map(([library, at]) =>
      error(
        `only-${at.join("-and-")}-uses-${library.replace(/\W/g, "")}`,
        { path: "^src/", pathNot: `^src/(${at.join("|")})/` },
        { path: `(^|node_modules/)${library}(/|$)` },
      ),
    ),
    error(
      "platforms-are-strangers",
      { path: "^src/platforms/([^/]+)/" },
      { path: "^src/platforms/", pathNot: "^src/platforms/($1/|[^/]+\\.ts$)" },
    ),
    error(
      "pure-rooms-touch-nothing",
      { path: `^src/(${pure})/` },
      { dependencyTypes: ["core", "npm", "npm-dev"], pathNot: "node_modules/(date-fns|@date-fns)/" },
    ),
    error("src-never-imports-tests", { path: "^src/" }, { path: "^test/" }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/store/generated/" },
  },
};
