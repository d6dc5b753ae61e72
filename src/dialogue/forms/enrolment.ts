import type { EnrolmentFacts } from "../../domain/enrolment.ts";
import { type AnswersOf, form } from "../form/form.ts";
import { agreement, confirm, text } from "../form/question.ts";
import { type Phrase, phrase } from "../phrase.ts";
import { LANGUAGE } from "./language.ts";
import { officeWords } from "./office-words.ts";

const PRIVACY = confirm({ yes: phrase("enrol.agree"), no: phrase("enrol.decline") });
const ME = confirm({ yes: phrase("enrol.me.yes"), no: phrase("enrol.me.no") });
const JOIN = agreement(phrase("enrol.join.yes"));
const CHECK = agreement(phrase("enrol.check.yes"));

/** The longest name that an import takes. */
const MOST_NAME = 100;

const office = (facts: EnrolmentFacts): Phrase["values"] => ({ unit: facts.unit, post: officeWords(facts) });

/**
 * Who somebody is, from a good code to their place. Whoever is enrolled already only says that they take the office on; a
 * declined privacy notice ends it, for nothing more is asked.
 */
export const enrolment = form<EnrolmentFacts>("enrolment")
  .askIf("language", (_, { known }) => !known, LANGUAGE, [phrase("enrol.ask.language")])
  .askIf(
    "privacy",
    (_, { known }) => !known,
    PRIVACY,
    (_, { issuer }) => [phrase("enrol.hello", { issuer }), phrase("enrol.privacy")],
  )
  .askIf(
    "me",
    (soFar, { candidate }) => soFar.privacy === true && candidate !== null,
    ME,
    (_, facts) => [phrase("enrol.ask.me", { name: facts.candidate?.name ?? "", ...office(facts) })],
  )
  .askIf(
    "name",
    (soFar, { candidate }) => soFar.privacy === true && (candidate === null || soFar.me === false),
    text({ max: MOST_NAME }),
    (_, facts) => [phrase("enrol.ask.name", office(facts))],
    phrase("enrol.name"),
  )
  .summaryIf(
    "check",
    (soFar) => soFar.name !== undefined,
    CHECK,
    (_, facts) => [phrase("enrol.ask.check", office(facts))],
  )
  .askIf(
    "join",
    (_, { known }) => known,
    JOIN,
    (_, facts) => [phrase("enrol.ask.join", office(facts))],
  );

export type EnrolmentAnswers = AnswersOf<typeof enrolment>;
