type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown, path: string) => readonly string[];

interface Field {
  readonly required?: boolean;
  readonly check: Check;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const words =
  (most: number, least = 1): Check =>
  (value, path) => {
    if (typeof value !== "string") return [`${path}: expected a string`];
    const fits = value.length >= least && value.length <= most;
    return fits ? [] : [`${path}: ${value.length} characters, allowed are ${least} to ${most}`];
  };
const flag: Check = (value, path) => (typeof value === "boolean" ? [] : [`${path}: expected true or false`]);
const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value, path) =>
    allowed.includes(value) ? [] : [`${path}: expected one of ${allowed.join(", ")}`];

const object =
  (fields: Readonly<Record<string, Field>>): Check =>
  (value, path) => {
    if (!isObject(value)) return [`${path}: expected an object`];
    const missing = Object.entries(fields).filter(([name, { required }]) => required && value[name] === undefined);
    return [
      ...missing.map(([name]) => `${path}.${name}: is missing`),
      ...Object.entries(value).flatMap(([name, inner]) => {
        const field = fields[name];
        return field ? field.check(inner, `${path}.${name}`) : [`${path}.${name}: unknown field`];
      }),
    ];
  };
const list =
  (check: Check, most: number, least = 1): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [`${path}: expected an array`];
    const count = value.length >= least && value.length <= most;
    return [
      ...(count ? [] : [`${path}: ${value.length} items, allowed are ${least} to ${most}`]),
      ...value.flatMap((each, at) => check(each, `${path}[${at}]`)),
    ];
  };
/** An object that says itself what it is. */
const kind =
  (kinds: () => Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    const type = isObject(value) ? String(value.type) : "";
    const check = kinds()[type];
    return check ? check(value, path) : [`${path}: unsupported type "${type}"`];
  };
const must = (check: Check): Field => ({ required: true, check });
const may = (check: Check): Field => ({ check });
const TYPE = must(words(255));
const block = (fields: Readonly<Record<string, Field>>): Check =>
  object({ type: TYPE, block_id: may(words(255)), ...fields });

const plain = (most: number) => object({ type: must(oneOf("plain_text")), text: must(words(most)), emoji: may(flag) });
const mrkdwn = (most: number) => object({ type: must(oneOf("mrkdwn")), text: must(words(most)), verbatim: may(flag) });
const text = (most: number) => kind(() => ({ plain_text: plain(most), mrkdwn: mrkdwn(most) }));
const option = (label: number) =>
  object({ text: must(text(label)), value: must(words(150)), description: may(text(75)) });
const confirm = object({
  ...{ title: must(plain(100)), text: must(text(300)), confirm: must(plain(30)), deny: must(plain(30)) },
  style: may(oneOf("primary", "danger")),
});
const ID = must(words(255));

const ELEMENTS: Readonly<Record<string, Check>> = {
  button: object({
    ...{ type: TYPE, action_id: ID, text: must(plain(75)), value: may(words(2000)), url: may(words(3000)) },
    ...{ style: may(oneOf("primary", "danger")), confirm: may(confirm), accessibility_label: may(words(75)) },
  }),
  overflow: object({ type: TYPE, action_id: ID, options: must(list(option(75), 5)), confirm: may(confirm) }),
};
const INPUTS: Readonly<Record<string, Check>> = {
  plain_text_input: object({
    ...{
      type: TYPE,
      action_id: ID,
      multiline: may(flag),
      placeholder: may(plain(150)),
      initial_value: may(words(3000)),
    },
    ...{ max_length: may(() => []), min_length: may(() => []), focus_on_load: may(flag) },
  }),
  radio_buttons: object({
    ...{ type: TYPE, action_id: ID, options: must(list(option(75), 10)), initial_option: may(option(75)) },
    focus_on_load: may(flag),
  }),
};

