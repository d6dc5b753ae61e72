import type { AnyForm } from "../form/turn.ts";
import { enrolment } from "./enrolment.ts";
import { language } from "./language.ts";

/** Every form by name. */
export const FORMS = { enrolment, language } as const;

export type FormName = keyof typeof FORMS;

/** A form by the name that a draft carries; null for one of another release. What a draft knows, its form understands. */
export const formNamed = (name: string): AnyForm<unknown> | null =>
  Object.hasOwn(FORMS, name) ? (FORMS[name as FormName] as unknown as AnyForm<unknown>) : null;
