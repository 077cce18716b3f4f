/** One of the values that a field may have; `name` says whom or what it stands for. */
export interface Option {
  value: unknown;
  name?: string;
}

type Asks =
  | { is: "choice"; options: Option[] }
  | { is: "number"; whole: boolean; least?: number; most?: number }
  | { is: "text"; least: number; most?: number }
  | { is: "flag" }
  | { is: "unknown" };

/** What a form asks for by one name. */
export type Field = Asks & { name: string; required: boolean; title?: string; description?: string };

type Schema = Record<string, unknown>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** The fields of an answer, from its JSON Schema; what is proposed says who the candidates are. */
export function fieldsOf(form: Schema, proposal?: Schema | null): Field[] {
  if (!isSchema(form.properties)) return [];
  const needed = Array.isArray(form.required) ? form.required : [];
  return Object.entries(form.properties).map(([name, said]) => {
    const schema = resolved(said, form);
    const asks = candidatesFor(schema, proposal) ?? asksOf(schema);
    const { title, description } = schema;
    return { ...asks, name, required: needed.includes(name), title: text(title), description: text(description) };
  });
}

/** A schema without references, and without the null that an optional one allows. */
function resolved(said: unknown, form: Schema, depth = 0): Schema {
  if (!isSchema(said) || depth > 8) return {};
  const { $ref, anyOf, oneOf, allOf, ...own } = said;
  const target = text($ref)?.match(/^#\/\$defs\/(.+)$/)?.[1];
  if (target && isSchema(form.$defs)) return { ...resolved(form.$defs[target], form, depth + 1), ...own };
  const choices = [anyOf, oneOf, allOf].find(Array.isArray)?.filter((one) => !isSchema(one) || one.type !== "null");
  if (choices?.length === 1) return { ...resolved(choices[0], form, depth + 1), ...own };
  if (choices && choices.length > 1) {
    const consts = choices.map((one) => resolved(one, form, depth + 1));
    return consts.every((one) => "const" in one) ? { ...own, enum: consts.map((one) => one.const) } : own;
  }
  return own;
}

function asksOf(schema: Schema): Asks {
  if (Array.isArray(schema.enum)) return { is: "choice", options: schema.enum.map((value) => ({ value })) };
  if ("const" in schema) return { is: "choice", options: [{ value: schema.const }] };
  if (schema.type === "boolean") return { is: "flag" };
  if (schema.type === "integer" || schema.type === "number") {
    const whole = schema.type === "integer";
    const beside = (bound: unknown, step: number) =>
      typeof bound === "number" && whole ? bound + step : number(bound);
    const least = number(schema.minimum) ?? beside(schema.exclusiveMinimum, 1);
    return { is: "number", whole, least, most: number(schema.maximum) ?? beside(schema.exclusiveMaximum, -1) };
  }
  if (schema.type === "string")
    return { is: "text", least: number(schema.minLength) ?? 0, most: number(schema.maxLength) };
  return { is: "unknown" };
}

/** An id is chosen among the candidates that are proposed, by name. */
function candidatesFor(schema: Schema, proposal?: Schema | null): Asks | null {
  if (schema.format !== "uuid" || !Array.isArray(proposal?.candidates)) return null;
  const options = proposal.candidates
    .filter(isSchema)
    .map((one) => ({ value: one.id, name: text(one.fullName) ?? text(one.name) ?? String(one.id) }));
  return { is: "choice", options };
}