const style = object({ bold: may(flag), italic: may(flag), strike: may(flag), code: may(flag) });
const RICH: Readonly<Record<string, Check>> = {
  text: object({ type: TYPE, text: must(words(13_200)), style: may(style) }),
  link: object({ type: TYPE, url: must(words(3000)), text: may(words(13_200)), style: may(style) }),
};
const richSection = object({
  type: TYPE,
  elements: must(
    list(
      kind(() => RICH),
      1_000,
    ),
  ),
});
const RICH_PARTS: Readonly<Record<string, Check>> = {
  rich_text_section: richSection,
  rich_text_quote: richSection,
  rich_text_list: object({
    ...{ type: TYPE, style: must(oneOf("bullet", "ordered")), indent: may(() => []), offset: may(() => []) },
    elements: must(list(richSection, 1_000)),
  }),
};

const BLOCKS: Readonly<Record<string, Check>> = {
  header: block({ text: must(plain(150)) }),
  section: (value, path) => [
    ...block({
      ...{ text: may(text(3000)), fields: may(list(text(2000), 10)), expand: may(flag) },
      accessory: may(kind(() => ELEMENTS)),
    })(value, path),
    ...(isObject(value) && !value.text && !value.fields ? [`${path}: a section needs text or fields`] : []),
  ],
  context: block({ elements: must(list(text(3000), 10)) }),
  actions: block({
    elements: must(
      list(
        kind(() => ELEMENTS),
        25,
      ),
    ),
  }),
  divider: block({}),
  rich_text: block({
    elements: must(
      list(
        kind(() => RICH_PARTS),
        1_000,
      ),
    ),
  }),
};
const INPUT = block({
  ...{ label: must(plain(2000)), element: must(kind(() => INPUTS)), optional: may(flag), hint: may(plain(2000)) },
  dispatch_action: may(flag),
});
const IN_VIEWS = { ...BLOCKS, input: INPUT };

/** Every value of a key, however deep. */
const all = (value: unknown, key: string): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => all(each, key));
  if (!isObject(value)) return [];
  const own = typeof value[key] === "string" ? [value[key]] : [];
  return [...own, ...Object.values(value).flatMap((inner) => all(inner, key))];
};

const repeated = (value: unknown, key: string): readonly string[] => {
  const found = all(value, key);
  return found.filter((each, at) => found.indexOf(each) !== at).map((each) => `${key} "${each}" is used twice`);
};

const ids = (value: unknown): readonly string[] => [...repeated(value, "action_id"), ...repeated(value, "block_id")];

/** What is wrong with the blocks of a message (docs.slack.dev/reference/block-kit). */
export const messageFaults = (blocks: unknown): readonly string[] => [
  ...list(
    kind(() => BLOCKS),
    50,
  )(blocks, "blocks"),
  ...ids(blocks),
];

/** All words of blocks together; some 13,200 are the most (slackapi/bolt-js#2509). */
export const wordsIn = (blocks: unknown): number => all(blocks, "text").reduce((sum, words) => sum + words.length, 0);

const modal = object({
  ...{
    type: TYPE,
    title: must(plain(24)),
    submit: may(plain(24)),
    close: may(plain(24)),
    callback_id: may(words(255)),
  },
  ...{ private_metadata: may(words(3000, 0)), external_id: may(words(255)), notify_on_close: may(flag) },
  ...{
    clear_on_close: may(flag),
    blocks: must(
      list(
        kind(() => IN_VIEWS),
        100,
      ),
    ),
  },
});
const home = object({
  ...{ type: TYPE, callback_id: may(words(255)), private_metadata: may(words(3000, 0)), external_id: may(words(255)) },
  blocks: must(
    list(
      kind(() => IN_VIEWS),
      100,
    ),
  ),
});

/** What is wrong with a window, or with an App Home. */
export const viewFaults = (view: unknown, as: "modal" | "home"): readonly string[] => {
  if (!isObject(view) || view.type !== as) return [`view: expected one of type ${as}`];
  const asks = Array.isArray(view.blocks) && view.blocks.some((each) => isObject(each) && each.type === "input");
  return [
    ...(as === "modal" ? modal : home)(view, "view"),
    ...ids(view),
    ...(as === "modal" && asks && !view.submit ? ["view.submit: is missing, for there is something to fill in"] : []),
  ];
};
